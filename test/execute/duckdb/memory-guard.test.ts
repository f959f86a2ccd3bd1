import { devNull } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { DuckdbEngine } from "../../../src/execute/duckdb/duckdb-engine.js";
import { engineError } from "../../../src/execute/duckdb/engine-error.js";
import { MemoryGuard } from "../../../src/execute/duckdb/memory-guard.js";
import { errorOf } from "../../support/scripted-client.js";

const gigabyte = 1e9;

afterEach(() => vi.unstubAllEnvs());

/** A guard of a process whose memory the test sets, and what it was told to do. */
function guard(memoryLimit: string, isOwnProcess: boolean) {
  const told: string[] = [];
  let resident = 0.2 * gigabyte;
  const made = new MemoryGuard({
    memoryLimit,
    onExceeded: () => told.push("stop"),
    onExhausted: isOwnProcess ? () => told.push("end") : undefined,
    residentBytes: () => resident,
  });
  return {
    told,
    during: made.during.bind(made),
    at: (gigabytes: number, seconds: number) => {
      resident = gigabytes * gigabyte;
      made.look(seconds * 1000);
      return told.splice(0);
    },
  };
}

test("what runs is stopped past the limit, and the process ends where that does not help", () => {
  const { at } = guard("1GB", true);
  expect(at(2, 0)).toEqual([]);
  expect(at(2.1, 1)).toEqual(["stop"]);
  expect(at(2.1, 10)).toEqual(["stop"]);
  expect(at(2.1, 12)).toEqual(["stop", "end"]);
  expect(at(1, 13)).toEqual([]);
  expect(at(2.1, 14)).toEqual(["stop"]);
  expect(at(3.5, 14)).toEqual(["stop", "end"]);
});

test("in a program's own process the growth since the work began counts, and nothing ends it", async () => {
  const { at, during } = guard("1GiB", false);
  at(5, 0);
  await during(async () => {
    expect(at(7, 1)).toEqual([]);
    expect(at(7.5, 2)).toEqual(["stop"]);
    expect(at(20, 60)).toEqual(["stop"]);
  });
});

test("a statement whose texts outgrow the limit ends with 53200, and the next one runs", async () => {
  const engine = await DuckdbEngine.open([], { fileAccess: false, memoryLimit: "64MB" });
  const hungry = await engine.session();
  const waiting = await engine.session();
  const failure = errorOf(
    hungry.runInTurn({
      sql: "SELECT sum(length(replace(repeat('x', 30000 + range::INT), 'x', repeat('y', 30000)))) FROM range(1)",
      parameters: [],
    }),
  );
  expect(await failure).toMatchObject({ sqlState: "53200", message: "out of memory" });
  await hungry.close();
  // It was not at work.
  for await (const batch of (await waiting.run({ sql: "SELECT 1", parameters: [] })).batches)
    expect(batch).toEqual([[1]]);
  await waiting.close();
  await engine.close();
});

test.each([
  "Failed to append: Failed to commit: could not allocate block of size 256.0 KiB (9.4 MiB/9.5 MiB used)\n\nPossible solutions:",
  "Out of Memory Error: failed to pin block of size 256.0 KiB (57.2 MiB/57.2 MiB used)",
  "Failed to append: Out of Memory Error: failed to allocate data of size 32.0 KiB (8.0 KiB/1000 bytes used)",
])("the engine's own limit is told as such, with the property that raises it: %s", (text) => {
  expect(engineError(new Error(text))).toMatchObject({
    sqlState: "53200",
    message: "out of memory",
    detail: expect.stringMatching(/^(could not allocate block|failed to (pin|allocate)) .* used\)$/),
    hint: "Select fewer rows or shorter values, or raise the property MemoryLimit.",
  });
});

test("without a temporary folder statements run in memory, and one that has no room there names TMPDIR", async () => {
  vi.stubEnv("TMPDIR", join(devNull, "none"));
  const session = await (await DuckdbEngine.open([], { fileAccess: false, memoryLimit: "20MB" })).session();
  const read = async (rows: number) => {
    const sql = `SELECT count(*) FROM (SELECT range::VARCHAR || 'long enough to take room' AS t FROM range(${rows}) ORDER BY t)`;
    for await (const _batch of (await session.runInTurn({ sql, parameters: [] })).batches);
  };
  await read(10);
  expect(await errorOf(read(3_000_000))).toMatchObject({
    sqlState: "53200",
    hint: expect.stringContaining("set TMPDIR"),
  });
  await session.close();
});
