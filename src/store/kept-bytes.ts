import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, isFileSystemError, makeFolder } from "./cache-folder.js";

export interface KeptBytesOptions {
  /** Default: the user's cache folder. */
  readonly cachePath?: string | undefined;
  /** Default: nothing that was kept is ever removed. */
  readonly room?: KeptRoom | undefined;
  /** Told where what was made cannot be kept in the folder, with the system's error. */
  readonly onUnkept?: ((folder: string, error: NodeJS.ErrnoException) => void) | undefined;
}

/** How much the files of a prefix may take; those that were not read for the longest time go first. */
export interface KeptRoom {
  readonly prefix: string;
  readonly mostBytes: number;
}

/**
 * What takes long to make, kept in files of the cache folder that their owner alone may read. A name says all that the
 * bytes were made from. Two processes may make them at once: each writes a file of its own and renames it into place.
 */
export class KeptBytes {
  readonly #folder: string;
  readonly #room: KeptRoom | undefined;
  readonly #onUnkept: KeptBytesOptions["onUnkept"];

  constructor({ cachePath, room, onUnkept }: KeptBytesOptions = {}) {
    this.#folder = cacheFolder(cachePath);
    this.#room = room;
    this.#onUnkept = onUnkept;
  }

  /** Undefined where there is no such file, or none that can be read. */
  read(name: string): Uint8Array | undefined {
    const file = join(this.#folder, name);
    const bytes = ifFileSystemAllows(() => readFileSync(file));
    const now = new Date();
    if (bytes !== undefined && this.#room !== undefined) ifFileSystemAllows(() => utimesSync(file, now, now));
    return bytes;
  }

  /** Keeps bytes where the folder can be written; the next process makes them anew where it cannot. */
  keep(name: string, bytes: Uint8Array): void {
    const file = join(this.#folder, name);
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      makeFolder(this.#folder);
      writeFileSync(temporary, bytes, { mode: 0o600, flag: "wx" });
      renameSync(temporary, file);
      if (this.#room !== undefined) makeRoom(this.#folder, this.#room);
    } catch (error) {
      if (!isFileSystemError(error)) throw error;
      removeIfThere(temporary);
      this.#onUnkept?.(this.#folder, error);
    }
  }
}

function makeRoom(folder: string, { prefix, mostBytes }: KeptRoom): void {
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix) && !name.endsWith(".tmp"));
  // Another process may have removed it meanwhile.
  const files = names.flatMap((name) => ifFileSystemAllows(() => ({ name, ...statOf(join(folder, name)) })) ?? []);
  let room = mostBytes;
  for (const { name, bytes } of files.sort((a, b) => b.readMs - a.readMs)) {
    room -= bytes;
    if (room < 0) removeIfThere(join(folder, name));
  }
}

function statOf(file: string): { readonly readMs: number; readonly bytes: number } {
  const { mtimeMs, size } = statSync(file);
  return { readMs: mtimeMs, bytes: size };
}

function ifFileSystemAllows<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (isFileSystemError(error)) return undefined;
    throw error;
  }
}

/** Beneath what is no folder there is no file. */
function removeIfThere(file: string): void {
  ifFileSystemAllows(() => rmSync(file, { force: true }));
}
