import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { parseScript } from "../../src/syntax/parse-script.js";
import type { ParsedStatement } from "../../src/syntax/statement.js";

/** Whatever opens or closes a string, a name or a comment, and what looks as if it did. */
const scraps = fc.array(
  fc.constantFrom(
    "'",
    "''",
    '"',
    "`",
    ";",
    "--",
    "/*",
    "*/",
    "$$",
    "$a$",
    "$",
    "\\",
    "E'",
    "e",
    "x'",
    "U&'",
    "\n",
    "\r",
    " ",
    "\u00a0",
    "1",
    "a",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    ":",
    "::",
    "-",
    "/",
    "*",
    "COPY t TO 'f'",
  ),
  { maxLength: 14 },
);

let connection: DuckDBConnection;

beforeAll(async () => {
  const instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
});

afterAll(() => connection.closeSync());

function parsed(text: string): readonly ParsedStatement[] {
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof StripeSqlError) return [];
    throw error;
  }
}

async function statementsIn(sql: string): Promise<number | undefined> {
  try {
    return (await connection.extractStatements(sql)).count;
  } catch {
    return undefined;
  }
}

test("what is one query here is no more than one statement to DuckDB", async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(scraps, async (parts) => {
      for (const statement of parsed(`SELECT 1 ${parts.join("")}`)) {
        const count = statement.unparsed === undefined ? undefined : await statementsIn(statement.unparsed.sql);
        if (count === undefined) continue;
        compared += 1;
        expect(count, JSON.stringify(parts.join(""))).toBe(1);
      }
    }),
    { numRuns: Number(process.env["RUNS"] ?? 2000), seed: Number(process.env["SEED"] ?? 3) },
  );
  expect(compared).toBeGreaterThan(50);
});
