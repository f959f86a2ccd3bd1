import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connector } from "../../../src/connector/connector.js";
import { openConnector } from "../../../src/connector/open-connector.js";
import type { RunningSandbox } from "../../sandbox/running-sandbox.js";
import { openRunning } from "../../sandbox/running-sandbox.js";
import type { Answer, RunningApi } from "./running-api.js";
import { connectionPath, startApi } from "./running-api.js";
import { serve } from "./served-connector.js";

let running: RunningSandbox;
let connector: Connector;
beforeAll(async () => {
  running = await openRunning({ customers: 20 });
  connector = await openConnector({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url });
});
afterAll(async () => {
  await connector.close();
  await running.sandbox.close();
  running.catalog.close();
});

/** What was logged beside the lines of requests. */
async function open(): Promise<{ readonly api: RunningApi; readonly errors: object[] }> {
  const errors: object[] = [];
  const log = { info: () => undefined, error: (fields: object) => errors.push(fields) };
  return { api: await startApi(serve(connector), { log }), errors };
}

const run = (api: RunningApi, query: string, more: object = {}): Promise<Answer> =>
  api.send("POST", `${connectionPath}:executeSqlQuery`, { body: { query: { query, ...more } } });

/** Statements of every kind, with what is answered: an INSERT was carried out and answered 500. */
const statements: readonly (readonly [string, object])[] = [
  ["SELECT 1 AS one", { results: [{ one: 1 }], metadata: { requests: 0 } }],
  ["SELECT Id FROM Customer LIMIT 1", { results: [{ Id: expect.any(String) }], metadata: { requests: 1 } }],
  ["INSERT INTO Product (Name) VALUES ('over http')", { results: [], metadata: { affectedRows: 1, requests: 1 } }],
  [
    "INSERT INTO Product (Name) VALUES ('a'), ('b') RETURNING Name",
    { results: [{ Name: "a" }, { Name: "b" }], metadata: { affectedRows: 2, requests: 2 } },
  ],
  [
    "UPDATE Product SET Active = FALSE WHERE Id = 'prod_none'",
    { results: [], metadata: { affectedRows: 0, requests: 1 } },
  ],
  ["DELETE FROM Product WHERE Id = 'prod_none'", { results: [], metadata: { affectedRows: 0, requests: 1 } }],
  ["EXEC CancelPaymentIntent PaymentIntentId = 'pi_none'", { error: expect.objectContaining({ code: 404 }) }],
  [
    "SELECT Id FROM Invoice WHERE Status = 'new'",
    { results: [], metadata: { notices: expect.arrayContaining([expect.any(String)]), requests: 1 } },
  ],
  ["EXPLAIN SELECT Id FROM Customer", { results: expect.any(Array), metadata: { requests: 0 } }],
  ["EXPLAIN ANALYZE SELECT Id FROM Customer LIMIT 1", { results: expect.any(Array), metadata: { requests: 1 } }],
  [
    "SHOW TABLES",
    { results: expect.any(Array), metadata: { truncated: true, nextPageToken: expect.any(String), requests: 0 } },
  ],
  [
    "DESCRIBE Customer",
    { results: expect.any(Array), metadata: { truncated: true, nextPageToken: expect.any(String), requests: 0 } },
  ],
  [
    "WITH c AS (SELECT Id FROM Customer LIMIT 1) SELECT count(*) AS n FROM c",
    { results: [{ n: 1 }], metadata: { requests: expect.any(Number) } },
  ],
  ["FROM Customer SELECT Id LIMIT 1", { results: [{ Id: expect.any(String) }], metadata: { requests: 1 } }],
  ["VALUES (1, 'a')", { results: [{ col0: 1, col1: "a" }], metadata: { requests: 0 } }],
  ["SELECT 1 AS n UNION ALL SELECT 2", { results: [{ n: 1 }, { n: 2 }], metadata: { requests: 0 } }],
  [
    "SHOW PROCEDURES",
    { results: expect.any(Array), metadata: { truncated: true, nextPageToken: expect.any(String), requests: 0 } },
  ],
  ["SHOW TimeZone", { results: [{ TimeZone: "UTC" }], metadata: { requests: 0 } }],
  ["DESCRIBE CancelQuote", { results: [expect.objectContaining({ Parameter: "QuoteId" })], metadata: { requests: 0 } }],
  ["EXPLAIN INSERT INTO Product (Name) VALUES ('not made')", { results: expect.any(Array), metadata: { requests: 0 } }],
  ["EXPLAIN EXEC CancelQuote QuoteId = 'qt_1'", { results: expect.any(Array), metadata: { requests: 0 } }],
  ["EXPLAIN (FORMAT JSON) SELECT Id FROM Customer", { results: [expect.any(Object)], metadata: { requests: 0 } }],
  ["SELECT count(*) AS n FROM Product WHERE Name = 'not made'", { results: [{ n: 0 }], metadata: { requests: 1 } }],
  ["BEGIN", { results: [], metadata: { requests: 0 } }],
  ["COMMIT", { results: [], metadata: { requests: 0 } }],
  ["ROLLBACK", { results: [], metadata: { notices: ["there is no transaction in progress"], requests: 0 } }],
  ["SET TimeZone = 'UTC'", { error: expect.objectContaining({ code: 501 }) }],
  ["RESET ALL", { error: expect.objectContaining({ code: 501 }) }],
  ["DROP TABLE Customer", { error: expect.objectContaining({ code: 501 }) }],
];

describe("a statement over HTTP", () => {
  test.each(statements)("%s", async (query, answer) => {
    const { api, errors } = await open();
    expect((await run(api, query)).body).toEqual(answer);
    expect(errors).toEqual([]);
  });

  test("of a procedure gives its rows", async () => {
    const { api, errors } = await open();
    const made = await run(api, "INSERT INTO PaymentIntent (Amount, Currency) VALUES (1500, 'usd') RETURNING Id");
    const id = (made.body as { results: { Id: string }[] }).results[0]?.Id;
    const { body } = await run(api, `EXEC CancelPaymentIntent PaymentIntentId = '${id}'`);
    expect(body).toMatchObject({ results: [{ Id: id, Status: "canceled" }], metadata: { requests: 1 } });
    expect(errors).toEqual([]);
  });
});

test("an answer that is not of its description's form is given all the same, and logged", async () => {
  const errors: object[] = [];
  const odd = { results: [], metadata: { requests: 1, affectedRows: "1" } };
  const misdescribed: Connector = { ...connector, executeSqlQuery: async () => odd as never };
  const log = { info: () => undefined, error: (fields: object) => errors.push(fields) };
  const api = await startApi(serve(misdescribed), { log });
  expect(await run(api, "INSERT INTO Product (Name) VALUES ('x')")).toMatchObject({ status: 200, body: odd });
  expect(errors).toEqual([{ error: expect.stringContaining("affectedRows") }]);
});
