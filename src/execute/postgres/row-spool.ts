import type { FileHandle } from "node:fs/promises";
import { fullFileError, mostFileBytes, openUnlisted, readBytes, writeBytes } from "./unlisted-file.js";

/** Bytes that a spool keeps in memory before it writes what follows to a file. */
const keptBytes = 8 * 1024 * 1024;

const slowReader = "The client reads more slowly than rows come. Read faster, or ask for fewer rows.";

interface Piece {
  readonly start: number;
  readonly length: number;
}

/**
 * Holds bytes between one that must not wait and one that may be slow: written as they come, read in order, at the same
 * time. The first megabytes stay in memory, the rest in a file of mode 0600 that no folder lists.
 */
export class RowSpool {
  readonly #maxFileBytes: number;
  readonly #held: Uint8Array[] = [];
  readonly #pieces: Piece[] = [];
  #heldBytes = 0;
  #file: FileHandle | undefined;
  #fileBytes = 0;
  #isReading = false;
  #end: { readonly error: unknown } | undefined;
  #isClosed = false;
  #wake: (() => void) | undefined;

  /** @param maxFileBytes What may wait in the file; a result that is read more slowly than it grows fails with 53400. */
  constructor({ maxFileBytes = mostFileBytes }: { readonly maxFileBytes?: number } = {}) {
    this.#maxFileBytes = maxFileBytes;
  }

  /** Takes bytes over; they must not be changed any more. False once nobody reads them. */
  async write(bytes: Uint8Array): Promise<boolean> {
    if (this.#isClosed) return false;
    if (this.#pieces.length === 0 && this.#heldBytes + bytes.length <= keptBytes) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
    } else {
      // What was read to the end makes room again.
      if (this.#pieces.length === 0 && !this.#isReading) this.#fileBytes = 0;
      if (this.#fileBytes + bytes.length > this.#maxFileBytes) throw fullFileError(this.#maxFileBytes, slowReader);
      await this.#writePiece(bytes);
    }
    this.#awake();
    return !this.#isClosed;
  }

  /** Beside a reader who may close meanwhile. */
  async #writePiece(bytes: Uint8Array): Promise<void> {
    const file = this.#file ?? (await openUnlisted());
    this.#file = file;
    if (this.#isClosed) return this.#closeFile();
    const start = this.#fileBytes;
    this.#fileBytes += bytes.length;
    await writeBytes(file, bytes, { start, isGivenUp: () => this.#isClosed });
    if (!this.#isClosed) this.#pieces.push({ start, length: bytes.length });
  }

  /** Nothing more will be written; readers get the error once they have read what was. */
  finish(error?: unknown): void {
    this.#end = { error };
    this.#awake();
  }

  /** The next bytes as they were written; undefined at the end. Waits for them. */
  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const held = this.#held.shift();
      if (held !== undefined) {
        this.#heldBytes -= held.length;
        return held;
      }
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        this.#isReading = true;
        try {
          return await this.#readPiece(piece);
        } finally {
          this.#isReading = false;
        }
      }
      if (this.#end !== undefined) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Gives up what was not read. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#held.length = 0;
    this.#pieces.length = 0;
    await this.#closeFile();
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #readPiece({ start, length }: Piece): Promise<Uint8Array> {
    if (this.#file === undefined) throw new RangeError("a spool's file is read after it was closed");
    return readBytes(this.#file, { start, length });
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
