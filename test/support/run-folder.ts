import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/**
 * Everything that a run of the tests writes stands below one folder, which goes with the run: what is temporary,
 * and the cache and state folders of the tests and of the programs that they start. What a test left behind in the
 * temporary folder fails the run.
 */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "stripe-sql-tests-"));
  // Where the tests run as root, Squid goes on as another user, and must come through to its own folder.
  chmodSync(folder, 0o711);
  const below = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };
  const temporary = below("tmp");
  process.env["TMPDIR"] = temporary;
  process.env["XDG_CACHE_HOME"] = below("cache");
  process.env["XDG_STATE_HOME"] = below("state");
  // The seeded business ends on its sandbox's day; the tests know it as it is on this one.
  process.env["STRIPE_SQL_SANDBOX_START"] = "2026-11-01T00:00:00Z";
  // A run that is ended early takes its folder along too, though its workers may still write there.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
  return () => {
    const left = readdirSync(temporary).filter((name) => !isEmptySpillFolder(join(temporary, name)));
    if (left.length === 0) return;
    // A failure at this point is printed, and alone would leave the status 0.
    process.exitCode = 1;
    throw new Error(`tests left behind in the temporary folder: ${left.join(", ")}`);
  };
}

/** The user's own, in which engines spill, stays; what was spilled does not. */
function isEmptySpillFolder(path: string): boolean {
  return /^stripe-sql-\d+$/.test(basename(path)) && readdirSync(path).length === 0;
}
