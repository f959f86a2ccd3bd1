import fs = require("node:fs");
import nodeModule = require("node:module");
import path = require("node:path");
import url = require("node:url");
import vm = require("node:vm");

/** Where the code of scripts is kept, by name and for one source each. */
interface KeptCode {
  read(name: string, source: Buffer): Buffer | undefined;
  keep(name: string, source: Buffer, code: Buffer): void;
}

interface Chunk {
  exports: unknown;
}

interface FreshCode {
  readonly name: string;
  readonly source: Buffer;
  readonly script: vm.Script;
}

/** What a chunk's code is given: what Node gives a CommonJS module's, and a way to import others. */
const parameters = "exports, require, module, __filename, __dirname, importModule";

type ChunkCode = (...given: readonly unknown[]) => void;

/**
 * Runs a bundle's entry, and the chunks that it asks for, as Node's own loader of CommonJS would, but with the code
 * that V8 made of them in an earlier process. What had to be compiled is kept when the process ends, for by then the
 * functions that were called are compiled too.
 */
function runChunks(folder: string, entry: string, cache: KeptCode): void {
  const chunks = new Map<string, Chunk>();
  const fresh: FreshCode[] = [];
  const installed = nodeModule.createRequire(path.join(folder, entry));
  const require = (id: string): unknown => (/^\.\/[^/]+\.cjs$/.test(id) ? load(id.slice(2)) : installed(id));
  // Code that comes from a cache cannot import modules itself.
  const importModule = (id: string): Promise<unknown> =>
    import(id.startsWith(".") ? url.pathToFileURL(path.join(folder, id)).href : id);
  const load = (name: string): unknown => {
    const known = chunks.get(name);
    if (known !== undefined) return known.exports;
    const chunk: Chunk = { exports: {} };
    chunks.set(name, chunk);
    const filename = path.join(folder, name);
    const source = fs.readFileSync(filename);
    const cachedData = cache.read(name, source);
    const options = cachedData === undefined ? { filename } : { filename, cachedData };
    const script = new vm.Script(`(function (${parameters}) { ${source}\n})`, options);
    if (cachedData === undefined || script.cachedDataRejected === true) fresh.push({ name, source, script });
    // The text is a function's.
    const code = script.runInThisContext() as ChunkCode;
    code.call(chunk.exports, chunk.exports, require, chunk, filename, folder, importModule);
    return chunk.exports;
  };
  process.once("exit", () => {
    for (const { name, source, script } of fresh) cache.keep(name, source, script.createCachedData());
  });
  load(entry);
}

export = { runChunks };
