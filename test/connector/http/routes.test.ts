import { describe, expect, it } from "vitest";
import { describeRoutes } from "./route-contract.js";
import { connectionPath, failureOf, startApi } from "./running-api.js";
import { serve, servedBy } from "./served-connector.js";
import { tableConnector } from "./table-connector.js";

describeRoutes("the routes, over a table in memory", async () => ({
  connection: serve(tableConnector()),
  close: async () => undefined,
}));

describe("what a route hands on", () => {
  /** Answers a request, and gives what the connection was asked. */
  async function handedOn(method: string, path: string, body?: unknown) {
    const calls: { method: string; input: unknown }[] = [];
    const connector = tableConnector();
    const { call } = serve(connector);
    const spy = servedBy((name, input, options) => {
      calls.push({ method: name, input });
      return call(name, input, options);
    });
    const { send } = await startApi(spy);
    const answer = await send(method, `${connectionPath}${path}`, body === undefined ? {} : { body });
    return { answer, calls };
  }

  it("leaves out what was not given", async () => {
    const { calls } = await handedOn("GET", "/entityTypes/Customer/entities?pageSize=0&pageToken=&conditions=");
    expect(calls).toEqual([{ method: "listEntities", input: { entity: "Customer" } }]);
  });

  it("is everything that was", async () => {
    const query = new URLSearchParams([
      ["conditions", "Name = 'Ann'"],
      ["pageSize", "7"],
      ["pageToken", "page 0/+?"],
      ["sortBy", "Name"],
      ["sortOrder", "DESC"],
      ["alt", "json"],
      ["prettyPrint", "false"],
      ["fields", "*"],
      ["key", "k"],
      ["quotaUser", "u"],
      ["$userProject", "p"],
      ["uploadType", "media"],
      ["upload_protocol", "raw"],
      ["access_token", "not looked at beside the header"],
      ["oauth_token", "nor this"],
      ["$.xgafv", "2"],
      ["executionConfig.headers", "{}"],
    ]);
    const { calls, answer } = await handedOn("GET", `/entityTypes/Customer/entities?${query}`);
    expect(answer.status).toBe(200);
    expect(calls).toEqual([
      {
        method: "listEntities",
        input: {
          entity: "Customer",
          filterClause: "Name = 'Ann'",
          listEntitiesPageSize: 7,
          listEntitiesPageToken: "page 0/+?",
          listEntitiesSortByColumns: ["Name DESC"],
        },
      },
    ]);
  });

  it("is the decoded id", async () => {
    const { calls } = await handedOn("GET", "/entityTypes/v2.Account/entities/a%2Fb%3Ac%20d");
    expect(calls).toEqual([{ method: "getEntity", input: { entity: "v2.Account", entityId: "a/b:c d" } }]);
  });

  it("has each parameter of a statement as a text", async () => {
    const queryParameters = [
      { value: null },
      { dataType: "BIGINT", value: 1 },
      { dataType: "BOOLEAN", value: true },
      { dataType: "ARRAY", value: [1, "a"] },
      { dataType: "VARCHAR", value: "x" },
    ];
    const { calls } = await handedOn("POST", ":executeSqlQuery", {
      query: { query: "SELECT 1", maxRows: "3", timeout: 4, queryParameters },
      executionConfig: { headers: "{}" },
    });
    expect(calls).toEqual([
      {
        method: "executeSqlQuery",
        input: {
          query: "SELECT 1",
          maxRows: 3,
          timeout: 4,
          queryParameters: [
            { value: null },
            { dataType: "BIGINT", value: "1" },
            { dataType: "BOOLEAN", value: "true" },
            { dataType: "ARRAY", value: '[1,"a"]' },
            { dataType: "VARCHAR", value: "x" },
          ],
        },
      },
    ]);
  });

  it.each([
    ["/entityTypes/Customer/entities?pagesize=1", 'unknown query parameter "pagesize"', "INVALID_QUERY"],
    ["/actions?callback=f", 'query parameter "callback": there is no JSONP here', "INVALID_QUERY"],
    ["/actions?key=1&key=2", 'query parameter "key": expected one value, not several', "INVALID_QUERY"],
    ["/actions?fields=a(", 'query parameter "fields": a name is missing', "INVALID_QUERY"],
    ["/actions?fields=action", 'query parameter "fields": an answer has no field "action"', "INVALID_QUERY"],
    [
      "/actions?fields=actions/name/first",
      'query parameter "fields": an answer has no field "actions/name/first"',
      "INVALID_QUERY",
    ],
    ["/entityTypes/Customer/entities?__proto__=1", 'unknown query parameter "__proto__"', "INVALID_QUERY"],
    [
      "/entityTypes/Customer/entities?pageSize=201",
      'query parameter "pageSize": expected a whole number from 0 to 200',
      "INVALID_QUERY",
    ],
    ["/entityTypes?pageSize=-1", 'query parameter "pageSize": expected a whole number from 0 to 200', "INVALID_QUERY"],
    [
      "/actions?pageSize=1&pageSize=2",
      'query parameter "pageSize": expected a whole number from 0 to 200',
      "INVALID_QUERY",
    ],
    [
      "/entityTypes/Customer/entities?conditions=a&conditions=b",
      'query parameter "conditions": expected one value, not several',
      "INVALID_QUERY",
    ],
    [
      "/entityTypes/Customer/entities?sortBy=Name&sortOrder=UP",
      'query parameter "sortOrder": expected ASC or DESC',
      "INVALID_QUERY",
    ],
    [
      "/entityTypes/Customer/entities?sortBy=Name&sortOrder=ASC&sortOrder=ASC",
      "sortOrder is given 2 times for 1 of sortBy",
      "INVALID_QUERY",
    ],
    ["/entityTypes/Customer/entities?alt=media", 'query parameter "alt": expected "json"', "INVALID_QUERY"],
    [
      "/entityTypes/Customer?view=ENRICHED",
      'query parameter "view": expected one of "ENTITY_TYPE_SCHEMA_VIEW_UNSPECIFIED"|"ENTITY_TYPE_SCHEMA_VIEW_BASIC"|"ENTITY_TYPE_SCHEMA_VIEW_ENRICHED"',
      "INVALID_QUERY",
    ],
    ["/entityTypes?pageToken=%E0%A4", "the query of the URL is not percent-encoded UTF-8", "MALFORMED_URL"],
  ])("is nothing where GET %s is a mistake", async (path, message, reason) => {
    const { answer, calls } = await handedOn("GET", path);
    expect(failureOf(answer)).toMatchObject({ status: 400, code: "INVALID_ARGUMENT", message, reason });
    expect(calls).toEqual([]);
  });

  const update = "/entityTypes/Customer/entities:updateEntitiesWithConditions";
  const remove = "/entityTypes/Customer/entities:deleteEntitiesWithConditions";

  it.each([
    ["POST", "/entityTypes/Customer/entities", undefined, 'field "fields": expected an object'],
    ["POST", "/entityTypes/Customer/entities", "null", "the body: expected object, received null"],
    ["POST", "/entityTypes/Customer/entities", [], "the body: expected object, received array"],
    ["POST", "/entityTypes/Customer/entities", {}, 'field "fields": expected an object'],
    ["POST", "/entityTypes/Customer/entities", { fields: "a" }, 'field "fields": expected an object'],
    ["POST", "/entityTypes/Customer/entities", { fields: {}, feilds: {} }, 'unknown field "feilds"'],
    [
      "POST",
      "/entityTypes/Customer/entities?fields=nmae",
      { fields: {} },
      'query parameter "fields": an answer has no field "nmae"',
    ],
    [
      "POST",
      "/entityTypes/Customer/entities",
      { name: 1, fields: {} },
      'field "name": expected string, received number',
    ],
    [
      "PATCH",
      "/entityTypes/Customer/entities/cus_1",
      { feilds: {} },
      'field "fields": expected an object (and 1 more)',
    ],
    ["POST", "/entityTypes/Customer/entities", { Name: "Ada" }, 'field "fields": expected an object (and 1 more)'],
    ["DELETE", "/entityTypes/Customer/entities/cus_1", { force: true }, "this method takes no body"],
    ["POST", update, { fields: {} }, "conditions are required"],
    ["POST", `${update}?conditions=`, { fields: {} }, "conditions are required"],
    ["POST", `${update}?conditions=%20`, { fields: {} }, "conditions are required"],
    [
      "POST",
      `${update}?conditions=a`,
      { conditions: "b", fields: {} },
      "conditions are given in the query and in the body",
    ],
    ["POST", `${update}?conditions=a`, {}, 'field "fields" is required'],
    [
      "POST",
      `${update}?conditions=a`,
      { fields: {}, entity: { fields: {} } },
      "fields are given twice: as fields and in entity",
    ],
    ["POST", remove, {}, "conditions are required"],
    ["POST", remove, { conditions: "\t\n" }, "conditions are required"],
    ["POST", remove, undefined, "conditions are required"],
    ["POST", "/actions/ConfirmPaymentIntent:execute", { params: {} }, 'unknown field "params"'],
    ["POST", ":executeSqlQuery", { query: "SELECT 1" }, 'field "query": expected object, received string'],
    ["POST", ":executeSqlQuery", { query: { query: "" } }, 'field "query.query": expected a statement'],
    ["POST", ":executeSqlQuery", { query: { query: "SELECT 1", maxrows: 1 } }, 'unknown field "query.maxrows"'],
    [
      "POST",
      ":executeSqlQuery",
      { query: { query: "SELECT 1", maxRows: "many" } },
      'field "query.maxRows": expected a whole number from 0 to 9007199254740991',
    ],
    [
      "POST",
      ":executeSqlQuery",
      { query: { query: "SELECT ?", queryParameters: [{}] } },
      'field "query.queryParameters.0.value": a value is required; it may be null',
    ],
    ["POST", "/tools", { toolSpec: {} }, 'unknown field "toolSpec"'],
    ["POST", "/tools/get_Customer:execute", { parameters: [] }, 'field "parameters": expected an object'],
  ])("is nothing where %s %s with %j is a mistake", async (method, path, body, message) => {
    const { answer, calls } = await handedOn(method, path, body);
    expect(failureOf(answer)).toMatchObject({ status: 400, code: "INVALID_ARGUMENT", message });
    expect(calls).toEqual([]);
  });

  // {"Name": "Ada"} was answered by 'Did you mean "name"?'.
  it.each([
    [{ Name: "Ada" }, 'The values go into an object: {"fields": {…}}.'],
    [{ feilds: { Name: "Ada" } }, 'Did you mean "fields"?'],
  ])("tells where the values of %j go", async (body, hint) => {
    const { answer } = await handedOn("POST", "/entityTypes/Customer/entities", body);
    expect(failureOf(answer)).toMatchObject({ status: 400, metadata: { hint } });
  });

  it("tells every mistake, and the nearest name", async () => {
    const { answer } = await handedOn("GET", "/entityTypes/Customer/entities?pagSize=1&alt=xml");
    expect(failureOf(answer)).toEqual({
      status: 400,
      code: "INVALID_ARGUMENT",
      reason: "INVALID_QUERY",
      message: 'query parameter "alt": expected "json" (and 1 more)',
      metadata: { hint: 'Did you mean "pageSize"?' },
      others: [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: [
            { field: "alt", description: 'query parameter "alt": expected "json"' },
            { field: "pagSize", description: 'unknown query parameter "pagSize"' },
          ],
        },
      ],
    });
  });
});

describe("the fields of an answer", () => {
  const ask = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const connector = tableConnector();
    await connector.createEntity({ entity: "Customer", connectorInputPayload: { Name: "Ann", Email: "a@b.example" } });
    const { send } = await startApi(serve(connector));
    return send("GET", `${connectionPath}${path}`, { headers });
  };

  it("are those that are asked for, in the query or a header", async () => {
    const path = "/entityTypes/Customer/entities";
    for (const answer of [
      await ask(`${path}?fields=entities/fields/Name`),
      await ask(path, { "x-goog-fieldmask": "entities.fields.Name" }),
      await ask(`${path}?fields=entities/fields/Name`, { "x-goog-fieldmask": "nextPageToken" }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
      expect(answer.body).toEqual({ entities: [{ fields: { Name: "Ann" } }] });
    }
  });

  it("are all of them where none is named", async () => {
    expect((await ask("/entityTypes/Customer?fields=")).body).toEqual((await ask("/entityTypes/Customer")).body);
  });

  it("are those of a failure all the same", async () => {
    const answer = await ask("/entityTypes/Customer/entities/cus_none?fields=name&prettyPrint=true");
    expect(failureOf(answer)).toMatchObject({ status: 404, reason: "ENTITY_NOT_FOUND" });
  });

  it("have a name suggested for one that there is not", async () => {
    expect(failureOf(await ask("/actions?fields=action"))).toMatchObject({
      metadata: { hint: 'Did you mean "actions"?' },
    });
  });
});

describe("HEAD", () => {
  it("is GET without the body, failures too", async () => {
    const connector = tableConnector();
    const { connectorOutputPayload: made } = await connector.createEntity({
      entity: "Customer",
      connectorInputPayload: { Name: "Ann" },
    });
    const { send } = await startApi(serve(connector));
    const customer = `${connectionPath}/entityTypes/Customer/entities/${made["Id"]}`;
    for (const path of [
      `${connectionPath}:checkStatus`,
      customer,
      `${customer}?fields=name`,
      `${customer}x`,
      "/openapi.json",
      "/healthz",
      "/nothing",
    ]) {
      const [get, head] = [await send("GET", path), await send("HEAD", path)];
      expect({ path, status: head.status, text: head.text }).toEqual({ path, status: get.status, text: "" });
      for (const name of ["content-type", "content-length"]) expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });
});

describe("OPTIONS", () => {
  it.each([
    [`${connectionPath}/entityTypes/Customer/entities`, "GET, HEAD, OPTIONS, POST"],
    [`${connectionPath}:executeSqlQuery`, "OPTIONS, POST"],
    [`${connectionPath}/actions?fields=nothing&x=1`, "GET, HEAD, OPTIONS"],
    ["/healthz", "GET, HEAD, OPTIONS"],
  ])("tells the methods of %s", async (path, allow) => {
    const { send } = await startApi(serve(tableConnector()));
    const { status, headers, text } = await send("OPTIONS", path);
    expect({ status, allow: headers.get("allow"), text }).toEqual({ status: 204, allow, text: "" });
  });

  it("tells nothing without the token, nor of a path that there is not", async () => {
    const { send } = await startApi(serve(tableConnector()));
    const path = `${connectionPath}/actions`;
    expect((await send("OPTIONS", path, { headers: { authorization: "Bearer no" } })).status).toBe(401);
    expect((await send("OPTIONS", path.replace("stripe-eu", "none"))).status).toBe(404);
    expect((await send("OPTIONS", "/nothing")).status).toBe(404);
  });
});

describe("a request that asks for another method by a header", () => {
  it("is not carried out", async () => {
    const connector = tableConnector();
    const { send } = await startApi(serve(connector));
    const ask = (method: string) =>
      send("POST", `${connectionPath}/entityTypes/Customer/entities`, {
        headers: { "x-http-method-override": method },
        body: { fields: { Name: "Ann" } },
      });
    expect(failureOf(await ask("GET"))).toMatchObject({ status: 400, reason: "MALFORMED_HTTP" });
    expect(connector.writes()).toBe(0);
    expect((await ask("POST")).status).toBe(200);
  });
});

describe("a request with hundreds of mistakes", () => {
  it("is told of the first of them", async () => {
    const { send } = await startApi(serve(tableConnector()));
    const query = Array.from({ length: 900 }, (_, index) => `a${index}=1`).join("&");
    const answer = await send("GET", `${connectionPath}/actions?${query}`);
    expect(failureOf(answer)).toMatchObject({ message: 'unknown query parameter "a0" (and 899 more)' });
    expect(answer.text.length).toBeLessThan(4000);
  });
});

describe("the path of a connection", () => {
  it.each(["my-project", "p", "example.com:my-project", "123456789012"])("may name project %s", async (project) => {
    const { send } = await startApi(serve(tableConnector()));
    const path = `/v2/projects/${project}/locations/europe-west1/connections/stripe-eu:checkReadiness`;
    expect((await send("GET", path)).status).toBe(200);
  });

  it("names its location, and any where it has none", async () => {
    const { send } = await startApi([
      serve(tableConnector()),
      serve(tableConnector(), { name: "anywhere", location: undefined }),
    ]);
    const ask = (location: string, connection: string) =>
      send("GET", `/v2/projects/p/locations/${location}/connections/${connection}:checkReadiness`);
    expect((await ask("europe-west1", "stripe-eu")).status).toBe(200);
    expect((await ask("us-central1", "anywhere")).status).toBe(200);
    for (const [location, connection, reason] of [
      ["us-central1", "stripe-eu", "CONNECTION_NOT_FOUND"],
      ["-", "stripe-eu", "CONNECTION_NOT_FOUND"],
      ["-", "anywhere", "CONNECTION_NOT_FOUND"],
      ["europe-west1", "stripe-us", "CONNECTION_NOT_FOUND"],
      ["europe-west1", "__proto__", "CONNECTION_NOT_FOUND"],
    ] as const) {
      expect(failureOf(await ask(location, connection))).toMatchObject({ status: 404, code: "NOT_FOUND", reason });
    }
  });

  it("has to name a project that there could be", async () => {
    const { send } = await startApi(serve(tableConnector()));
    const answer = await send(
      "GET",
      "/v2/projects/My%20Project/locations/europe-west1/connections/stripe-eu:checkStatus",
    );
    expect(failureOf(answer)).toMatchObject({ status: 404, reason: "PROJECT_NOT_FOUND" });
  });
});
