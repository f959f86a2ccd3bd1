import { randomUUID } from "node:crypto";
import { closeSync, fchmodSync, fstatSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** The folder named, or else `$XDG_CACHE_HOME/stripe-sql`, or else `~/.cache/stripe-sql`. */
export function cacheFolder(cachePath: string | undefined): string {
  if (cachePath !== undefined) return cachePath;
  const xdg = process.env["XDG_CACHE_HOME"];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
  return join(base, "stripe-sql");
}

/**
 * True where the folder is there now; false where it cannot be made, and a cache has to live in memory. One that is made
 * is its owner's alone.
 */
export function ensureFolder(folder: string): boolean {
  try {
    makeFolder(folder);
    return true;
  } catch (error) {
    if (isFileSystemError(error)) return false;
    throw error;
  }
}

/**
 * The same, with the system's error where it cannot be made. One folder after another: Node's own way tries for ever
 * where the system says of a folder that there is, such as /proc, that it is not there.
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(resolve(folder));
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

/** The system's error where no file can be put into the folder, which is made first. */
export function writeFault(folder: string): NodeJS.ErrnoException | undefined {
  const file = join(folder, `${randomUUID()}.tmp`);
  try {
    makeFolder(folder);
    closeSync(openSync(file, "wx", 0o600));
    rmSync(file);
    return undefined;
  } catch (error) {
    if (isFileSystemError(error)) return error;
    throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (isFileSystemError(error)) return false;
    throw error;
  }
}

/** False where there is no such file; true too where the system does not let this user know. */
export function mayBeThere(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch (error) {
    if (isFileSystemError(error)) return error.code !== "ENOENT" && error.code !== "ENOTDIR";
    throw error;
  }
}

/**
 * Makes a file that its owner alone may read, for SQLite to fill: the files that SQLite puts beside it get its mode. What
 * the system does not allow is left to SQLite, whose error tells more.
 */
export function makePrivate(file: string): void {
  try {
    const descriptor = openSync(file, "a", 0o600);
    try {
      const { mode } = fstatSync(descriptor);
      if ((mode & 0o077) !== 0) fchmodSync(descriptor, 0o600);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
  }
}

export function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error;
}
