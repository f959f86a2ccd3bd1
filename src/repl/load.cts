// Apart from what checks the version of Node: some that are too old cannot even read this.

import path = require("node:path");
import codeCache = require("./code-cache.cjs");
import programChunks = require("./program-chunks.cjs");

const { CodeCache, codeFolder } = codeCache;

programChunks.runChunks(path.join(__dirname, "../program"), "main.cjs", new CodeCache(codeFolder()));
