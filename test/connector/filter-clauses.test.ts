import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Table } from "../../src/catalog/catalog.js";
import type { Connector } from "../../src/connector/connector.js";
import { driverConnector } from "../../src/connector/driver-connector.js";
import { entityTable, operationsOf } from "../../src/connector/entity-table.js";
import { openConnector } from "../../src/connector/open-connector.js";
import { openConnection } from "../../src/driver/open-connection.js";
import type { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { filterCondition } from "../../src/plan/filter/filter-condition.js";
import type { ClauseCase } from "../support/clause-file.js";
import { readClauseFile } from "../support/clause-file.js";
import { listAll } from "../support/list-all.js";
import { tableNamed } from "../support/planning.js";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";
import { createOddCustomers, oddNames } from "./filter-clauses/odd-customers.js";

const running = connectSandbox({ customers: 40 });
let connector: Connector;
let unpushed: Connector;

beforeAll(async () => {
  await createOddCustomers(running.stripe);
  const target = { apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url };
  connector = driverConnector(await openConnection(target));
  unpushed = await openConnector({ ...target, pushdown: false });
});

afterAll(async () => {
  await connector.close();
  await unpushed.close();
});

/** Stands in for the entity of the public samples, which Stripe does not have. */
function orderTable(): Table {
  const customer = tableNamed("Customer");
  const [template] = customer.columns;
  if (template === undefined) throw new Error("Customer has no columns");
  const names = ["OwnerId", "OrderNumber", "StatusCode", "ShippingPostalCode"];
  const texts = names.map((name) => ({ ...template, name, stripeName: name, type: "VARCHAR" as const }));
  const number = { ...template, name: "PoNumber", stripeName: "PoNumber", type: "BIGINT" as const };
  return { ...customer, name: "Order", columns: [...texts, number] };
}

const named = (file: string): readonly (readonly [string, ClauseCase])[] =>
  readClauseFile(new URL(`filter-clauses/${file}`, import.meta.url)).map((one) => [
    `${one.entity}: ${one.written}`,
    one,
  ]);
const accepted = named("accepted.txt");
const refused = named("refused.txt");

test("the files hold many clauses, each once", () => {
  for (const cases of [accepted, refused]) {
    expect(cases.length).toBeGreaterThan(300);
    expect(new Set(cases.map(([name]) => name)).size).toBe(cases.length);
  }
});

describe("means its condition, and finds its rows by reading alone", () => {
  test.each(accepted)("%s", async (_name, { entity, clause, expectations }) => {
    const [condition, rows] = expectations;
    if (entity === "Order") {
      expect([filterCondition(clause, orderTable())]).toEqual(expectations);
      return;
    }
    expect(filterCondition(clause, entityTable(entity, running.catalog))).toBe(condition);
    const found = await listAll(connector, entity, clause);
    expect(`${found.length} ${found.length === 1 ? "row" : "rows"}`).toBe(rows);
    expect(running.sandbox.requests.entries.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(sorted(await listAll(unpushed, entity, clause))).toEqual(sorted(found));
  });
});

const sorted = (rows: readonly unknown[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort();

describe("is refused, whatever is to be done, and nothing is sent", () => {
  test.each(refused)("%s", async (_name, { entity, clause, expectations }) => {
    for (const call of callsWith(entity, clause)) {
      const error = await errorOf(call());
      expect(described(error, expectations.length > 1)).toEqual(expectations);
      expect(requestLines(running.sandbox)).toEqual([]);
    }
  });
});

/** List, and Update and Delete where the entity has them. */
function callsWith(entity: string, filterClause: string): readonly (() => Promise<unknown>)[] {
  const operations = operationsOf(entityTable(entity, running.catalog));
  const update = { entity, filterClause, connectorInputPayload: { Metadata: { touched: "yes" } } };
  return [
    () => connector.listEntities({ entity, filterClause }),
    ...(operations.includes("UPDATE") ? [() => connector.updateEntity(update)] : []),
    ...(operations.includes("DELETE") ? [() => connector.deleteEntity({ entity, filterClause })] : []),
  ];
}

function described({ sqlState, position, message, hint }: StripeSqlError, withHint: boolean): readonly string[] {
  const place = position === undefined ? "" : ` at ${position}`;
  return [`${sqlState}${place}: ${message}`, ...(withHint ? [`hint: ${hint}`] : [])];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

describe("a value stays a value", () => {
  test.each(oddNames)("%j finds the customer of that name alone", async (name) => {
    for (const clause of [
      `Name = ${quoted(name)}`,
      `Name IN (${quoted(name)})`,
      `name between ${quoted(name)} and ${quoted(name)}`,
    ]) {
      expect((await listAll(connector, "Customer", clause)).map(({ Name }) => Name)).toEqual([name]);
    }
    expect(running.sandbox.requests.entries.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(3).fill("GET /v1/customers"),
    );
  });

  test.each(oddNames)("%j as an address or a key of metadata is not found, and does no harm", async (text) => {
    const key = `"${text.replaceAll('"', '""')}"`;
    for (const clause of [`Email = ${quoted(text)}`, `Id = ${quoted(text)}`, `Metadata.${key} = ${quoted(text)}`]) {
      expect(await listAll(connector, "Customer", clause)).toEqual([]);
    }
    expect(running.sandbox.requests.entries.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test.each(oddNames)("%j chooses what is updated, and what is deleted", async (name) => {
    const { id } = await running.stripe.customers.create({ name: `only ${name}` });
    const before = await everyCustomer();
    running.sandbox.requests.clear();
    const filterClause = `Name = ${quoted(`only ${name}`)}`;
    const updated = { connectorOutputPayload: { Id: id }, entityIds: [id] };
    const payload = { Description: name };
    expect(await connector.updateEntity({ entity: "Customer", filterClause, connectorInputPayload: payload })).toEqual(
      updated,
    );
    expect(await connector.deleteEntity({ entity: "Customer", filterClause })).toEqual({ entityIds: [id] });
    const writes = running.sandbox.requests.entries.filter(({ method }) => method !== "GET");
    expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /v1/customers/${id}`,
      `DELETE /v1/customers/${id}`,
    ]);
    expect(await everyCustomer()).toEqual(before.filter((customer) => customer.id !== id));
  });

  async function everyCustomer() {
    const customers = [];
    for await (const customer of running.stripe.customers.list({ limit: 100 })) customers.push(customer);
    return customers;
  }
});

describe("limits", () => {
  const list = (filterClause: string) => connector.listEntities({ entity: "Customer", filterClause });
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

  test.each([
    ["parentheses", (depth: number) => `${"(".repeat(depth)}Balance < 0${")".repeat(depth)}`, 4],
    ["NOT", (depth: number) => `${"NOT ".repeat(depth)}Balance < 0`, 4],
    ["both", (depth: number) => `${"NOT (".repeat(depth / 2)}Balance < 0${")".repeat(depth / 2)}`, 4],
    [
      "alternating AND and OR",
      (depth: number) =>
        `${numbers(depth)
          .map((index) => (index % 2 === 0 ? `(Balance < 0 AND ` : `(Balance < -${index} OR `))
          .join("")}Balance < 0${")".repeat(depth)}`,
      4,
    ],
  ])("100 levels of %s are read, 102 are not", async (_name, nested, rows) => {
    expect((await list(nested(100))).connectorOutputPayload.length).toBe(rows);
    expect(await errorOf(list(nested(102)))).toMatchObject({
      sqlState: "54000",
      message: "filter is nested too deeply",
      position: expect.any(Number),
    });
  });

  test("parentheses that only follow one another do not nest", async () => {
    const clause = numbers(300)
      .map(() => "(NOT (Balance >= 0))")
      .join(" AND ");
    expect((await list(clause)).connectorOutputPayload.length).toBe(4);
  });

  test.each([
    [
      "numbers",
      `Balance IN (${numbers(9000)
        .map((number) => -number)
        .join(",")})`,
    ],
    [
      "texts",
      `Currency IN (${numbers(6000)
        .map((number) => `'x${number}'`)
        .join(",")}, 'usd', 'eur')`,
    ],
    [
      "values that are not among them",
      `Balance NOT IN (${numbers(9000)
        .map((number) => number + 3000)
        .join(",")})`,
    ],
    [
      "conditions joined by OR",
      numbers(1700)
        .map((number) => `Name <> 'customer ${number}'`)
        .join(" OR "),
    ],
    [
      "conditions joined by AND",
      numbers(1700)
        .map((number) => `Name <> 'customer ${number}'`)
        .join(" AND "),
    ],
  ])("thousands of %s", async (_name, clause) => {
    expect(clause.length).toBeGreaterThan(40_000);
    const found = await listAll(connector, "Customer", clause);
    expect(found.length).toBeGreaterThanOrEqual(39);
    expect(sorted(await listAll(unpushed, "Customer", clause))).toEqual(sorted(found));
  });

  // Each OR once was planned within each branch of those before it: twenty took minutes, a thousand the whole stack.
  test.each([20, 1300])("%i alternatives joined by AND", async (count) => {
    const clause = numbers(count)
      .map((index) => `(Email = 'customer${index}' OR Balance < ${index})`)
      .join(" AND ");
    expect((await list(clause)).connectorOutputPayload.length).toBe(4);
  });

  test("65,536 characters are read, one more is not", async () => {
    const clause = (length: number) => `Name = '${"x".repeat(length - 9)}'`;
    expect((await list(clause(65_536))).connectorOutputPayload).toEqual([]);
    running.sandbox.requests.clear();
    const error = await errorOf(list(clause(65_537)));
    expect(error).toMatchObject({ sqlState: "54000", message: "filter is too long", position: undefined });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("an error repeats no more than the beginning of a long value or name", async () => {
    const long = "x".repeat(60_000);
    for (const clause of [`Balance = '${long}'`, `${long} = 1`]) {
      expect((await errorOf(list(clause))).message.length).toBeLessThan(200);
    }
  });
});

describe("an error's place", () => {
  test("is that in the clause as it was given, white space at its beginning too", async () => {
    const filterClause = "\n  \u00a0Email = open";
    for (const call of callsWith("Customer", filterClause)) {
      expect((await errorOf(call())).position).toBe(filterClause.indexOf("open"));
    }
  });

  // The statement that a clause ends up in is nothing that its author has seen.
  test("is never one in the statement that the connector makes of it", async () => {
    const clauses = ["SearchQuery = 'no query'", "AccountId = 'acct_nobody'"];
    for (const clause of clauses) {
      for (const sort of [[], ["Name"]]) {
        const call = connector.listEntities({
          entity: "Customer",
          filterClause: clause,
          listEntitiesSortByColumns: sort,
        });
        expect((await errorOf(call)).position).toBeUndefined();
      }
    }
  });
});
