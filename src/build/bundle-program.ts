import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { OutputChunk, Plugin } from "rolldown";
import { rolldown } from "rolldown";

/** As deep as the folders of the modules, so that what they find relative to themselves is found from here too. */
const target = fileURLToPath(new URL("../program", import.meta.url));

/** Packages that are bundled; all others are loaded from where they are installed, most of them only where needed. */
const bundledPackages = [
  ...["commander", "fastest-levenshtein", "hucre", "lossless-json", "p-limit", "string-width", "stripe", "zod"],
  // What those need.
  ...["ansi-regex", "get-east-asian-width", "strip-ansi", "yocto-queue"],
];

function isExternal(id: string): boolean {
  if (id.startsWith(".") || id.startsWith("/") || id.startsWith("\0")) return false;
  return !bundledPackages.some((name) => id === name || id.startsWith(`${name}/`));
}

/**
 * Modules that are loaded as they are: commands that start servers, whose threads and processes load their modules one
 * by one too, and what is a bundle of its own.
 */
const leftModules: Readonly<Record<string, string>> = {
  "./run-serve.js": "../repl/run-serve.js",
  "./run-studio.js": "../repl/run-studio.js",
  "./print-conformance.js": "../repl/print-conformance.js",
  "./secret-library.js": "../stripe/secret/secret-library.js",
  "./vega-library.js": "../chart/vega-library.js",
};

const leaveModules: Plugin = {
  name: "leave-modules",
  resolveId: (id) => {
    const left = leftModules[id];
    return left === undefined ? undefined : { id: left, external: true };
  },
};

/** What runs the chunks gives them a function for it: see repl/program-chunks.cts. */
const importByFunction: Plugin = {
  name: "import-by-function",
  renderChunk: (code) => code.replaceAll(/\bimport\(/g, "importModule("),
};

/**
 * Makes of the command line's modules, and of the packages that a statement needs, the few files of dist/program: a
 * process that opens hundreds takes longer for that than for its statement.
 */
export async function bundleProgram(): Promise<readonly OutputChunk[]> {
  const bundle = await rolldown({
    input: { main: fileURLToPath(new URL("../repl/main.js", import.meta.url)) },
    platform: "node",
    external: isExternal,
    plugins: [leaveModules, importByFunction],
  });
  await rm(target, { recursive: true, force: true });
  const { output } = await bundle.write({
    dir: target,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
  });
  await bundle.close();
  return output.flatMap((file) => (file.type === "chunk" ? [file] : []));
}
