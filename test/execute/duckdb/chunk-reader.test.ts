import { afterAll, beforeAll, expect, test } from "vitest";
import { DuckdbEngine } from "../../../src/execute/duckdb/duckdb-engine.js";
import type { Cell } from "../../../src/value/cell.js";

let engine: DuckdbEngine;
beforeAll(async () => {
  engine = await DuckdbEngine.open([], { fileAccess: false });
});
afterAll(() => engine.close());

/** Batches of a statement's only column. */
async function* batchesOf(sql: string): AsyncGenerator<readonly (Cell | undefined)[]> {
  const session = await engine.session();
  try {
    for await (const tuples of (await session.run({ sql, parameters: [] })).batches) yield tuples.map(([cell]) => cell);
  } finally {
    await session.close();
  }
}

// Two thousand rows of a megabyte were made into texts at once, for half a minute, though the caller wanted 25 of them.
test("rows that are large are read a few at a time", async () => {
  for await (const cells of batchesOf("SELECT repeat('x', 1000000) FROM range(2000)")) {
    expect(cells.length).toBeLessThanOrEqual(32);
    return;
  }
});

test("others have their turn while large rows are read", async () => {
  let turns = 0;
  const count = () => {
    turns += 1;
    turning = setImmediate(count);
  };
  let turning = setImmediate(count);
  const seen: number[] = [];
  for await (const cells of batchesOf("SELECT repeat('x', 1000000) || i FROM range(400) t(i)")) {
    expect(cells.every((cell) => typeof cell === "string" && cell.length > 1_000_000)).toBe(true);
    seen.push(turns);
  }
  clearImmediate(turning);
  expect(new Set(seen).size).toBeGreaterThan(2);
});

test("rows come all and in their order, and more of them at once where they are small", async () => {
  const batches: (readonly (Cell | undefined)[])[] = [];
  for await (const cells of batchesOf("SELECT i FROM range(50000) t(i) ORDER BY i")) batches.push(cells);
  expect(batches.flat().map(Number)).toEqual(Array.from({ length: 50_000 }, (_, index) => index));
  expect(Math.max(...batches.map(({ length }) => length))).toBeGreaterThan(32);
});
