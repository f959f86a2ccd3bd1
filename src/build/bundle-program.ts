// Run by `npm run build`: makes of the command line's modules, and of the packages that a statement needs, the few files
// of dist/program. A process that opens hundreds takes longer for that than for its statement.
import { rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "rolldown";
import { rolldown } from "rolldown";
import { licenseTexts } from "./license-texts.js";

const dist = fileURLToPath(new URL("..", import.meta.url));
/** As deep as the folders of the modules, so that what they find relative to themselves is found from here too. */
const target = fileURLToPath(new URL("../program", import.meta.url));

/** Packages that are bundled; all others are loaded from where they are installed, most of them only where needed. */
const bundledPackages = [
  ...["commander", "fastest-levenshtein", "lossless-json", "p-limit", "string-width", "stripe", "zod"],
  // What those need.
  ...["ansi-regex", "get-east-asian-width", "strip-ansi", "yocto-queue"],
];

/** Commands that start servers, which load their modules one by one, as their threads and processes do. */
const serverModules: ReadonlySet<string> = new Set(["./run-serve.js", "./print-conformance.js"]);

function isExternal(id: string): boolean {
  if (id.startsWith(".") || id.startsWith("/") || id.startsWith("\0")) return false;
  return !bundledPackages.some((name) => id === name || id.startsWith(`${name}/`));
}

const leaveServers: Plugin = {
  name: "leave-servers",
  resolveId: (id) => (serverModules.has(id) ? { id: `../repl/${id.slice(2)}`, external: true } : undefined),
};

/** What runs the chunks gives them a function for it: see repl/program-chunks.cts. */
const importByFunction: Plugin = {
  name: "import-by-function",
  renderChunk: (code) => code.replaceAll(/\bimport\(/g, "importModule("),
};

const bundle = await rolldown({
  input: { main: fileURLToPath(new URL("../repl/main.js", import.meta.url)) },
  cwd: dist,
  platform: "node",
  external: isExternal,
  plugins: [leaveServers, importByFunction],
});
await rm(target, { recursive: true, force: true });
const { output } = await bundle.write({
  dir: target,
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].cjs",
});
await bundle.close();
await writeFile(new URL("../program/licenses.txt", import.meta.url), await licenseTexts(output));
