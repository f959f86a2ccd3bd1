import { randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * Where an engine puts what it does not hold in memory. DuckDB makes the folder when it first spills, for every user of
 * the machine to read, and removes it at the end: it lies in one that is the user's alone, and that stays.
 */
export function spillFolder(): string {
  return join(privateFolder(), `spill-${randomUUID()}`);
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
