import type { FileHandle } from "node:fs/promises";
import { openUnlisted, readBytes, writeBytes } from "../../execute/postgres/unlisted-file.js";

type TextRow = readonly (string | null)[];

/** Rows between two places in the file that are remembered. */
const rowsInBlock = 200;
const bufferedBytes = 256 * 1024;

/** A result's rows in a file without a name, read again from any row on: none of them is held in memory. */
export class ResultFile {
  readonly #file: FileHandle;
  /** Where each block of rows begins. */
  readonly #blocks: number[] = [];
  #pending: string[] = [];
  #pendingBytes = 0;
  #written = 0;
  #rows = 0;
  /** Rows that are in the file and can be read. */
  #stored = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(): Promise<ResultFile> {
    return new ResultFile(await openUnlisted());
  }

  get stored(): number {
    return this.#stored;
  }

  async append(row: TextRow): Promise<void> {
    if (this.#rows % rowsInBlock === 0) this.#blocks.push(this.#written + this.#pendingBytes);
    const line = `${JSON.stringify(row)}\n`;
    this.#pending.push(line);
    this.#pendingBytes += Buffer.byteLength(line);
    this.#rows += 1;
    if (this.#pendingBytes >= bufferedBytes) await this.flush();
  }

  /** Writes what is gathered, so that it can be read. */
  async flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending.join(""));
    this.#pending = [];
    this.#pendingBytes = 0;
    await writeBytes(this.#file, bytes, { start: this.#written });
    this.#written += bytes.length;
    this.#stored = this.#rows;
  }

  /** At most so many rows from one on; fewer where there are no more yet. */
  async read(from: number, count: number): Promise<readonly TextRow[]> {
    const end = Math.min(from + count, this.#stored);
    if (from >= end) return [];
    const block = Math.floor(from / rowsInBlock);
    const start = this.#blocks[block] ?? 0;
    const afterLast = Math.ceil(end / rowsInBlock);
    const stop = Math.min(this.#blocks[afterLast] ?? this.#written, this.#written);
    const bytes = await readBytes(this.#file, { start, length: stop - start });
    const lines = new TextDecoder().decode(bytes).split("\n");
    const skipped = from - block * rowsInBlock;
    return lines.slice(skipped, skipped + end - from).map((line): TextRow => JSON.parse(line));
  }

  /** All rows that are stored, block by block. */
  async *rows(): AsyncGenerator<TextRow> {
    for (let from = 0; from < this.#stored; from += rowsInBlock) yield* await this.read(from, rowsInBlock);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
