import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, isFileSystemError, makeFolder } from "./cache-folder.js";

export interface KeptBytesOptions {
  /** Default: the user's cache folder. */
  readonly cachePath?: string | undefined;
  /** Told where what was made cannot be kept in the folder, with the system's error. */
  readonly onUnkept?: ((folder: string, error: NodeJS.ErrnoException) => void) | undefined;
}

/**
 * What takes long to make, kept in files of the cache folder that their owner alone may read. A name says all that the
 * bytes were made from. Two processes may make them at once: each writes a file of its own and renames it into place.
 */
export class KeptBytes {
  readonly #folder: string;
  readonly #onUnkept: KeptBytesOptions["onUnkept"];

  constructor({ cachePath, onUnkept }: KeptBytesOptions = {}) {
    this.#folder = cacheFolder(cachePath);
    this.#onUnkept = onUnkept;
  }

  /** Undefined where there is no such file, or none that can be read. */
  read(name: string): Uint8Array | undefined {
    try {
      return readFileSync(join(this.#folder, name));
    } catch (error) {
      if (isFileSystemError(error)) return undefined;
      throw error;
    }
  }

  /** Keeps bytes where the folder can be written; the next process makes them anew where it cannot. */
  keep(name: string, bytes: Uint8Array): void {
    const file = join(this.#folder, name);
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      makeFolder(this.#folder);
      writeFileSync(temporary, bytes, { mode: 0o600, flag: "wx" });
      renameSync(temporary, file);
    } catch (error) {
      if (!isFileSystemError(error)) throw error;
      removeIfThere(temporary);
      this.#onUnkept?.(this.#folder, error);
    }
  }
}

/** Beneath what is no folder there is no file. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
  }
}
