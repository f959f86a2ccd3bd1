import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { shareMemory } from "./share-memory.js";

/** The compiled PostgreSQL, and the pages of memory that it begins with. */
export interface SharedMemoryModule {
  readonly module: WebAssembly.Module;
  readonly initialPages: number;
}

/**
 * Compiles PGlite's PostgreSQL for a memory that two threads share: from another thread the flag can then be set by which
 * PostgreSQL cancels a statement itself. Compiled once, for all workers.
 */
export async function compileWithSharedMemory(): Promise<SharedMemoryModule> {
  const folder = dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
  const { bytes, initialPages } = shareMemory(await readFile(join(folder, "pglite.wasm")));
  return { module: await WebAssembly.compile(bytes), initialPages };
}
