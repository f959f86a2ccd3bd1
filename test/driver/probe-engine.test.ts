import { expect, test } from "vitest";
import { probeEngine } from "../../src/driver/probe-engine.js";
import { SharedEngine } from "../../src/driver/shared-engine.js";
import { DuckdbEngine } from "../../src/execute/duckdb/duckdb-engine.js";
import { errorOf } from "../support/scripted-client.js";

test("a probe finds that the engine has switched itself off, and has it replaced", async () => {
  const shared = new SharedEngine(() => DuckdbEngine.open([], { fileAccess: false }));
  const first = await shared.open();
  const session = await first.session();
  // Behind the engine's back: it learns of it by the next statement.
  await errorOf(session.run({ sql: "SELECT * FROM checkpoint('system')", parameters: [] }));
  await session.close();
  await probeEngine(() => shared.open());
  expect(await shared.open()).not.toBe(first);
  await shared.close();
});

test("an engine that cannot be opened again fails it", async () => {
  const broken = new Error("no engine");
  await expect(probeEngine(() => Promise.reject(broken))).rejects.toBe(broken);
});

test("one whose every turn is taken answers it all the same", async () => {
  const engine = await DuckdbEngine.open([], { fileAccess: false });
  const abort = new AbortController();
  const endless = "SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE (a.range + b.range) % 7 = 1";
  const running = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const session = await engine.session(abort.signal);
      return { session, failure: errorOf(session.runInTurn({ sql: endless, parameters: [] })) };
    }),
  );
  await engine.ask();
  await probeEngine(async () => engine);
  abort.abort();
  for (const { session, failure } of running) {
    await failure;
    await session.close();
  }
  await engine.close();
});
