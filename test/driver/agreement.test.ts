import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Connection, Row } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { GeneratedSql } from "../support/generated-condition.js";
import { around, comparisonOn, conditionOn, joined } from "../support/generated-condition.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import type { TableSample } from "../support/table-sample.js";
import { sampleTable } from "../support/table-sample.js";

const tables = [
  "Customer",
  "Invoice",
  "Subscription",
  "Charge",
  "PaymentIntent",
  "Product",
  "Price",
  "Refund",
  "Dispute",
  "BalanceTransaction",
  "Payout",
  "Quote",
  "InvoiceItem",
  "PaymentMethod",
  "Coupon",
  "PromotionCode",
  "CreditNote",
  "Event",
  "InvoicePayment",
  "CheckoutSession",
  "Topup",
  "SetupIntent",
  "v2.Event",
  "v2.Transaction",
  "charges",
];
const clauses = 1000;

const running = connectSandbox({ customers: 60 });
const samples = new Map<string, TableSample>();
let others: readonly { readonly mode: string; readonly connection: Connection }[] = [];

beforeAll(async () => {
  const target = { apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url };
  others = [
    { mode: "pushdown off", connection: await connect({ ...target, pushdown: false }) },
    { mode: "direct way off", connection: await connect({ ...target, directWay: false }) },
  ];
  for (const table of tables) samples.set(table, await sampleTable(running.connection, table));
  return async () => {
    for (const { connection } of others) await connection.close();
  };
});

function sampleOf(table: string): TableSample {
  const sample = samples.get(table);
  if (sample === undefined) throw new RangeError(`no sample of ${table}`);
  return sample;
}

async function momentsOf(table: string, column: string): Promise<readonly Date[]> {
  const { rows } = await running.query(`SELECT DISTINCT ${column} AS moment FROM ${table} WHERE ${column} IS NOT NULL`);
  return rows.map((row) => new Date(String(row["moment"])));
}

type Reading = (rows: readonly Row[]) => unknown;

const wholeRows: Reading = (rows) => rows.map((row) => JSON.stringify(row)).sort();
const firstColumn: Reading = (rows) => rows.map((row) => Object.values(row)[0]);

/** Runs a statement in every mode; each must give what the first gives, an error among them. */
async function expectAgreement({ sql, parameters }: GeneratedSql, reading: Reading = wholeRows): Promise<void> {
  const run = async (connection: Connection): Promise<unknown> => {
    const { rows } = await connection.query(sql, parameters);
    return reading(rows);
  };
  const found = await run(running.connection);
  for (const { mode, connection } of others) {
    expect(await run(connection), `${mode}: ${sql} ${JSON.stringify(parameters)}`).toEqual(found);
  }
}

const bounds = fc.record({ limit: fc.nat(12), offset: fc.constantFrom(0, 0, 0, 1, 5, 120) });
const boundsSql = ({ limit, offset }: { readonly limit: number; readonly offset: number }): string =>
  ` LIMIT ${limit}${offset === 0 ? "" : ` OFFSET ${offset}`}`;

describe("pushdown on, pushdown off and no direct way agree", () => {
  test.each(tables)("on conditions over %s", async (table) => {
    const condition = fc.oneof(conditionOn(sampleOf(table)), comparisonOn(sampleOf(table)));
    await fc.assert(
      fc.asyncProperty(condition, (where) => expectAgreement(around(`SELECT Id FROM ${table} WHERE `, where, ""))),
      { numRuns: Math.ceil(clauses / tables.length), seed: 20_261_101 },
    );
  });

  test.each([
    ["Customer", "Created"],
    ["Invoice", "DueDate"],
    ["Payout", "ArrivalDate"],
    ["v2.Event", "Created"],
  ])("on every bound at, before and after a row's moment in %s.%s", async (table, column) => {
    const moment = (await momentsOf(table, column)).at(1);
    if (moment === undefined) throw new Error(`${table}.${column} holds fewer than two times`);
    for (const operator of ["=", "<", "<=", ">", ">="]) {
      for (const shiftMs of [-1000, -500, -1, 0, 1, 500, 1000]) {
        const parameters = [new Date(moment.getTime() + shiftMs)];
        await expectAgreement({ sql: `SELECT Id FROM ${table} WHERE ${column} ${operator} ?`, parameters });
      }
    }
  });

  test.each(["Customer", "Charge", "Invoice", "Subscription", "PaymentIntent", "BalanceTransaction"])(
    "on the newest of %s",
    async (table) => {
      await fc.assert(
        fc.asyncProperty(conditionOn(sampleOf(table)), bounds, (where, page) =>
          expectAgreement(
            // Rows of one second have no order among them.
            around(`SELECT Created FROM ${table} WHERE `, where, ` ORDER BY Created DESC${boundsSql(page)}`),
            firstColumn,
          ),
        ),
        { numRuns: 20, seed: 2 },
      );
    },
  );

  test.each(["Customer", "Charge", "Invoice"])("on pages of %s in another order", async (table) => {
    const sample = sampleOf(table);
    const order = fc.constantFrom(...sample.columns.map(({ name }) => name));
    const direction = fc.constantFrom("", " DESC", " DESC NULLS LAST");
    await fc.assert(
      fc.asyncProperty(conditionOn(sample), order, direction, bounds, (where, column, way, page) =>
        expectAgreement(
          around(`SELECT Id FROM ${table} WHERE `, where, ` ORDER BY ${column}${way}, Id${boundsSql(page)}`),
          firstColumn,
        ),
      ),
      { numRuns: 20, seed: 3 },
    );
  });

  test.each(["inner", "left", "right", "full", "semi", "anti"])("on conditions of a %s join", async (kind) => {
    const on = conditionOn(sampleOf("Charge"), "ch");
    const onCustomer = conditionOn(sampleOf("Customer"), "c");
    const where = kind === "semi" || kind === "anti" ? onCustomer : fc.oneof(onCustomer, on);
    const selected = kind === "semi" || kind === "anti" ? "c.Id" : "c.Id, ch.Id AS Charge";
    await fc.assert(
      fc.asyncProperty(fc.oneof(on, onCustomer), where, (joining, filtering) => {
        const join = around(
          `SELECT ${selected} FROM Customer c ${kind} JOIN Charge ch ON ch.Customer = c.Id AND `,
          joining,
          "",
        );
        return expectAgreement(joined([join, filtering], "WHERE"));
      }),
      { numRuns: 15, seed: 4 },
    );
  });

  test.each(["UNION", "EXCEPT", "INTERSECT ALL"])("on %s of two conditions", async (operator) => {
    const part = conditionOn(sampleOf("Invoice")).map((where) => around("SELECT Id FROM Invoice WHERE ", where, ""));
    await fc.assert(
      fc.asyncProperty(part, part, (left, right) => expectAgreement(joined([left, right], operator))),
      { numRuns: 15, seed: 5 },
    );
  });

  test.each(["Customer IN (SELECT Id", "EXISTS (SELECT 1", "Customer NOT IN (SELECT Id"])(
    "on conditions within %s …)",
    async (opening) => {
      const correlation = opening.startsWith("EXISTS") ? "c.Id = i.Customer AND " : "";
      await fc.assert(
        fc.asyncProperty(
          conditionOn(sampleOf("Invoice"), "i"),
          conditionOn(sampleOf("Customer"), "c"),
          (outer, inner) => {
            const subquery = around(`${opening} FROM Customer c WHERE ${correlation}(`, inner, "))");
            return expectAgreement(around("SELECT i.Id FROM Invoice i WHERE ", joined([outer, subquery], "AND"), ""));
          },
        ),
        { numRuns: 15, seed: 6 },
      );
    },
  );
});

const idsOf = async ({ sql, parameters }: GeneratedSql): Promise<readonly unknown[]> =>
  (await running.query(sql, parameters)).rows.map((row) => row["Id"]);

describe("whatever the condition", () => {
  test.each(["Customer", "Charge", "Invoice", "Subscription", "Price"])(
    "another one adds no rows of %s",
    async (table) => {
      const condition = conditionOn(sampleOf(table)).map((where) => around("(", where, ")"));
      await fc.assert(
        fc.asyncProperty(condition, condition, async (wide, more) => {
          const all = new Set(await idsOf(around(`SELECT Id FROM ${table} WHERE `, wide, "")));
          const narrow = await idsOf(around(`SELECT Id FROM ${table} WHERE `, joined([wide, more], "AND"), ""));
          expect(narrow.filter((id) => !all.has(id))).toEqual([]);
        }),
        { numRuns: 20, seed: 7 },
      );
    },
  );

  test.each(["Customer", "Charge", "Invoice", "Subscription", "Price"])(
    "each row of %s satisfies it, its contrary, or neither for a NULL",
    async (table) => {
      const total = (await idsOf({ sql: `SELECT Id FROM ${table}`, parameters: [] })).length;
      await fc.assert(
        fc.asyncProperty(conditionOn(sampleOf(table)), async (where) => {
          const counts = ["", "NOT ", "NULL IS NOT DISTINCT FROM "].map(async (before) => {
            const found = await idsOf(around(`SELECT Id FROM ${table} WHERE ${before}(`, where, ")"));
            return found.length;
          });
          const [holds = 0, fails = 0, unknown = 0] = await Promise.all(counts);
          expect(holds + fails + unknown).toBe(total);
        }),
        { numRuns: 15, seed: 8 },
      );
    },
  );

  test.each(["Customer", "Charge", "Invoice"])(
    "LIMIT gives that many of the rows of %s that satisfy it",
    async (table) => {
      await fc.assert(
        fc.asyncProperty(conditionOn(sampleOf(table)), bounds, async (where, page) => {
          const select = around(`SELECT Id FROM ${table} WHERE `, where, "");
          const all = new Set(await idsOf(select));
          const limited = await idsOf(around("", select, boundsSql(page)));
          expect(new Set(limited).size).toBe(Math.max(0, Math.min(page.limit, all.size - page.offset)));
          expect(limited.filter((id) => !all.has(id))).toEqual([]);
        }),
        { numRuns: 20, seed: 9 },
      );
    },
  );
});
