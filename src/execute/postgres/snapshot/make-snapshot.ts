import { parentPort, workerData } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { MemoryFS, PGlite } from "@electric-sql/pglite";
import { showReferences } from "../schema/show-keys.js";
import { startParameters } from "../worker/start-parameters.js";
import type { MakerStart, MessageFromMaker } from "./snapshot-messages.js";

/** Keeps the data folder as it is once the database has been shut down, so that none has to be recovered. */
class KeptFileSystem extends MemoryFS {
  folder: Blob | undefined;

  override async closeFs(): Promise<void> {
    this.folder = await this.dumpTar("data", "none");
    await super.closeFs();
  }
}

/** Segments of the log are files of 16 MB otherwise, of which a snapshot would hold several. */
const initDbParameters = ["--wal-segsize=1"];

/** What no statement reads is left out of the snapshot, and what PostgreSQL's planner reads is found out. */
const tidyUp = [
  "RESET check_function_bodies",
  "UPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname <> 'postgres'",
  "DROP DATABASE template0",
  "DROP DATABASE template1",
  "VACUUM FULL",
  "ANALYZE",
  showReferences,
  "CHECKPOINT",
];

/** The compression that costs the least: whoever boots waits for it to be undone. */
const compression = { level: 1 };

async function makeSnapshot({ statements }: MakerStart): Promise<Uint8Array> {
  const fs = new KeptFileSystem();
  const pg = await PGlite.create({
    fs,
    initDbStartParams: initDbParameters,
    startParams: [...startParameters],
  });
  await pg.exec(["BEGIN", ...statements, "COMMIT"].join(";\n"));
  for (const statement of tidyUp) await pg.exec(statement);
  await pg.close();
  if (fs.folder === undefined) throw new Error("the database was not shut down");
  return gzipSync(new Uint8Array(await fs.folder.arrayBuffer()), compression);
}

function post(message: MessageFromMaker): void {
  parentPort?.postMessage(message);
}

try {
  post({ kind: "made", bytes: Uint8Array.from(await makeSnapshot(workerData as MakerStart)) });
} catch (error) {
  post({ kind: "unmade", reason: String(error) });
}
