import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Connection, Row } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { Disagreement } from "../support/disagreeing-server.js";
import type { GeneratedSql } from "../support/generated-condition.js";
import { around, comparisonOn, conditionOn, joined } from "../support/generated-condition.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import type { TableSample } from "../support/table-sample.js";
import { sampleTable } from "../support/table-sample.js";
import { disagreeingConnections } from "./disagreeing-connection.js";

const tables = [
  "Customer",
  "Invoice",
  "Subscription",
  "Charge",
  "PaymentIntent",
  "Price",
  "Product",
  "Refund",
  "BalanceTransaction",
  "Payout",
];
const statements = 200;

const running = connectSandbox({ customers: 10 });
const disagreeing = disagreeingConnections(running);
const samples: TableSample[] = [];
let off: Connection;

beforeAll(async () => {
  for (const table of tables) samples.push(await sampleTable(running.connection, table));
  off = await connect({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url, pushdown: false });
  return () => off.close();
});

interface Asked extends GeneratedSql {
  readonly reading: (rows: readonly Row[]) => unknown;
}

const sorted = (rows: readonly Row[]): unknown => rows.map((row) => JSON.stringify(row)).sort();
const inOrder = (rows: readonly Row[]): unknown => rows.map((row) => row["Created"]);

/** Of a condition: rows on the direct way, rows through the engine, a count, and the newest. */
function statementOn(sample: TableSample): fc.Arbitrary<Asked> {
  const filter = comparisonOn(sample);
  const where = fc.oneof(
    filter,
    fc.tuple(filter, filter).map((parts) => joined(parts, " AND ")),
    conditionOn(sample),
  );
  const { table } = sample;
  const newest = fc.nat(9).map((limit) => ({ columns: "Created", tail: ` ORDER BY Created DESC LIMIT ${limit + 1}` }));
  const shapes = fc.oneof(
    fc.constantFrom(
      { columns: "Id", tail: "" },
      { columns: "upper(Id) AS id", tail: "" },
      { columns: "count(*) AS n", tail: "" },
    ),
    newest,
  );
  return fc.tuple(where, shapes).map(([condition, { columns, tail }]) => ({
    ...around(`SELECT ${columns} FROM ${table} WHERE `, condition, tail),
    reading: tail === "" ? sorted : inOrder,
  }));
}

/** What an earlier statement found would have the next one not even ask. */
function forgetDoubts(cachePath: string): void {
  const database = new Database(join(cachePath, "statistics.sqlite"));
  database.exec("DELETE FROM list_doubt");
  database.close();
}

/**
 * Rows in another order matter only where the statement relied on it, and so asked for few. What tells a table's lists
 * apart is sent for the whole table, and no filter of the statement's.
 */
function shouldTell({ kind }: Disagreement, sql: string, [first]: readonly string[]): boolean {
  if (first === undefined || sql.includes("FROM Price")) return false;
  return kind !== "oldest-first" || (sql.includes("ORDER BY") && !first.includes("limit=100"));
}

const servers: readonly (readonly [name: string, planted: Disagreement, seed: number])[] = [
  ["applies no filter", { kind: "ignores-filter" }, 1],
  ["applies filters the wrong way round", { kind: "inverts-filter" }, 2],
  ["gives oldest rows first", { kind: "oldest-first" }, 3],
  ["refuses each filter that need not be sent", { kind: "refuses-filter" }, 4],
];

describe("a server that", () => {
  test.each(servers)("%s is found out, and the answers are right", async (_name, planted, seed) => {
    const { server, connection, cachePath } = await disagreeing([planted]);
    let found = 0;
    const property = fc.asyncProperty(
      fc.constantFrom(...samples).chain(statementOn),
      async ({ sql, parameters, reading }) => {
        forgetDoubts(cachePath);
        server.disagreements.length = 0;
        const { rows, notices } = await connection.query(sql, parameters);
        expect(reading(rows), `${sql} ${JSON.stringify(parameters)}`).toEqual(
          reading((await off.query(sql, parameters)).rows),
        );
        // That of a value which the SDK does not know is told as the value's.
        const told = notices.filter((notice) => /^(Stripe |the SDK knows no )/.test(notice));
        if (shouldTell(planted, sql, server.disagreements)) expect(told, sql).not.toEqual([]);
        found += told.length > 0 ? 1 : 0;
      },
    );
    await fc.assert(property, { numRuns: statements, seed, endOnFailure: true });
    expect(found).toBeGreaterThan(statements / 10);
  });
});
