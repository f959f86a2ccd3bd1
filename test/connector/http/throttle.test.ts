import { describe, expect, it } from "vitest";
import { connectionPath, failureOf, startApi } from "./running-api.js";
import { serve } from "./served-connector.js";
import { tableConnector } from "./table-connector.js";

const entities = "/entityTypes/Customer/entities";
const transactions: readonly [method: string, path: string, body: unknown][] = [
  ["GET", entities, undefined],
  ["POST", entities, { fields: {} }],
  ["GET", `${entities}/cus_1`, undefined],
  ["PATCH", `${entities}/cus_1`, { fields: {} }],
  ["DELETE", `${entities}/cus_1`, undefined],
  ["POST", `${entities}:updateEntitiesWithConditions`, { conditions: "Name = 'a'", fields: {} }],
  ["POST", `${entities}:deleteEntitiesWithConditions`, { conditions: "Name = 'a'" }],
  ["POST", "/actions/ConfirmPaymentIntent:execute", { parameters: {} }],
  ["POST", ":executeSqlQuery", { query: { query: "SELECT 1" } }],
  ["POST", "/tools/get_Customer:execute", { parameters: {} }],
];

describe("a connection whose rate is used up", () => {
  it.each(transactions)("refuses %s %s, and says when to ask again", async (method, path, body) => {
    const connector = tableConnector();
    const { send } = await startApi(serve(connector, { admit: () => 1200 }));
    const answer = await send(method, `${connectionPath}${path}`, body === undefined ? {} : { body });
    expect(failureOf(answer)).toMatchObject({
      status: 429,
      code: "RESOURCE_EXHAUSTED",
      reason: "RATE_LIMIT_EXCEEDED",
      metadata: { connection: "stripe-eu" },
      others: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.200s" }],
    });
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(connector.writes()).toBe(0);
  });

  it("never asks to come back at once", async () => {
    const { send } = await startApi(serve(tableConnector(), { admit: () => 0.4 }));
    const answer = await send("GET", `${connectionPath}${entities}`);
    expect(answer.headers.get("retry-after")).toBe("1");
  });

  it.each([
    ":checkStatus",
    ":checkReadiness",
    "/entityTypes",
    "/entityTypes/Customer",
    "/actions",
    "/actions/ConfirmPaymentIntent",
    "/tools",
  ])("answers GET %s all the same", async (path) => {
    const { send } = await startApi(serve(tableConnector(), { admit: () => 1000 }));
    expect((await send("GET", `${connectionPath}${path}`)).status).toBe(200);
  });
});

describe("a place of a connection's rate", () => {
  it("is taken once for a transaction, and by nothing that is refused before", async () => {
    let taken = 0;
    const connection = serve(tableConnector(), {
      admit: () => {
        taken += 1;
        return undefined;
      },
    });
    const { send } = await startApi(connection);
    const ask = (method: string, path: string, parts = {}) => send(method, `${connectionPath}${path}`, parts);
    await ask("GET", entities, { headers: { authorization: "Bearer wrong" } });
    await ask("GET", `${entities}?pageSize=no`);
    await ask("GET", `${entities}?sortBy=Name&sortOrder=UP`);
    await ask("POST", entities, { body: "{" });
    await ask("POST", entities, { body: { feilds: {} } });
    await ask("POST", `${entities}:deleteEntitiesWithConditions`, { body: {} });
    await send("GET", `/v2/projects/p/locations/elsewhere/connections/stripe-eu${entities}`);
    expect(taken).toBe(0);
    await ask("GET", entities);
    await ask("GET", `${entities}/cus_none`);
    expect(taken).toBe(2);
  });
});
