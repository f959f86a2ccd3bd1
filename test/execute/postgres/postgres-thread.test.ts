import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SnapshotSource } from "../../../src/execute/postgres/snapshot/snapshot-source.js";
import { PostgresThread } from "../../../src/execute/postgres/worker/postgres-thread.js";
import { compileWithSharedMemory } from "../../../src/execute/postgres/worker/shared-memory-module.js";
import { query } from "../../../src/protocol/frontend-messages.js";
import { KeptBytes } from "../../../src/store/kept-bytes.js";
import { catalogVersion, openCatalog } from "../../../src/store/open-catalog.js";
import { ensureBuilt } from "../../support/built-program.js";
import { errorOf } from "../../support/scripted-client.js";
import { workerFolder } from "./open-engine.js";

const catalog = openCatalog();
const source = new SnapshotSource({ catalog, catalogVersion: catalogVersion(), store: new KeptBytes(), workerFolder });
beforeAll(ensureBuilt);
afterAll(() => catalog.close());

async function start(snapshot: Uint8Array): Promise<PostgresThread> {
  return new PostgresThread({ compiled: await compileWithSharedMemory(), snapshot, workerFolder });
}

describe("a thread", () => {
  it("that ends fails the step under way with 57P01, and each further one", async () => {
    const thread = await start(await source.bytes());
    await thread.ready();
    const answer = await thread.run({ frames: query("SELECT 1"), given: undefined });
    expect(answer).toEqual({ states: "I", failure: undefined, isRefused: false });
    const running = errorOf(thread.run({ frames: query("SELECT pg_sleep(1000)"), given: undefined }));
    await thread.end("it is to end");
    expect(await running).toMatchObject({ sqlState: "57P01", retryable: true, detail: "it is to end" });
    const further = await errorOf(thread.run({ frames: query("SELECT 1"), given: undefined }));
    expect([further.sqlState, thread.hasEnded]).toEqual(["57P01", true]);
  });

  it("never begins on a snapshot that is none", async () => {
    const thread = await start(Uint8Array.from([1, 2, 3]));
    expect((await errorOf(thread.ready())).sqlState).toBe("57P01");
    await thread.end("it is over");
  });
});
