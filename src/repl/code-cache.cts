import fs = require("node:fs");
import os = require("node:os");
import path = require("node:path");
import zlib = require("node:zlib");

/**
 * What V8 made of scripts, kept in files so that the next process need not compile them. V8 itself refuses what another
 * version of it made, but neither what is damaged nor what was made of another text of the same length: so each file
 * begins with a checksum of both. Files that are another user's are not read, as what is in them runs.
 */
class CodeCache {
  readonly #folder: string;

  /** Makes the folder. One that is removed while the program runs is not made again: whoever removed it meant to. */
  constructor(folder: string) {
    this.#folder = folder;
    ifFileSystemAllows(() => fs.mkdirSync(folder, { recursive: true, mode: 0o700 }));
  }

  /** Undefined where there is nothing for this source. */
  read(name: string, source: Buffer): Buffer | undefined {
    const bytes = ifFileSystemAllows(() => readOwnFile(path.join(this.#folder, name)));
    if (bytes === undefined || bytes.length < checksumLength) return undefined;
    const code = bytes.subarray(checksumLength);
    return bytes.readUInt32LE(0) === checksum(source, code) ? code : undefined;
  }

  /** Keeps it where the folder can be written. Two processes may do so at once: each renames a file of its own. */
  keep(name: string, source: Buffer, code: Buffer): void {
    const head = Buffer.alloc(checksumLength);
    head.writeUInt32LE(checksum(source, code));
    const file = path.join(this.#folder, name);
    const temporary = `${file}.${process.pid}.tmp`;
    ifFileSystemAllows(() => {
      fs.writeFileSync(temporary, Buffer.concat([head, code]), { mode: 0o600 });
      fs.renameSync(temporary, file);
    });
  }
}

/** Below the cache folder that the store has unless a connection names another, and apart for each kind of Node. */
function codeFolder(): string {
  const xdg = process.env["XDG_CACHE_HOME"];
  const base = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(os.homedir(), ".cache");
  return path.join(base, "stripe-sql", `code-${process.version}-${process.arch}`);
}

const checksumLength = 4;

function checksum(source: Buffer, code: Buffer): number {
  return zlib.crc32(code, zlib.crc32(source));
}

function readOwnFile(file: string): Buffer | undefined {
  const descriptor = fs.openSync(file, "r");
  try {
    const { uid, mode } = fs.fstatSync(descriptor);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? fs.readFileSync(descriptor) : undefined;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Undefined where the system refuses: without a cache the program only starts more slowly. */
function ifFileSystemAllows<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}

export = { CodeCache, codeFolder };
