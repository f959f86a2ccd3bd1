import { afterAll, expect, test } from "vitest";
import { DuckdbEngine } from "../../../src/execute/duckdb/duckdb-engine.js";
import { connectSandbox } from "../../support/sandbox-connection.js";
import { errorOf } from "../../support/scripted-client.js";

const engine = await DuckdbEngine.open([], { fileAccess: false });
afterAll(() => engine.close());
const sandbox = connectSandbox({ customers: 5 });

async function value(sql: string): Promise<unknown> {
  const session = await engine.session();
  try {
    const { batches } = await session.run({ sql, parameters: [] });
    for await (const [row] of batches) return row?.[0];
    return undefined;
  } finally {
    await session.close();
  }
}

test.each([
  ["repeat('ab', 3)", "ababab"],
  ["repeat('é', 2)", "éé"],
  ["repeat('x', -1)", ""],
  ["repeat(NULL, 2)", null],
  ["repeat('x', NULL)", null],
  ["repeat([1, 2], 2)", [1, 2, 1, 2]],
  ["REPEAT('x', 1000000).length()", 1_000_000n],
  ["lpad('x', 3, 'y')", "yyx"],
  ["rpad('x', 3, 'y')", "xyy"],
  ["range(3)", [0n, 1n, 2n]],
  ["range(1, 3)", [1n, 2n]],
  ["range(1, 9, 3)", [1n, 4n, 7n]],
  ["generate_series(1, 3)", [1n, 2n, 3n]],
  ["len(range(DATE '2026-01-01', DATE '2026-02-01', INTERVAL 1 DAY))", 31n],
  ["list_resize([1], 2)", [1, null]],
  ["list_resize([1], 2, 7)", [1, 7]],
  ["(SELECT count(*) FROM range(2000000))", 2_000_000n],
  ["(SELECT count(*) FROM repeat('x', 2000000))", 2_000_000n],
])("%s is what it was", async (sql, expected) => expect(await value(`SELECT ${sql}`)).toEqual(expected));

test.each([
  "repeat('x', 1000001)",
  "bitstring('1', 2000000000)",
  "repeat('xx', 9000000000)",
  "repeat(repeat('x', 1000), 1001)",
  "lpad('x', 1000001, 'y')",
  "rpad('x', 1000001, 'y')",
  "range(1000001)",
  "range(-1, 1000001)",
  "generate_series(0, 2000000)",
  "list_resize([1], 400000000)",
  "array_resize([1], 400000000, 1)",
  "\"repeat\"('x', 1000001)",
])("%s is not made", async (sql) => {
  expect(await errorOf(value(`SELECT ${sql}`))).toMatchObject({ sqlState: "54000", message: "a value is too long" });
  expect((await errorOf(value(`SELECT ${sql.replace(")", " + a)")} FROM (SELECT 0 AS a)`))).sqlState).toMatch(
    /^(54000|42883|42804)$/,
  );
});

test.each(["system.main.repeat('x', 2)", "main.repeat('x', 2)", 'system.main."range"(3)'])(
  "%s would pass it by",
  async (call) => expect((await errorOf(sandbox.query(`SELECT ${call}`))).sqlState).toBe("42501"),
);
