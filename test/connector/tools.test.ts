import { beforeAll, describe, expect, test } from "vitest";
import type { Connector, ExecuteToolInput, Operation, Tool } from "../../src/connector/connector.js";
import type { Json, JsonObject } from "../../src/value/json.js";
import { malformedSchema, schemaMistakes } from "../support/json-schema.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector, pagesOfNames } from "../support/sandbox-connector.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 20 });
const connected = connectConnector(running);
const connector = (): Connector => connected.connector;

let tools: readonly Tool[] = [];
let byName = new Map<string, Tool>();
beforeAll(async () => {
  const pages = await pagesOfNames(async (page) => {
    const { tools: items, nextPageToken } = await connector().listTools(page);
    return { items, nextPageToken };
  });
  tools = pages.flat();
  byName = new Map(tools.map((tool) => [tool.name, tool]));
});

const execute = async (tool: string, parameters: JsonObject = {}): Promise<JsonObject> => {
  const { result } = await connector().executeTool({ tool, parameters });
  expect(schemaMistakes(byName.get(tool)?.inputSchema ?? {}, parameters, "input")).toEqual([]);
  expect(schemaMistakes(byName.get(tool)?.outputSchema ?? {}, result, "output")).toEqual([]);
  return result;
};

describe("each tool", () => {
  test("has a name of its own that every agent takes", () => {
    expect(byName.size).toBe(tools.length);
    expect(tools.filter(({ name }) => !/^[A-Za-z0-9_]{1,64}$/.test(name)).map(({ name }) => name)).toEqual([]);
  });

  test("has a description, and schemas of objects that are well formed", () => {
    for (const { name, description, inputSchema, outputSchema, annotations } of tools) {
      expect(description, name).not.toBe("");
      expect(annotations.title, name).not.toBe("");
      for (const schema of [inputSchema, outputSchema]) {
        expect(malformedSchema(schema, name)).toEqual([]);
        expect([schema["type"]].flat(), name).toEqual(["object"]);
      }
    }
  });

  test("says what it does to Stripe", () => {
    const hints = (name: string): string => {
      const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = byName.get(name)?.annotations ?? {};
      return [
        readOnlyHint ? "reads" : "writes",
        ...(destructiveHint ? ["destroys"] : []),
        ...(idempotentHint ? ["again"] : []),
        ...(openWorldHint ? ["outside"] : []),
      ].join(" ");
    };
    expect(hints("list_Customer")).toBe("reads again outside");
    expect(hints("get_Customer")).toBe("reads again outside");
    expect(hints("create_Customer")).toBe("writes outside");
    expect(hints("update_Customer")).toBe("writes destroys again outside");
    expect(hints("delete_Customer")).toBe("writes destroys again outside");
    expect(hints("CancelPaymentIntent")).toBe("writes destroys outside");
    expect(hints("RetrieveMandate")).toBe("reads again outside");
    expect(hints("execute_sql_query")).toBe("writes destroys outside");
    // What reads destroys nothing.
    expect(
      tools.filter(({ annotations: { readOnlyHint, destructiveHint } }) => readOnlyHint && destructiveHint),
    ).toEqual([]);
  });

  test("is there for every operation of every entity, and for no other", async () => {
    const { types } = await connector().listEntityTypes({ pageSize: 200 });
    const verbs: Readonly<Record<Operation, string>> = {
      LIST: "list",
      GET: "get",
      CREATE: "create",
      UPDATE: "update",
      DELETE: "delete",
    };
    const wanted = types.flatMap(({ name, operations }) =>
      operations.map((operation) => `${verbs[operation]}_${name.replace(".", "_")}`),
    );
    const { actions } = await connector().listActions({ pageSize: 200 });
    expect([...byName.keys()].sort()).toEqual(
      [...wanted, ...actions.map(({ name }) => name), "execute_sql_query"].sort(),
    );
  });

  test("that creates requires what Stripe requires", () => {
    const payload = (name: string) =>
      (byName.get(name)?.inputSchema["properties"] as { connectorInputPayload: JsonObject } | undefined)
        ?.connectorInputPayload;
    expect(payload("create_Price")?.["required"]).toEqual(["Currency"]);
    expect(payload("create_CustomerTaxId")?.["required"]).toEqual(["Customer", "Type", "Value"]);
    expect(payload("create_Customer")?.["required"]).toBeUndefined();
    expect(byName.get("get_Customer")?.inputSchema["required"]).toEqual(["entityId"]);
    expect(byName.get("CancelQuote")?.inputSchema["required"]).toEqual(["QuoteId"]);
    expect(byName.get("execute_sql_query")?.inputSchema["required"]).toEqual(["query"]);
  });
});

describe("executeTool", () => {
  test.each([
    [{ tool: "list_Custmer", parameters: {} }, "42883", 'tool "list_Custmer" does not exist'],
    [{ tool: "constructor", parameters: {} }, "42883", 'tool "constructor" does not exist'],
    [{ tool: "LIST_Customer", parameters: {} }, "42883", 'tool "LIST_Customer" does not exist'],
    [{ tool: "delete_Charge", parameters: { entityId: "ch_1" } }, "42883", 'tool "delete_Charge" does not exist'],
    [{ tool: "PdfQuote", parameters: { QuoteId: "qt_1" } }, "42883", 'tool "PdfQuote" does not exist'],
    [{ tool: "", parameters: {} }, "22023", expect.any(String)],
    [{ tool: "list_Customer", parameters: [] }, "22023", expect.any(String)],
    [{ tool: "list_Customer", parameters: "x" }, "22023", expect.any(String)],
    [{ tool: "list_Customer", parameters: { pageSize: 1 } }, "22023", expect.any(String)],
    [{ tool: "list_Customer", parameters: { listEntitiesPageSize: 0 } }, "22023", expect.any(String)],
    [{ tool: "get_Customer", parameters: {} }, "22023", expect.any(String)],
    [{ tool: "get_Customer", parameters: { filterClause: "x" } }, "22023", expect.any(String)],
    [{ tool: "update_Customer", parameters: { entityId: "cus_1" } }, "22023", expect.any(String)],
    [
      { tool: "update_Customer", parameters: { connectorInputPayload: { Name: "x" } } },
      "22023",
      "give either entityId or filterClause",
    ],
    [{ tool: "delete_Customer", parameters: {} }, "22023", "give either entityId or filterClause"],
    [{ tool: "delete_Customer", parameters: { filterClause: "" } }, "22023", expect.any(String)],
    [{ tool: "execute_sql_query", parameters: {} }, "22023", expect.any(String)],
    [{ tool: "CancelQuote", parameters: {} }, "22023", expect.stringContaining("QuoteId")],
    [{ tool: "CancelQuote", parameters: { QuoteId: "qt_1", nonsense: 1 } }, "22023", expect.any(String)],
    [{ tool: "create_Customer", parameters: { connectorInputPayload: { Nmae: "x" } } }, "42703", expect.any(String)],
    [{ tool: "create_Customer", parameters: {} }, "22023", expect.any(String)],
    [{ tool: "create_Price", parameters: { connectorInputPayload: {} } }, "23502", expect.stringContaining("Currency")],
    [
      { tool: "list_Customer", parameters: { entity: "Charge" } },
      "22023",
      'tool "list_Customer" takes no entity: it is for Customer alone',
    ],
    [{ name: "list_Customer" }, "22023", expect.any(String)],
    [undefined, "22023", expect.any(String)],
  ])("refuses %j before anything is sent", async (input, sqlState, message) => {
    // What a program without types could send.
    const call = () => errorOf(connector().executeTool(input as unknown as ExecuteToolInput));
    const { value, sent } = await connected.traced(call);
    expect(value).toMatchObject({ sqlState, message });
    expect(sent).toEqual([]);
  });

  test("lists as listEntities does", async () => {
    const parameters = {
      filterClause: "Livemode = FALSE",
      listEntitiesPageSize: 3,
      listEntitiesSortByColumns: ["Name DESC"],
    };
    const direct = await connector().listEntities({ entity: "Customer", ...parameters });
    expect(await execute("list_Customer", parameters)).toEqual(direct);
    const next = { ...parameters, listEntitiesPageToken: direct.listEntitiesNextPageToken ?? "" };
    expect(await execute("list_Customer", next)).toEqual(
      await connector().listEntities({ entity: "Customer", ...next }),
    );
    expect(await execute("list_v2_Account")).toEqual(await connector().listEntities({ entity: "v2.Account" }));
  });

  test("creates, gets, updates and deletes as the calls do", async () => {
    const made = await execute("create_Customer", {
      connectorInputPayload: { Name: "By a tool", Email: "t@example.com" },
    });
    const entityId = idOf(made);
    expect(await execute("get_Customer", { entityId })).toEqual(
      await connector().getEntity({ entity: "Customer", entityId }),
    );
    expect(await execute("update_Customer", { entityId, connectorInputPayload: { Name: "Changed" } })).toEqual({
      connectorOutputPayload: { Id: entityId },
    });
    const filterClause = `Id = '${entityId}'`;
    expect(await execute("update_Customer", { filterClause, connectorInputPayload: { Name: "Again" } })).toEqual({
      connectorOutputPayload: { Id: entityId },
      entityIds: [entityId],
    });
    expect(await execute("delete_Customer", { filterClause })).toEqual({ entityIds: [entityId] });
    const other = idOf(await execute("create_Customer", { connectorInputPayload: {} }));
    expect(await execute("delete_Customer", { entityId: other })).toEqual({});
  });

  test("runs an action as executeAction does", async () => {
    const makeQuote = async (): Promise<string> => {
      const { rows } = await running.query("SELECT Id FROM Customer LIMIT 1");
      const { rows: prices } = await running.query("SELECT Id FROM Price WHERE Active AND Type = 'recurring' LIMIT 1");
      const connectorInputPayload = {
        Customer: rows[0]?.["Id"],
        LineItems: [{ price: prices[0]?.["Id"] }],
      } as JsonObject;
      return idOf({ ...(await connector().createEntity({ entity: "Quote", connectorInputPayload })) });
    };
    expect(await execute("CancelQuote", { QuoteId: await makeQuote() })).toEqual(
      await connector().executeAction({ action: "CancelQuote", connectorInputPayload: { QuoteId: await makeQuote() } }),
    );
  });

  test("runs SQL as executeSqlQuery does", async () => {
    const parameters = {
      query: "SELECT Id, Created FROM Customer WHERE Balance < ?",
      maxRows: 2,
      queryParameters: [{ dataType: "BIGINT", value: "1" }],
    };
    expect(await execute("execute_sql_query", parameters)).toEqual(await connector().executeSqlQuery(parameters));
  });

  test("gives the error of the call", async () => {
    const tool = errorOf(connector().executeTool({ tool: "get_Customer", parameters: { entityId: "cus_nobody" } }));
    const call = errorOf(connector().getEntity({ entity: "Customer", entityId: "cus_nobody" }));
    expect({ ...(await tool) }).toEqual({ ...(await call) });
  });
});

function idOf({ connectorOutputPayload }: { readonly [name: string]: unknown }): string {
  return String((connectorOutputPayload as Readonly<Record<string, Json>>)["Id"]);
}
