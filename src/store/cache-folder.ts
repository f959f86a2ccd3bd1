import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The folder named, or else `$XDG_CACHE_HOME/stripe-sql`, or else `~/.cache/stripe-sql`. */
export function cacheFolder(cachePath: string | undefined): string {
  if (cachePath !== undefined) return cachePath;
  const xdg = process.env["XDG_CACHE_HOME"];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
  return join(base, "stripe-sql");
}

/** True where the folder is there now; false where it cannot be made, and a cache has to live in memory. */
export function ensureFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    return true;
  } catch (error) {
    if (isFileSystemError(error)) return false;
    throw error;
  }
}

export function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error;
}
