import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection, Row } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 60 });

/** Tables of the generated statements, with the columns that their conditions name. */
const tables = {
  Customer: ["Email", "Name", "Created", "Balance", "Delinquent", "AddressCountry"],
  Invoice: ["Status", "Customer", "Created", "AmountDue", "CollectionMethod", "DueDate"],
  Subscription: ["Status", "Customer", "Created", "CancelAtPeriodEnd", "CollectionMethod"],
  Charge: ["Status", "Customer", "Created", "Amount", "Paid", "Refunded", "PaymentIntent"],
  PaymentIntent: ["Status", "Customer", "Created", "Amount", "Currency"],
  Product: ["Active", "Name", "Created", "Description"],
  Price: ["Active", "Product", "Currency", "Type", "UnitAmount", "Created"],
  Refund: ["Charge", "Status", "Reason", "Created", "Amount"],
  Dispute: ["Status", "Reason", "Charge", "Created"],
  BalanceTransaction: ["Type", "Currency", "Created", "Source", "Net"],
  Payout: ["Status", "ArrivalDate", "Created", "Amount", "Automatic"],
  Quote: ["Status", "Customer", "Created"],
  InvoiceItem: ["Customer", "Invoice", "Amount"],
  PaymentMethod: ["Customer", "Type", "Created"],
  Coupon: ["Created", "PercentOff", "Valid"],
  PromotionCode: ["Code", "Active", "Created"],
} as const;

type TableName = keyof typeof tables;

let off: Connection;
let engine: Connection;
const samples = new Map<TableName, readonly Row[]>();

beforeAll(async () => {
  const target = { apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url };
  off = await connect({ ...target, pushdown: false });
  engine = await connect({ ...target, directWay: false });
  for (const [table, columns] of Object.entries(tables)) {
    const { rows } = await running.query(`SELECT Id, ${columns.join(", ")} FROM ${table}`);
    samples.set(table as TableName, rows);
  }
});

afterAll(async () => {
  await off.close();
  await engine.close();
});

const literalOf = (value: unknown): string => {
  if (value === null || value === undefined) return "NULL";
  if (value instanceof Date) return `'${value.toISOString()}'`;
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
};

const shiftsMs = [0, 1000, -1000, 500, -500];
const steps = [0, 1, -1];

/** A value of the column as it stands in the data, or one that just misses it. */
function nearMiss(value: unknown, variant: number): string {
  if (value instanceof Date) {
    const shifted = new Date(value.getTime() + (shiftsMs[variant % shiftsMs.length] ?? 0));
    return literalOf(shifted);
  }
  if (typeof value === "number") return String(value + (steps[variant % steps.length] ?? 0));
  if (typeof value === "string" && variant % 5 === 1) return literalOf(value.toUpperCase());
  return variant % 11 === 7 ? "NULL" : literalOf(value);
}

const condition = (table: TableName): fc.Arbitrary<string> => {
  const columns: readonly string[] = tables[table];
  const value = fc.tuple(fc.nat(), fc.nat()).map(([row, variant]) => (column: string): string => {
    const rows = samples.get(table) ?? [];
    return nearMiss(rows[row % Math.max(1, rows.length)]?.[column], variant);
  });
  const column = fc.constantFrom(...columns, "Id");
  const isText = (name: string): boolean => (samples.get(table) ?? []).some((row) => typeof row[name] === "string");
  const leaf = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(column, value).map(([name, of]) => `${name} = ${of(name)}`) },
    fc
      .tuple(column, fc.constantFrom("<", "<=", ">", ">=", "<>"), value)
      .map(([name, operator, of]) => `${name} ${operator} ${of(name)}`),
    fc
      .tuple(column, value, value, value)
      .map(([name, a, b, c]) => `${name} IN (${[a, b, c].map((of) => of(name)).join(", ")})`),
    fc.tuple(column, value, value).map(([name, a, b]) => `${name} BETWEEN ${a(name)} AND ${b(name)}`),
    column.map((name) => `${name} IS NULL`),
    fc
      .tuple(column, value)
      .map(([name, of]) => (isText(name) ? `${name} LIKE substr(${of(name)}, 1, 3) || '%'` : `${name} IS NOT NULL`)),
  );
  return fc.letrec<{ clause: string }>((tie) => ({
    clause: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      fc.tuple(tie("clause"), tie("clause")).map(([a, b]) => `(${a} AND ${b})`),
      fc.tuple(tie("clause"), tie("clause")).map(([a, b]) => `(${a} OR ${b})`),
      tie("clause").map((a) => `NOT (${a})`),
    ),
  })).clause;
};

const idsOf = async (connection: Connection, sql: string): Promise<readonly unknown[]> =>
  (await connection.query(sql)).rows.map((row) => row["Id"]).sort();

const names = Object.keys(tables) as TableName[];
const runs = Math.ceil(1000 / names.length);

describe("pushdown on, pushdown off and no direct way agree", () => {
  test.each(names)("on %s", async (table) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constant(null).chain(() => condition(table)),
        async (where) => {
          const sql = `SELECT Id FROM ${table} WHERE ${where}`;
          const expected = await idsOf(off, sql);
          expect(await idsOf(running.connection, sql)).toEqual(expected);
          expect(await idsOf(engine, sql)).toEqual(expected);
        },
      ),
      { numRuns: runs, seed: 20261101 },
    );
  });

  test.each(["Customer", "Charge", "Invoice", "Subscription"] as const)(
    "under ORDER BY Created DESC LIMIT on %s",
    async (table) => {
      await fc.assert(
        fc.asyncProperty(
          fc.constant(null).chain(() => condition(table)),
          fc.integer({ min: 1, max: 12 }),
          async (where, limit) => {
            const sql = `SELECT Id, Created FROM ${table} WHERE ${where} ORDER BY Created DESC LIMIT ${limit}`;
            const times = async (connection: Connection) =>
              (await connection.query(sql)).rows.map((row) => (row["Created"] as Date).getTime());
            expect(await times(running.connection)).toEqual(await times(off));
          },
        ),
        { numRuns: 20, seed: 7 },
      );
    },
  );

  test("adding a condition never adds rows", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constant(null).chain(() => fc.tuple(condition("Invoice"), condition("Invoice"))),
        async ([first, second]) => {
          const wide = new Set(await idsOf(running.connection, `SELECT Id FROM Invoice WHERE ${first}`));
          const narrow = await idsOf(running.connection, `SELECT Id FROM Invoice WHERE (${first}) AND (${second})`);
          expect(narrow.filter((id) => !wide.has(id))).toEqual([]);
        },
      ),
      { numRuns: 40, seed: 11 },
    );
  });
});
