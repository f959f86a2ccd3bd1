import { existsSync } from "node:fs";
import { KeptWrites } from "./kept-writes.js";
import { openWritesFile, writesFile } from "./writes-file.js";

/** The writes of a cache folder, opened when first needed: most programs never write in bulk. */
export class WritesStore {
  readonly #file: string;
  readonly #now: () => number;
  #opened: KeptWrites | undefined;

  /** @param file ":memory:" for writes that end with the process, as those to its own sandbox do. */
  constructor(file: string, now: () => number = Date.now) {
    this.#file = file;
    this.#now = now;
  }

  static inFolder(cachePath: string | undefined): WritesStore {
    return new WritesStore(writesFile(cachePath));
  }

  now(): number {
    return this.#now();
  }

  /** Throws what the system or SQLite throws where it cannot be written. */
  open(): KeptWrites {
    this.#opened ??= new KeptWrites(openWritesFile(this.#file, this.#now()), this.#now);
    return this.#opened;
  }

  /** Undefined where nothing was ever kept. */
  ifAny(): KeptWrites | undefined {
    if (this.#opened === undefined && (this.#file === ":memory:" || !existsSync(this.#file))) return undefined;
    return this.open();
  }

  close(): void {
    this.#opened?.close();
    this.#opened = undefined;
  }
}
