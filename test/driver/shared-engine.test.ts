import { expect, test } from "vitest";
import { SharedEngine } from "../../src/driver/shared-engine.js";
import { DuckdbEngine } from "../../src/execute/duckdb/duckdb-engine.js";
import { errorOf } from "../support/scripted-client.js";
import { unhandledRejectionsOf } from "../support/unhandled-rejections.js";

async function endEngine(engine: DuckdbEngine): Promise<void> {
  const session = await engine.session();
  await errorOf(session.run({ sql: "SELECT * FROM checkpoint('system')", parameters: [] }));
  await session.close();
}

// Every later statement of the connection failed, for good.
test("an engine that has switched itself off is replaced once, by whoever needs it next", async () => {
  let opened = 0;
  const shared = new SharedEngine(() => {
    opened += 1;
    return DuckdbEngine.open([], { fileAccess: false });
  });
  const first = await shared.open();
  expect(await shared.open()).toBe(first);
  await endEngine(first);
  const [second, third] = await Promise.all([shared.open(), shared.open()]);
  expect(second).not.toBe(first);
  expect(third).toBe(second);
  expect(opened).toBe(2);
  const session = await second.session();
  for await (const batch of (await session.run({ sql: "SELECT 1", parameters: [] })).batches)
    expect(batch).toEqual([[1]]);
  await session.close();
  await shared.close();
});

test("one that nobody needed is not opened to be closed", async () => {
  const shared = new SharedEngine(() => Promise.reject(new Error("opened")));
  await shared.close();
});

test("one that cannot be closed, once it is replaced, ends nothing else", async () => {
  const failing = { hasEnded: true, close: () => Promise.reject(new Error("it has ended")) };
  const engines = [failing, { hasEnded: false, close: () => Promise.resolve() }];
  const shared = new SharedEngine(async () => engines.shift() as unknown as DuckdbEngine);
  expect(await unhandledRejectionsOf(() => shared.open())).toEqual([]);
  await shared.close();
});
