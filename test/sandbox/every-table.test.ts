import { beforeAll, describe, expect, it } from "vitest";
import type { Column, ListEndpoint, Table } from "../../src/catalog/catalog.js";
import type { RawAnswer } from "./running-sandbox.js";
import { runSandbox } from "./running-sandbox.js";

const running = runSandbox();
// None is seeded: every list of customers would be read once more for it.
beforeAll(() => running.stripe.testHelpers.testClocks.create({ frozen_time: 1_793_500_000, name: "a clock" }));

/** Lists that Stripe only gives for parameters which no object states: a window of time, a snapshot of owners. */
const needsMore = new Set(["BillingMeterEventSummary", "FinancialConnectionsAccountOwner"]);

describe("every table of the catalog", () => {
  it("has rows", async () => {
    const empty: string[] = [];
    for (const table of running.catalog.tables()) {
      const [list] = table.lists;
      if (list !== undefined && !needsMore.has(table.name) && (await rowsOf(table, list)) === 0) empty.push(table.name);
    }
    expect(empty).toEqual([]);
  });

  it("has rows with every field that its columns promise", async () => {
    const missing: string[] = [];
    for (const { table, list } of openLists()) {
      const [row] = (await get(list.path, list.baseParameters)).json.data;
      const absent = promisedKeys(table).filter((key) => row[key] === undefined || row[key] === null);
      missing.push(...absent.map((key) => `${table.name}.${key}`));
    }
    expect(missing).toEqual([]);
  });

  it("has values of the declared types, and null only where it may be", async () => {
    const wrong = new Set<string>();
    for (const { table, list } of openLists()) {
      const paged = list.pagination === "cursor" ? { limit: "100" } : {};
      const { data } = (await get(list.path, { ...list.baseParameters, ...paged })).json;
      for (const row of data) for (const fault of faultsOf(table, row)) wrong.add(fault);
    }
    expect([...wrong]).toEqual([]);
  });

  it("is retrieved row by row", async () => {
    const lost: string[] = [];
    for (const { table, list } of openLists()) {
      if (table.retrieve?.keys.length !== 1) continue;
      const [row] = (await get(list.path, list.baseParameters)).json.data;
      const answer = await get(table.retrieve.path.replace(/\{[^}]+\}/, row.id), {});
      if (answer.status !== 200) lost.push(table.name);
    }
    expect(lost).toEqual([]);
  });
});

/** Lists that need no parent's key. */
function openLists(): readonly { readonly table: Table; readonly list: ListEndpoint }[] {
  return running.catalog.tables().flatMap((table) => {
    const [list] = table.lists;
    const isOpen = list !== undefined && list.parents.length === 0 && list.pagination !== "singleton";
    return isOpen ? [{ table, list }] : [];
  });
}

/** Fields that every object of a table has. */
function promisedKeys(table: Table): readonly string[] {
  const columns = table.columns.filter(({ nullable, includable, path }) => !nullable && !includable && path.length > 0);
  return [...new Set(columns.map(({ path }) => path[0] ?? ""))];
}

const javaScriptTypes: Readonly<Partial<Record<Column["type"], string>>> = {
  BIGINT: "number",
  BOOLEAN: "boolean",
  DECIMAL: "string",
  DOUBLE: "number",
  VARCHAR: "string",
};

/** What of a row is not as its columns say. */
function faultsOf(table: Table, row: unknown): readonly string[] {
  return table.columns
    .filter(({ path, hidden, includable }) => path.length > 0 && !hidden && !includable)
    .flatMap((column) => {
      const value = column.path.reduce<unknown>((inner, key) => Object(inner)[key], row) ?? null;
      const wanted = value === null ? undefined : javaScriptTypes[column.type];
      // Where a declaration says so, the object stands in the place of its id.
      const isObject = column.references !== undefined && typeof Object(value).id === "string";
      const isOfType = wanted === undefined || isObject || typeof value === wanted;
      const isWrong = value === null ? !column.nullable : !isOfType;
      return isWrong ? [`${table.schema}.${table.name}.${column.path.join(".")}: ${JSON.stringify(value)}`] : [];
    });
}

function get(path: string, query: Readonly<Record<string, string>>): Promise<RawAnswer> {
  return running.raw("GET", `${path}?${new URLSearchParams(query)}`);
}

/** A nested list counts where any of its parents has rows. */
async function rowsOf(table: Table, list: ListEndpoint): Promise<number> {
  const [parent] = list.parents;
  if (parent === undefined) return countOf(await get(list.path, list.baseParameters), list);
  const owner = running.catalog.tables().find(({ name, schema }) => name === parent.table && schema === table.schema);
  const [ownerList] = owner?.lists ?? [];
  if (ownerList === undefined) return 0;
  const paged =
    ownerList.pagination === "cursor" ? { ...ownerList.baseParameters, limit: "100" } : ownerList.baseParameters;
  for (const { id } of (await get(ownerList.path, paged)).json.data) {
    const path = list.path.replace(`{${parent.placeholder}}`, id);
    const query: Record<string, string> = path === list.path ? { [parent.placeholder]: id } : {};
    const count = countOf(await get(path, { ...list.baseParameters, ...query }), list);
    if (count > 0) return count;
  }
  return 0;
}

function countOf({ json }: RawAnswer, list: ListEndpoint): number {
  return list.pagination === "singleton" ? Object.keys(json).length : json.data.length;
}
