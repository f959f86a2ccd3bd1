import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import type { HostileGround } from "./hostile-ground.js";
import { openHostileGround } from "./hostile-ground.js";
import { hostileStatements, ofOwnTables } from "./hostile-statements.js";

const running = connectSandbox({ customers: 20 }, { readOnly: true, fileAccess: false });

let ground: HostileGround;
beforeAll(async () => {
  ground = await openHostileGround();
});
afterAll(() => ground.close());

/** Refused by a connection that only reads before, or after, it is refused for what else it is. */
const isWrite = /^\s*(EXPLAIN\s+)?(INSERT|UPDATE|DELETE|MERGE|COPY|EXEC|CALL)\b/i;

/** A session of one's own has the one setting that there is, and tables; a served one, which is everybody's, none. */
function ofOwnSession(sql: string): readonly string[] {
  if (/^(SET TIME ?ZONE|RESET (TIMEZONE|ALL))\b/i.test(sql)) return ["harmless"];
  return /^(RE)?SET\b/i.test(sql) ? ["42704"] : ofOwnTables(sql);
}

async function outcomeOf(sql: string): Promise<readonly [outcome: string, answer: string]> {
  try {
    const { rows } = await running.query(sql);
    return ["harmless", JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value))];
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    const { sqlState, message, detail, hint } = error;
    return [sqlState, [message, detail, hint].join("\n")];
  }
}

describe.each(Object.entries(hostileStatements))("to a driver that only reads: %s", (_, statements) => {
  test.each(statements)("%j: %s", async (sql, expected) => {
    const placed = ground.place(sql);
    running.sandbox.requests.clear();
    const [outcome, answer] = await outcomeOf(placed);
    // Two statements in a text are run one after the other here.
    const several = expected === "42601" && placed.includes(";") ? ["harmless", "0A000", "25006"] : [];
    expect([expected, ...several, ...ofOwnSession(placed), ...(isWrite.test(placed) ? ["25006"] : [])]).toContain(
      outcome,
    );
    expect(ground.leaks(placed, answer)).toEqual([]);
    expect(running.sandbox.requests.entries.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("nothing was written, no file, and nobody was spoken to; the next statement runs", async () => {
  expect(ground.files()).toEqual(["canary.csv"]);
  expect(ground.connections()).toBe(0);
  expect((await running.query("SELECT count(*) AS n FROM Customer")).rows).toEqual([{ n: 20 }]);
});
