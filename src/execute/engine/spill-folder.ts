import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const open = new Set<string>();

/** A folder for what an engine does not hold in memory, which its owner alone may look into. */
export interface SpillFolder {
  readonly path: string;
  remove(): void;
}

/** DuckDB would make one that every user of the machine may read. It is removed at the process's end at the latest. */
export function makeSpillFolder(): SpillFolder {
  const path = mkdtempSync(join(tmpdir(), "stripe-sql-spill-"));
  if (open.size === 0) process.once("exit", removeAll);
  open.add(path);
  return {
    path,
    remove: () => {
      open.delete(path);
      if (open.size === 0) process.off("exit", removeAll);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function removeAll(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
}
