import { createHash, randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { isFileSystemError } from "./cache-folder.js";
import { isGone, thisProcess } from "./process-identity.js";

/**
 * Where an engine puts what it does not hold in memory. DuckDB makes the folder when it first spills, for every user of
 * the machine to read, and removes it at the end: it lies in one that is the user's alone, and that stays. A process that
 * was killed removes nothing: the next one does. Undefined where the system's temporary folder cannot be written: what
 * memory has room for runs all the same.
 */
export function spillFolder(): string | undefined {
  const folder = privateFolderIfAllowed();
  if (folder === undefined) return undefined;
  removeAbandoned(folder);
  const { host, pid, started = "" } = thisProcess();
  return join(folder, `spill-${hashOf(host)}-${pid}-${started}-${randomUUID()}`);
}

function privateFolderIfAllowed(): string | undefined {
  try {
    return privateFolder();
  } catch (error) {
    if (isFileSystemError(error)) return undefined;
    throw error;
  }
}

/** A name that another user has taken is not gone into. */
function privateFolder(): string {
  const folder = join(tmpdir(), `stripe-sql-${userInfo().uid}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const found = lstatSync(folder);
  const isOwn = found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
  const isClosed = process.getuid === undefined || (found.mode & 0o077) === 0;
  return isOwn && isClosed ? folder : mkdtempSync(join(tmpdir(), "stripe-sql-spill-"));
}

/** Takes away what processes of this system have spilled that have ended. What cannot be removed stays. */
function removeAbandoned(folder: string): void {
  const { host, token } = thisProcess();
  for (const name of readdirSync(folder)) {
    const [, hash, pid, started] = /^spill-([\da-f]+)-(\d+)-(\d*)-/.exec(name) ?? [];
    if (hash !== hashOf(host)) continue;
    if (isGone({ host, pid: Number(pid), started: started || undefined, token }))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** A host's name may be long, or hold what no file's name may. */
function hashOf(host: string): string {
  return createHash("sha256").update(host).digest("hex").slice(0, 16);
}
