import { expect, test } from "vitest";
import { DuckdbEngine } from "../../../src/execute/duckdb/duckdb-engine.js";
import { MemoryGuard } from "../../../src/execute/duckdb/memory-guard.js";
import { errorOf } from "../../support/scripted-client.js";

const gigabyte = 1e9;

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
