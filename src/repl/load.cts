// Apart from what checks the version of Node: some that are too old cannot even read an import of this kind.

void import("./main.js");
