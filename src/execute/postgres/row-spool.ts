import { randomUUID } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bytes that a spool keeps in memory before it writes what follows to a file. */
const keptBytes = 8 * 1024 * 1024;

interface Piece {
  readonly start: number;
  readonly length: number;
}

/**
 * Holds bytes between one that must not wait and one that may be slow: written as they come, read in order, at the same
 * time. The first megabytes stay in memory, the rest in a file of mode 0600 that no folder lists.
 */
export class RowSpool {
  readonly #held: Uint8Array[] = [];
  readonly #pieces: Piece[] = [];
  #heldBytes = 0;
  #file: FileHandle | undefined;
  #fileBytes = 0;
  #end: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** Takes bytes over; they must not be changed any more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#pieces.length === 0 && this.#heldBytes + bytes.length <= keptBytes) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
    } else {
      this.#file ??= await openUnlisted();
      const start = this.#fileBytes;
      this.#fileBytes += bytes.length;
      await this.#file.write(bytes, 0, bytes.length, start);
      this.#pieces.push({ start, length: bytes.length });
    }
    this.#awake();
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
      if (piece !== undefined) return this.#readPiece(piece);
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
    this.#held.length = 0;
    this.#pieces.length = 0;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #readPiece({ start, length }: Piece): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let read = 0; read < length; ) {
      const { bytesRead } = (await this.#file?.read(bytes, read, length - read, start + read)) ?? { bytesRead: 0 };
      if (bytesRead === 0) throw new RangeError("a spool's file is shorter than what was written to it");
      read += bytesRead;
    }
    return bytes;
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** Its name is taken away at once: whatever becomes of the process, nothing is left. */
async function openUnlisted(): Promise<FileHandle> {
  const path = join(tmpdir(), `stripe-sql-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  await rm(path);
  return file;
}
