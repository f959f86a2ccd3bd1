import { expect, test } from "vitest";
import { DuckdbEngine } from "../../../src/execute/duckdb/duckdb-engine.js";
import { errorOf } from "../../support/scripted-client.js";

const endless = "SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE (a.range + b.range) % 7 = 1";

// Four of them took all of Node's threads: nothing else of the process went on, not even a read of a file.
test("statements that run for long leave threads to others, and those that wait for a turn can be canceled", async () => {
  const engine = await DuckdbEngine.open([], { fileAccess: false });
  const aborts = Array.from({ length: 8 }, () => new AbortController());
  const running = await Promise.all(
    aborts.map(async ({ signal }) => {
      const session = await engine.session(signal);
      return { session, failure: errorOf(session.runInTurn({ sql: endless, parameters: [] })) };
    }),
  );
  const other = await engine.session();
  for await (const batch of (await other.run({ sql: "SELECT 1", parameters: [] })).batches)
    expect(batch).toEqual([[1]]);
  await other.close();
  for (const abort of aborts.reverse()) abort.abort();
  for (const { failure, session } of running) {
    expect(await failure).toMatchObject({ sqlState: "57014" });
    await session.close();
  }
  await engine.close();
});

test("a turn is given on, after a failure too", async () => {
  const engine = await DuckdbEngine.open([], { fileAccess: false });
  const runs = Array.from({ length: 12 }, async (_, index) => {
    const session = await engine.session();
    try {
      if (index % 2 === 0)
        return (await errorOf(session.runInTurn({ sql: "SELECT 'x'::INTEGER", parameters: [] }))).name;
      const { batches } = await session.runInTurn({ sql: `SELECT ${index}`, parameters: [] });
      for await (const [row] of batches) return row?.[0];
      return undefined;
    } finally {
      await session.close();
    }
  });
  expect(await Promise.all(runs)).toEqual(
    Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? "StripeSqlError" : index)),
  );
  await engine.close();
});
