import type { PGlite } from "@electric-sql/pglite";
import { MemoryFS } from "@electric-sql/pglite";
import { shareMemory } from "./share-memory.js";

type ModuleOptions = Parameters<MemoryFS["init"]>[1];

/** Where PostgreSQL's own libraries are: plpgsql, the stemmers, the encodings. */
const libraries = "/pglite/lib/postgresql";

/** What is used of the file system in PostgreSQL's memory. */
interface Files {
  readdir(path: string): readonly string[];
  readFile(path: string): Uint8Array;
  writeFile(path: string, bytes: Uint8Array): void;
}

/** Has PGlite, and the libraries that PostgreSQL loads, work in a memory that the main thread sees as well. */
export class SharedMemoryFileSystem extends MemoryFS {
  readonly #memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory) {
    super();
    this.#memory = memory;
  }

  override async init(pg: PGlite, options: ModuleOptions): Promise<{ emscriptenOpts: ModuleOptions }> {
    const { emscriptenOpts } = await super.init(pg, options);
    return { emscriptenOpts: { ...emscriptenOpts, wasmMemory: this.#memory } };
  }

  /** PGlite's files are there by now, and PostgreSQL has not begun. */
  override async initialSyncFs(): Promise<void> {
    await super.initialSyncFs();
    const files = this.pg?.Module.FS as Files | undefined;
    if (files === undefined) throw new Error("PGlite has no files");
    const names = files.readdir(libraries).filter((name) => name.endsWith(".so"));
    for (const path of names.map((name) => `${libraries}/${name}`)) {
      files.writeFile(path, shareMemory(files.readFile(path)).bytes);
    }
  }
}
