import { beforeAll, describe, expect, test } from "vitest";
import type { Action, Connector, EntityType, PageInput } from "../../src/connector/connector.js";
import type { JsonObject } from "../../src/value/json.js";
import { malformedSchema, schemaMistakes } from "../support/json-schema.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector, idsOf, pagesOfNames } from "../support/sandbox-connector.js";
import { errorOf } from "../support/scripted-client.js";
import { actionExamples, callSeed } from "./seed-examples.js";

const running = connectSandbox({ customers: 60 });
const connected = connectConnector(running);
const connector = (): Connector => connected.connector;

let types: readonly EntityType[] = [];
let actions: readonly Action[] = [];
beforeAll(async () => {
  types = (await connector().listEntityTypes({ pageSize: 200 })).types;
  actions = (await connector().listActions({ pageSize: 200 })).actions;
});

interface NamedPage {
  readonly items: readonly string[];
  readonly nextPageToken: string | null;
}

type ListNames = (input: PageInput) => Promise<NamedPage>;

const lists: readonly (readonly [string, ListNames])[] = [
  [
    "listEntityTypes",
    async (input) => {
      const { types, nextPageToken } = await connector().listEntityTypes(input);
      return { items: types.map(({ name }) => name), nextPageToken };
    },
  ],
  [
    "listActions",
    async (input) => {
      const { actions, nextPageToken } = await connector().listActions(input);
      return { items: actions.map(({ name }) => name), nextPageToken };
    },
  ],
  [
    "listTools",
    async (input) => {
      const { tools, nextPageToken } = await connector().listTools(input);
      return { items: tools.map(({ name }) => name), nextPageToken };
    },
  ],
];

describe.each(lists)("%s", (_, list) => {
  test.each([undefined, 40, 138, 200])("gives all names once, in pages of %s", async (pageSize) => {
    const pages = await pagesOfNames(list, pageSize === undefined ? {} : { pageSize });
    const names = pages.flat();
    expect(new Set(names).size).toBe(names.length);
    expect(pages.slice(0, -1).every((page) => page.length === (pageSize ?? 25))).toBe(true);
    expect(pages.at(-1)?.length).toBeGreaterThan(0);
  });

  test.each([
    [{ pageSize: 0 }, "pageSize: "],
    [{ pageSize: 201 }, "pageSize: "],
    [{ pageSize: "25" }, "pageSize: "],
    [{ pageToken: 5 }, "pageToken: "],
    [{ size: 5 }, 'Unrecognized key: "size"'],
    [null, "expected object"],
  ])("refuses %j", async (input, detail) => {
    // What a program without types could send.
    const error = await errorOf(list(input as never));
    expect(error).toMatchObject({ sqlState: "22023", detail: expect.stringContaining(detail) });
  });

  test("refuses a token of another list, or a changed one", async () => {
    const own = (await list({ pageSize: 5 })).nextPageToken ?? "";
    const others = await Promise.all(lists.map(([, other]) => other({ pageSize: 5 })));
    const tokens = others.map(({ nextPageToken }) => nextPageToken ?? "").filter((token) => token !== own);
    expect(tokens).toHaveLength(2);
    for (const pageToken of [...tokens, `${own}A`, own.slice(1), ""]) {
      expect((await errorOf(list({ pageToken }))).sqlState, pageToken).toBe("22023");
    }
  });

  test("asks Stripe nothing", async () => {
    const { sent } = await connected.traced(() => list({}));
    expect(sent).toEqual([]);
  });
});

test("there are 138 entity types and 198 actions, and a tool for each operation, each action and SQL", async () => {
  expect(types).toHaveLength(138);
  expect(actions).toHaveLength(198);
  const operations = types.reduce((sum, type) => sum + type.operations.length, 0);
  const tools = await pagesOfNames(
    async (input) => {
      const { tools, nextPageToken } = await connector().listTools(input);
      return { items: tools.map(({ name }) => name), nextPageToken };
    },
    { pageSize: 200 },
  );
  expect(tools.flat()).toHaveLength(operations + actions.length + 1);
});

describe("an entity type", () => {
  test.each([
    [{ entity: "Custmer" }, "42P01", 'entity "Custmer" does not exist'],
    [{ entity: "v2.Custmer" }, "42P01", 'entity "v2.Custmer" does not exist'],
    [{ entity: "__proto__" }, "42P01", 'entity "__proto__" does not exist'],
    [{ entity: "" }, "22023", expect.any(String)],
    [{}, "22023", expect.any(String)],
    [undefined, "22023", expect.any(String)],
  ])("is refused for %j", async (input, sqlState, message) => {
    expect(await errorOf(connector().getEntityType(input as never))).toMatchObject({ sqlState, message });
  });

  test("is found in Stripe's spelling too", async () => {
    const customer = await connector().getEntityType({ entity: "Customer" });
    for (const entity of ["customer", "customers", "CUSTOMER"]) {
      expect(await connector().getEntityType({ entity })).toEqual(customer);
    }
    expect(await connector().getEntityType({ entity: "v2.accounts" })).toEqual(
      await connector().getEntityType({ entity: "v2.Account" }),
    );
  });

  test("is in the list as it describes itself", async () => {
    for (const type of types) expect(await connector().getEntityType({ entity: type.name })).toEqual(type);
  });

  test("offers what Stripe has", () => {
    const operations = (name: string) => types.find((type) => type.name === name)?.operations;
    expect(operations("Customer")).toEqual(["LIST", "GET", "CREATE", "UPDATE", "DELETE"]);
    expect(operations("Charge")).toEqual(["LIST", "GET", "CREATE", "UPDATE"]);
    expect(operations("Event")).toEqual(["LIST", "GET"]);
    expect(operations("Balance")).toEqual(["LIST"]);
    expect(types.filter((type) => !type.operations.includes("LIST"))).toEqual([]);
  });

  test("has fields that fit its schema: names, types, keys", () => {
    for (const { name, fields, jsonSchema } of types) {
      expect(malformedSchema(jsonSchema, name)).toEqual([]);
      expect(Object.keys(jsonSchema["properties"] as object)).toEqual(fields.map((field) => field.name));
      expect(fields.filter(({ key }) => key).length, name).toBeLessThanOrEqual(1);
      for (const field of fields) {
        expect(field.dataType, `${name}.${field.name}`).toMatch(
          /^(VARCHAR|BIGINT|DOUBLE|DECIMAL|BOOLEAN|TIMESTAMP_WITH_TIMEZONE|STRUCT|ARRAY)$/,
        );
        expect((jsonSchema["properties"] as Record<string, unknown>)[field.name]).toEqual(field.jsonSchema);
        expect((field.jsonSchema["type"] as readonly string[]).includes("null"), `${name}.${field.name}`).toBe(
          field.nullable,
        );
      }
    }
  });

  test("refers to fields of entities that exist", () => {
    const byName = new Map(types.map((type) => [type.name, type]));
    const broken = types.flatMap(({ name, fields }) =>
      fields.flatMap(({ name: field, reference }) => {
        if (reference === null) return [];
        const key = byName.get(reference.type)?.fields.find((other) => other.name === reference.name);
        return key?.key === true ? [] : [`${name}.${field} -> ${reference.type}.${reference.name}`];
      }),
    );
    expect(broken).toEqual([]);
    const invoice = byName.get("Invoice")?.fields.find(({ name }) => name === "Customer");
    expect(invoice?.reference).toEqual({ name: "Id", type: "Customer" });
  });

  test("has a default sort column that is the order of its list", async () => {
    expect(types.find(({ name }) => name === "Customer")?.defaultSortBy).toBe("Created DESC");
    expect(types.find(({ name }) => name === "InvoiceItem")?.defaultSortBy).toBe("");
    for (const { name: entity, defaultSortBy } of types.filter((type) => type.defaultSortBy !== "")) {
      const plain = await connector().listEntities({ entity, listEntitiesPageSize: 3 });
      const sorted = await connector().listEntities({
        entity,
        listEntitiesPageSize: 3,
        listEntitiesSortByColumns: [defaultSortBy],
      });
      expect(idsOf(sorted.connectorOutputPayload), entity).toEqual(idsOf(plain.connectorOutputPayload));
    }
  });

  test("has the fields that List gives, in order, and rows that fit its schema", async () => {
    const empty: string[] = [];
    for (const { name: entity, fields, jsonSchema } of types) {
      const { connectorOutputPayload: rows } = await connector().listEntities({ entity, listEntitiesPageSize: 10 });
      if (rows.length === 0) empty.push(entity);
      for (const row of rows) {
        expect(Object.keys(row), entity).toEqual(fields.map(({ name }) => name));
        expect(schemaMistakes(jsonSchema, row, entity)).toEqual([]);
      }
    }
    // The sandbox holds none of these.
    expect(empty).toEqual(["FeeRefund", "RadarValueListItem", "TestHelpersTestClock", "TransferReversal"]);
  });

  test("has the types of what Get gives and Create takes", async () => {
    const { connectorOutputPayload: made } = await connector().createEntity({
      entity: "Price",
      connectorInputPayload: { Currency: "usd", UnitAmountDecimal: "0.5", ProductData: { name: "Tiny" } },
    });
    const { connectorOutputPayload: price } = await connector().getEntity({
      entity: "Price",
      entityId: String(made["Id"]),
    });
    const schema = types.find(({ name }) => name === "Price")?.jsonSchema ?? {};
    expect(schemaMistakes(schema, price)).toEqual([]);
    expect(price).toMatchObject({ UnitAmount: null, UnitAmountDecimal: "0.5", Metadata: {} });
  });
});

/** Once, `enum` stood at every one, and who validated refused what Stripe had added since. */
test("known values are an enum where Stripe adds none, and examples where it may", async () => {
  const properties = types.find(({ name }) => name === "Invoice")?.jsonSchema["properties"] as JsonObject;
  expect(properties["Status"]).toMatchObject({ examples: ["draft", "open", "paid", "uncollectible", "void"] });
  expect(properties["Status"]).not.toHaveProperty("enum");
  expect(properties["Object"]).toMatchObject({ enum: ["invoice"] });
});

describe("an action", () => {
  test.each([
    [{ action: "CancelQoute" }, "42883", 'action "CancelQoute" does not exist'],
    [{ action: "" }, "22023", expect.any(String)],
    [{}, "22023", expect.any(String)],
  ])("is refused for %j", async (input, sqlState, message) => {
    expect(await errorOf(connector().getAction(input as never))).toMatchObject({ sqlState, message });
  });

  test("is in the list as it describes itself, the connector's nine first", async () => {
    expect(actions.slice(0, 9).map(({ name }) => name)).toEqual([
      "ConfirmPaymentIntent",
      "CapturePaymentIntent",
      "CancelPaymentIntent",
      "AttachPaymentMethodToCustomer",
      "DetachPaymentMethodFromCustomer",
      "FinalizeInvoice",
      "FinalizeQuote",
      "AcceptQuote",
      "CancelQuote",
    ]);
    for (const action of actions) expect(await connector().getAction({ action: action.name })).toEqual(action);
    expect(await connector().getAction({ action: "cancelquote" })).toEqual(
      await connector().getAction({ action: "CancelQuote" }),
    );
  });

  test.each([
    ["ConfirmPaymentIntent", ["PaymentIntentId"]],
    ["CapturePaymentIntent", ["PaymentIntentId"]],
    ["CancelPaymentIntent", ["PaymentIntentId"]],
    ["AttachPaymentMethodToCustomer", ["PaymentMethodId", "CustomerId"]],
    ["DetachPaymentMethodFromCustomer", ["PaymentMethodId"]],
    ["FinalizeInvoice", ["InvoiceId"]],
    ["FinalizeQuote", ["QuoteId"]],
    ["AcceptQuote", ["QuoteId"]],
    ["CancelQuote", ["QuoteId"]],
  ])("%s requires %j and nothing more", (name, required) => {
    const action = actions.find((one) => one.name === name);
    expect(action?.inputJsonSchema["required"]).toEqual(required);
    expect(action?.inputParameters.filter(({ nullable }) => !nullable).map((input) => input.name)).toEqual(required);
  });

  test("has inputs and results that fit their schemas", () => {
    for (const { name, displayName, inputParameters, inputJsonSchema, resultMetadata, resultJsonSchema } of actions) {
      expect(displayName.replaceAll(" ", "")).toBe(name);
      expect(malformedSchema(inputJsonSchema, name)).toEqual([]);
      expect(malformedSchema(resultJsonSchema, name)).toEqual([]);
      const inputs = inputParameters.map((input) => input.name);
      expect(new Set(inputs).size).toBe(inputs.length);
      expect(Object.keys(inputJsonSchema["properties"] as object)).toEqual(inputs);
      for (const input of inputParameters) {
        expect(input.jsonSchema).toEqual((inputJsonSchema["properties"] as Record<string, unknown>)[input.name]);
        expect((input.jsonSchema["type"] as readonly string[]).includes("null")).toBe(input.nullable);
      }
      expect(resultMetadata.map((result) => result.name)).toContain("Success");
      expect(resultMetadata.every(({ dataType }) => dataType === "VARCHAR")).toBe(true);
    }
  });

  test.each(actionExamples)("gives what it describes: $name", async ({ setup }) => {
    const call = await setup(connector());
    if (call.method !== "executeAction") throw new RangeError(call.method);
    const { resultMetadata, resultJsonSchema, inputJsonSchema } = await connector().getAction({
      action: call.input.action,
    });
    expect(schemaMistakes(inputJsonSchema, call.input.connectorInputPayload)).toEqual([]);
    const { connectorOutputPayload: results } = (await callSeed(connector(), call)) as Awaited<
      ReturnType<Connector["executeAction"]>
    >;
    expect(schemaMistakes(resultJsonSchema, results)).toEqual([]);
    const described = resultMetadata.map(({ name }) => name);
    const strangers = Object.keys(results[0] ?? {}).filter(
      // A structure is described whole, and given by its parts.
      (name) => !described.some((known) => name === known || name.startsWith(`${known}.`)),
    );
    expect(strangers).toEqual([]);
  });
});
