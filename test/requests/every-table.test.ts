import { describe, expect, test } from "vitest";
import type { Column, Table } from "../../src/catalog/catalog.js";
import type { Json, JsonObject } from "../../src/value/json.js";
import { isJsonObject } from "../../src/value/json.js";
import { startGenericServer } from "../support/generic-server.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 60 });

const sqlName = (table: Table) => (table.schema === "v2" ? `v2.${table.name}` : table.name);

/** What is wrong with each table, one line each; a table that is well has none. */
async function judgeTables(judge: (table: Table) => Promise<readonly string[]>): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const table of running.catalog.tables()) {
    const faults = await judge(table).catch((error: unknown) => [String(error)]);
    lines.push(...faults.map((fault) => `${sqlName(table)}: ${fault}`));
  }
  return lines;
}

/** Objects of the table as the server sends them: past the driver where one list holds the table. */
async function rawObjects(table: Table): Promise<readonly JsonObject[]> {
  const list = table.lists.find(
    ({ parents, filters, pagination }) =>
      parents.length === 0 && filters.every(({ required }) => !required) && pagination !== "singleton",
  );
  if (list === undefined) {
    const { rows } = await running.query(`SELECT _json FROM ${sqlName(table)} LIMIT 20`);
    return rows.map(({ _json }) => _json as JsonObject);
  }
  const paging: Record<string, string> = list.pagination === "none" ? {} : { limit: "20" };
  const query = new URLSearchParams({ ...list.baseParameters, ...list.partitions?.[0], ...paging });
  const answer = await running.raw("GET", `${list.path}?${query}`);
  expect(answer.status, `${list.path}?${query}`).toBe(200);
  return answer.json.data;
}

/** The seeded business took back no fee and no transfer, its lists of values are empty, and it has no test clocks. */
const withoutRows = ["FeeRefund", "RadarValueListItem", "TestHelpersTestClock", "TransferReversal"];

const holds = (column: Column, path: readonly string[]) =>
  column.path.length > 0 && path.every((key, index) => column.path[index] === key);

describe("every table", () => {
  test("answers SELECT * LIMIT 3 with at most three rows of all its columns", async () => {
    const faults = await judgeTables(async (table) => {
      const { rows, columns } = await running.query(`SELECT * FROM ${sqlName(table)} LIMIT 3`);
      const declared = table.columns.filter(({ hidden }) => !hidden).map(({ name }) => name);
      const shown = columns.map(({ name }) => name);
      return [
        ...(rows.length > 3 ? [`${rows.length} rows`] : []),
        ...declared.filter((name) => !shown.includes(name)).map((name) => `${name} is not in the result`),
      ];
    });
    expect(faults).toEqual([]);
  });

  test("has rows in the sandbox's business, but for those that no business of its kind has", async () => {
    const empty = await judgeTables(async (table) => {
      const { rowCount } = await running.query(`SELECT * FROM ${sqlName(table)} LIMIT 1`);
      return rowCount === 0 ? ["no row"] : [];
    });
    expect(empty).toEqual(withoutRows.map((name) => `${name}: no row`));
  });

  test("has a column for every field of its objects", async () => {
    const missing = await judgeTables(async (table) => {
      const fields = new Set((await rawObjects(table)).flatMap(Object.keys));
      return [...fields].filter((field) => !table.columns.some((column) => holds(column, [field])));
    });
    expect(missing).toEqual([]);
  });

  test("gives every Unix time as TIMESTAMPTZ", async () => {
    const untyped = await judgeTables(async (table) => {
      const paths = new Map((await rawObjects(table)).flatMap(timePaths).map((path) => [path.join("."), path]));
      return [...paths].flatMap(([name, path]) => {
        const column = table.columns.find((candidate) => candidate.path.join(".") === name);
        // What lies within a JSON column is JSON.
        const inJson = path.some((_, depth) =>
          table.columns.some(
            ({ type, path: at }) => type === "JSON" && at.join(".") === path.slice(0, depth).join("."),
          ),
        );
        return column?.type === "TIMESTAMPTZ" || (column === undefined && inJson) ? [] : [`${name} ${column?.type}`];
      });
    });
    expect(untyped).toEqual([]);
  });

  test("answers SELECT * LIMIT 3 against a server that knows nothing but Stripe's envelopes", async () => {
    const server = await startGenericServer();
    const connection = await running.open({ apiBase: server.url });
    try {
      const faults = await judgeTables(async (table) => {
        const { rows } = await connection.query(`SELECT * FROM ${sqlName(table)} LIMIT 3`);
        const identified = table.primaryKey === undefined || rows.every((row) => row[table.primaryKey ?? ""] !== null);
        return rows.length > 0 && rows.length <= 3 && identified ? [] : [JSON.stringify(rows).slice(0, 200)];
      });
      expect(faults).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

/** Paths of numbers that are seconds since 1970, by value and by name, outside arrays. */
function timePaths(object: JsonObject): readonly (readonly string[])[] {
  return Object.entries(object).flatMap(([key, value]: [string, Json]) => {
    if (isJsonObject(value)) return timePaths(value).map((path) => [key, ...path]);
    return typeof value === "number" && isUnixTime(value) && isTimeName(key) ? [[key]] : [];
  });
}

/** Between 2001 and 2041. */
const isUnixTime = (value: number) => value >= 978_307_200 && value < 2_240_524_800;

const isTimeName = (key: string) =>
  /(^|_)(created|at|after|before|on|date|start|end|until|anchor|updated|due|expires|time|timestamp|from|to|by)(_|$)/.test(
    key,
  );
