import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EntityFields } from "../../src/connector/connector.js";
import { filterCondition } from "../../src/plan/filter/filter-condition.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector, idsOf, listPages } from "../support/sandbox-connector.js";
import { openSandboxFile, temporaryFile } from "../support/sandbox-file.js";
import type { SampledColumn, TableSample } from "../support/table-sample.js";
import { sampleTable } from "../support/table-sample.js";

const entities = [
  "Customer",
  "Charge",
  "Invoice",
  "InvoiceItem",
  "InvoiceLineItem",
  "Price",
  "PaymentMethod",
  "Product",
  "Subscription",
  "Coupon",
  "v2.Account",
  "v2.Event",
];

const temporary = temporaryFile();
const running = connectSandbox({ customers: 20, file: temporary.path });
const connected = connectConnector(running);
const samples = new Map<string, TableSample>();
const sortable = new Map<string, readonly string[]>();

beforeAll(async () => {
  addRows();
  for (const entity of entities) {
    samples.set(entity, await sampleTable(running.connection, entity));
    const { fields } = await connected.connector.getEntityType({ entity });
    sortable.set(
      entity,
      fields.filter(({ dataType }) => dataType !== "STRUCT" && dataType !== "ARRAY").map(({ name }) => name),
    );
  }
});
afterAll(() => temporary.remove());

/** Ties, NULLs, and decimals of which one is a text's prefix of another, or less than a double tells apart. */
function addRows(): void {
  const file = openSandboxFile(temporary.path);
  const decimals = [
    "10",
    "9",
    "9.5",
    "9.50",
    "0.000000000001",
    "0.000000000002",
    "9007199254740993",
    "9007199254740992",
  ];
  for (const unit_amount_decimal of decimals) file.insertLike("Price", { fields: { unit_amount_decimal } });
  for (const fields of [{ name: null }, { name: "" }, { name: "ß" }, { name: "'; --" }, { email: null, phone: null }]) {
    file.insertLike("Customer", { fields });
  }
  for (const percent_off of [0.1, 0.30000000000000004, 0.3, 1e-7, 12.5]) {
    file.insertLike("Coupon", { fields: { percent_off } });
  }
  for (let row = 0; row < 5; row += 1) file.insertLike("InvoiceItem", { fields: { quantity: row % 2 } });
  file.close();
}

const quoted = (value: unknown): string =>
  `'${String(value instanceof Date ? value.toISOString() : value).replaceAll("'", "''")}'`;

/** Filter clauses over values that stand in the table and such as do not. */
function filterOn(columns: readonly SampledColumn[]): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(...columns).chain(({ name, values, type }) => {
    const value = fc.constantFrom(...values.map(quoted), ...(type === "VARCHAR" ? ["'nothing'"] : []));
    return fc.oneof(
      fc.tuple(fc.constantFrom("=", "<>", "<", "<=", ">", ">="), value).map(([sign, one]) => `${name} ${sign} ${one}`),
      fc.array(value, { minLength: 1, maxLength: 3 }).map((all) => `${name} IN (${all.join(", ")})`),
      fc.constantFrom(`${name} IS NULL`, `${name} IS NOT NULL`),
    );
  });
  const both = fc.tuple(leaf, fc.constantFrom("AND", "OR", "AND NOT"), leaf).map((parts) => `(${parts.join(" ")})`);
  return fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 2, arbitrary: both });
}

interface Walk {
  readonly entity: string;
  readonly filter: string | undefined;
  readonly sort: readonly string[];
  readonly size: number;
}

const walk: fc.Arbitrary<Walk> = fc.constantFrom(...entities).chain((entity) => {
  const columns = (samples.get(entity)?.columns ?? []).filter(({ values }) => values.length > 0);
  const key = fc.tuple(fc.constantFrom(...(sortable.get(entity) ?? [])), fc.constantFrom("", " DESC", " ASC"));
  return fc.record({
    entity: fc.constant(entity),
    filter: fc.option(filterOn(columns), { nil: undefined, freq: 3 }),
    sort: fc
      .uniqueArray(key, { maxLength: 3, selector: ([name]) => name })
      .map((keys) => keys.map((one) => one.join(""))),
    size: fc.constantFrom(2, 7, 25, 200),
  });
});

function pagesOf({ entity, filter, sort, size }: Walk): Promise<readonly (readonly EntityFields[])[]> {
  return listPages(connected.connector, {
    entity,
    listEntitiesPageSize: size,
    listEntitiesSortByColumns: sort,
    ...(filter === undefined ? {} : { filterClause: filter }),
  });
}

async function selected({ entity, filter, sort }: Walk): Promise<readonly string[]> {
  const [name = "", schema] = entity.split(".").reverse();
  const table = running.catalog.findTable(name, schema)?.table;
  if (table === undefined) throw new RangeError(entity);
  const where = filter === undefined ? "" : ` WHERE ${filterCondition(filter, table)}`;
  const order =
    sort.length === 0
      ? ""
      : ` ORDER BY ${[...sort, ...(sort.some((one) => /^Id\b/.test(one)) ? [] : ["Id"])].join(", ")}`;
  const { rows } = await running.query(`SELECT Id FROM ${entity}${where}${order}`);
  return rows.map((row) => String(row["Id"]));
}

describe("all pages of a listing together", () => {
  // Arbitraries are made of samples, which are there only once the sandbox runs.
  test("are the rows of one SELECT, in its order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constant(undefined).chain(() => walk),
        async (one) => {
          const pages = await pagesOf(one);
          const ids = idsOf(pages.flat());
          const wanted = await selected(one);
          if (one.sort.length > 0) expect(ids).toEqual(wanted);
          else expect([...ids].sort()).toEqual([...wanted].sort());
          expect(pages.slice(0, -1).every(({ length }) => length === one.size)).toBe(true);
        },
      ),
      { numRuns: 60, seed: 20_261_124, endOnFailure: true },
    );
  });

  test.each([
    ["Price", ["UnitAmountDecimal"]],
    ["Price", ["UnitAmountDecimal DESC", "Active", "Nickname DESC"]],
    ["Coupon", ["PercentOff DESC"]],
    ["Coupon", ["PercentOff", "AmountOff DESC"]],
    ["Customer", ["Name"]],
    ["Customer", ["Name DESC", "Email"]],
    ["Customer", ["Delinquent DESC", "Created", "Phone DESC"]],
    ["Invoice", ["DueDate DESC"]],
    ["Invoice", ["DueDate", "AutoAdvance", "Total DESC"]],
    ["v2.Event", ["Created"]],
    ["InvoiceLineItem", ["QuantityDecimal", "Amount DESC"]],
    ["Subscription", ["CancelAtPeriodEnd", "CanceledAt DESC", "Status"]],
  ] as const)("are those in rows of three: %s by %j", async (entity, sort) => {
    const one: Walk = { entity, sort, filter: undefined, size: 3 };
    // A page for each three rows of a table that is read whole for each: the first rows are enough.
    const few = { ...one, ...(entity === "InvoiceLineItem" || entity === "Invoice" ? { size: 20 } : {}) };
    expect(idsOf((await pagesOf(few)).flat())).toEqual(await selected(one));
  });

  test.each(["Customer", "Charge", "Invoice", "Coupon", "Subscription"])(
    "of %s are the newest first",
    async (entity) => {
      const pages = await listPages(connected.connector, { entity, listEntitiesPageSize: 7 });
      const created = pages.flat().map((row) => String(row["Created"]));
      expect(created).toEqual([...created].sort().reverse());
      const sorted = await listPages(connected.connector, {
        entity,
        listEntitiesPageSize: 7,
        listEntitiesSortByColumns: ["created desc"],
      });
      expect(idsOf(sorted.flat())).toEqual(idsOf(pages.flat()));
    },
  );
});
