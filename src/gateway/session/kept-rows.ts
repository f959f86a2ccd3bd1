import type { FileHandle } from "node:fs/promises";
import {
  fullFileError,
  mostFileBytes,
  openUnlisted,
  readBytes,
  writeBytes,
} from "../../execute/postgres/unlisted-file.js";
import type { DataRows } from "./data-rows.js";
import { reversedRows, splitRows } from "./data-rows.js";

/** Bytes that stay in memory before a file takes what follows. */
const keptBytes = 256 * 1024;

interface Block {
  /** Number of its first row, from 0 on. */
  readonly first: number;
  readonly count: number;
  /** In the file where they are not here. */
  readonly bytes: Uint8Array | undefined;
  readonly start: number;
  readonly length: number;
}

/** The rows that a cursor has read, so that it can go back: the first in memory, the others in a file that no folder lists. */
export class KeptRows {
  readonly #blocks: Block[] = [];
  readonly #maxFileBytes: number;
  #count = 0;
  #heldBytes = 0;
  #fileBytes = 0;
  #file: FileHandle | undefined;

  /** @param maxFileBytes What the file may hold; a result that is larger fails with 53400. */
  constructor({ maxFileBytes = mostFileBytes }: { readonly maxFileBytes?: number } = {}) {
    this.#maxFileBytes = maxFileBytes;
  }

  get count(): number {
    return this.#count;
  }

  async add({ bytes, count }: DataRows): Promise<void> {
    const length = bytes.length;
    if (this.#file === undefined && this.#heldBytes + length <= keptBytes) {
      this.#heldBytes += length;
      // Where it comes from may be larger, and used again.
      this.#blocks.push({ first: this.#count, count, bytes: bytes.slice(), start: 0, length });
    } else {
      if (this.#fileBytes + length > this.#maxFileBytes) throw fullFileError(this.#maxFileBytes, tooMany);
      this.#file ??= await openUnlisted();
      const start = this.#fileBytes;
      await writeBytes(this.#file, bytes, { start });
      this.#fileBytes += length;
      this.#blocks.push({ first: this.#count, count, bytes: undefined, start, length });
    }
    this.#count += count;
  }

  /** Rows from one number on to before another. */
  async *forward(from: number, end: number): AsyncGenerator<DataRows> {
    for (let at = from; at < end; ) {
      const block = this.#blockOf(at);
      const upTo = Math.min(end, block.first + block.count);
      yield await this.#rows(block, at, upTo);
      at = upTo;
    }
  }

  /** Rows from before one number back to another, the last of them first. */
  async *backward(end: number, to: number): AsyncGenerator<DataRows> {
    for (let at = end; at > to; ) {
      const block = this.#blockOf(at - 1);
      const downTo = Math.max(to, block.first);
      yield reversedRows(await this.#rows(block, downTo, at));
      at = downTo;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#blocks.length = 0;
    await file?.close();
  }

  async #rows(block: Block, from: number, end: number): Promise<DataRows> {
    const { first, count, start, length } = block;
    if (block.bytes === undefined && this.#file === undefined)
      throw new RangeError("rows are read after they were closed");
    const bytes = block.bytes ?? (this.#file && (await readBytes(this.#file, { start, length }))) ?? new Uint8Array(0);
    const [, behind] = splitRows({ bytes, count }, from - first);
    return splitRows(behind ?? { bytes: new Uint8Array(0), count: 0 }, end - from)[0];
  }

  #blockOf(row: number): Block {
    let [low, high] = [0, this.#blocks.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#blocks[middle]?.first ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const block = this.#blocks[low];
    if (block === undefined) throw new RangeError(`there is no row ${row}`);
    return block;
  }
}

const tooMany = "A cursor with SCROLL keeps all rows that it has read. Declare it without, or ask for fewer rows.";
