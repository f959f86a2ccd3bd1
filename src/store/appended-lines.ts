import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";

/** A pipe that nobody reads fails at once, instead of being waited for. */
const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/**
 * Lines at the end of a file, which several processes may append to at once: each line is written by one call of the
 * system, and is on the disk when that resolves. A file that is made is its owner's alone.
 */
export class AppendedLines {
  readonly #file: FileHandle;
  /** Lines that could not be written yet: they go before the next. */
  readonly #waiting: string[] = [];
  #isTorn = false;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Fails as the system does where nothing can be appended to the file. */
  static async open(path: string): Promise<AppendedLines> {
    const file = await open(path, appending, 0o600);
    try {
      if (!(await file.stat()).isFile()) throw new Error(`${path} is not a file`);
      return new AppendedLines(file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Fails where it cannot be written: the line is then tried again with the next. */
  append(line: string): Promise<void> {
    this.#waiting.push(line);
    const written = this.#writing.catch(() => undefined).then(() => this.#write());
    this.#writing = written;
    return written;
  }

  /** Lines that are not on the disk. */
  get missing(): number {
    return this.#waiting.length;
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#file.close();
  }

  async #write(): Promise<void> {
    // Whoever came before may have written all.
    if (this.#waiting.length === 0) return;
    const lines = [...this.#waiting];
    const bytes = Buffer.from(`${this.#isTorn ? "\n" : ""}${lines.join("\n")}\n`);
    const { bytesWritten } = await this.#file.write(bytes);
    // A disk that is full takes what it can: the rest of the line is then missing.
    this.#isTorn = bytesWritten < bytes.length && bytesWritten > 0;
    if (bytesWritten < bytes.length) throw new Error(`only ${bytesWritten} of ${bytes.length} bytes were written`);
    await this.#file.sync();
    this.#waiting.splice(0, lines.length);
  }
}
