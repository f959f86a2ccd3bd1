import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { chmod, chown, lstat, open, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** A file that is being written. */
export interface OutputFile {
  readonly file: FileHandle;
  /** All is written: the text takes its place. */
  keep(): Promise<void>;
  /** What was written is given up where it can be. */
  giveUp(): Promise<void>;
}

/** True for the names of a program's own output. */
export const isStandardOutput = (path: string): boolean => path === "-" || path === "/dev/stdout";

/**
 * Opens what a path names for writing. A regular file is replaced whole or not at all: the text collects in a
 * neighbour, which takes the file's name, mode and owner at the end; a link stays and its target is replaced. What
 * cannot be replaced is written through: a device, a pipe, a file with further names, one whose folder is closed.
 */
export async function openOutputFile(path: string): Promise<OutputFile> {
  const existing = await statIfThere(path);
  if (existing !== undefined && !existing.isFile()) return writtenThrough(await open(path, "a"));
  if (existing !== undefined && existing.nlink > 1) return writtenThrough(await open(path, "w"));
  const target = await linkTarget(path);
  const partialPath = partialFile(target);
  try {
    return replaced({ target, partialPath, existing, file: await open(partialPath, "wx") });
  } catch (error) {
    if (existing === undefined || !isRefused(error)) throw error;
    return writtenThrough(await open(path, "w"));
  }
}

/** A name beside the file, on the same file system, that nobody else uses. */
function partialFile(path: string): string {
  return `${path}.partial-${randomUUID().slice(0, 8)}`;
}

interface Replacement {
  readonly target: string;
  readonly partialPath: string;
  readonly existing: Stats | undefined;
  readonly file: FileHandle;
}

async function replaced({ target, partialPath, existing, file }: Replacement): Promise<OutputFile> {
  return {
    file,
    async keep() {
      await file.close();
      if (existing !== undefined) await takeOver(partialPath, existing);
      await rename(partialPath, target);
    },
    async giveUp() {
      await file.close();
      await rm(partialPath, { force: true });
    },
  };
}

/** The owner first: changing it may take bits of the mode away. Only root can give a file to others. */
async function takeOver(path: string, { uid, gid, mode }: Stats): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, uid, gid);
  await chmod(path, mode & 0o7777);
}

function writtenThrough(file: FileHandle): OutputFile {
  return { file, keep: () => file.close(), giveUp: () => file.close() };
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** The file that a path leads to, which may be still to come where a link points to it. */
async function linkTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    const link = await lstat(path).catch(() => undefined);
    return link?.isSymbolicLink() === true ? linkTarget(resolve(dirname(path), await readlink(path))) : path;
  }
}

const isRefused = (error: unknown): boolean => ["EACCES", "EPERM", "EROFS"].some((code) => isErrno(error, code));

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
