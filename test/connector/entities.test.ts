import { beforeAll, describe, expect, test } from "vitest";
import type { Connector, EntityFields } from "../../src/connector/connector.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector, idsOf, listPages } from "../support/sandbox-connector.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 30 });
const connected = connectConnector(running);
const connector = (): Connector => connected.connector;

const create = async (entity: string, connectorInputPayload: EntityFields): Promise<string> => {
  const { connectorOutputPayload } = await connector().createEntity({ entity, connectorInputPayload });
  return String(connectorOutputPayload["Id"]);
};
const get = async (entity: string, entityId: string): Promise<EntityFields> =>
  (await connector().getEntity({ entity, entityId })).connectorOutputPayload;

/** A call that is refused before anything is sent. */
async function expectUnsent(call: () => Promise<unknown>, wanted: object): Promise<void> {
  const { value, sent } = await connected.traced(() => errorOf(call()));
  expect(value).toMatchObject(wanted);
  expect(value.position).toBeUndefined();
  expect(sent).toEqual([]);
}

/** What a program without types could send. */
const untyped = <Input>(input: unknown): Input => input as Input;

describe("getEntity", () => {
  test.each([
    [{ entity: "Custmer", entityId: "cus_1" }, "42P01", 'entity "Custmer" does not exist', 'Did you mean "Customer"?'],
    [{ entity: "constructor", entityId: "x" }, "42P01", 'entity "constructor" does not exist', expect.any(String)],
    [{ entity: "Balance", entityId: "x" }, "0A000", "entity Balance has no operation GET", undefined],
    [
      { entity: "InvoiceLineItem", entityId: "il_1" },
      "0A000",
      "entity InvoiceLineItem has no operation GET",
      undefined,
    ],
  ])("refuses %j", async (input, sqlState, message, hint) => {
    await expectUnsent(() => connector().getEntity(input), { sqlState, message, hint });
  });

  test.each([
    [undefined, "expected object"],
    [null, "expected object"],
    ["Customer", "expected object"],
    [{}, "entity: "],
    [{ entity: "Customer" }, "entityId: "],
    [{ entity: "Customer", entityId: "" }, "entityId: "],
    [{ entity: "Customer", entityId: 7 }, "entityId: "],
    [{ entity: "Customer", entityId: null }, "entityId: "],
    [{ entity: "Customer", entityId: ["cus_1"] }, "entityId: "],
    [{ entity: "Customer", entityId: "cus_1", filterClause: "Name = 'x'" }, 'Unrecognized key: "filterClause"'],
    [{ entity: "Customer", entityId: "x".repeat(501) }, "entityId: "],
  ])("refuses the input %j and says what is wrong in it", async (input, detail) => {
    await expectUnsent(() => connector().getEntity(untyped(input)), {
      sqlState: "22023",
      message: "the input is not of the form that the call takes",
      detail: expect.stringContaining(detail),
    });
  });

  test("gives each field of the entity, by one request", async () => {
    const id = await create("Customer", {
      Name: "Ada",
      Email: "ada@example.com",
      Balance: -500,
      Address: { city: "Lyon", country: "FR" },
      Metadata: { order_id: "6735" },
      PreferredLocales: ["fr", "en"],
    });
    const { value, sent } = await connected.traced(() => get("Customer", id));
    expect(sent).toEqual([`GET /v1/customers/${id}`]);
    const { fields } = await connector().getEntityType({ entity: "Customer" });
    expect(Object.keys(value)).toEqual(fields.map(({ name }) => name));
    expect(value).toMatchObject({
      Id: id,
      Object: "customer",
      Name: "Ada",
      Balance: -500,
      AddressCity: "Lyon",
      AddressLine1: null,
      Created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      Livemode: false,
      Metadata: { order_id: "6735" },
      PreferredLocales: ["fr", "en"],
      Phone: null,
    });
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
  });

  test("gives what List gives of the same row", async () => {
    const [row = {}] = (await connector().listEntities({ entity: "Invoice" })).connectorOutputPayload;
    expect(await get("Invoice", String(row["Id"]))).toEqual(row);
  });

  test("takes the entity in Stripe's spelling, and gives its fields in ours", async () => {
    const [row = {}] = (await connector().listEntities({ entity: "payment_intents" })).connectorOutputPayload;
    expect(row).toHaveProperty("AmountReceived");
    expect(await get("payment_intent", String(row["Id"]))).toEqual(row);
  });

  test("finds an entity that is listed by its parent alone", async () => {
    const [row = {}] = (await connector().listEntities({ entity: "CustomerTaxId" })).connectorOutputPayload;
    expect(await get("CustomerTaxId", String(row["Id"]))).toEqual(row);
  });

  test.each(["cus_nobody", "..", "../charges", "a/b", "?", "cus_1' OR '1'='1", "'; DELETE FROM Customer; --", "%"])(
    "says that there is no %s",
    async (entityId) => {
      const error = await errorOf(connector().getEntity({ entity: "Customer", entityId }));
      expect(error).toMatchObject({ sqlState: "02000", message: `Customer "${entityId}" does not exist` });
      expect(error.position).toBeUndefined();
    },
  );

  test("says that there is none of an id that another entity has, or one that is deleted", async () => {
    const id = await create("Customer", { Name: "Gone" });
    await connector().deleteEntity({ entity: "Customer", entityId: id });
    const product = await create("Product", { Name: "A product" });
    for (const entityId of [id, product]) {
      expect((await errorOf(connector().getEntity({ entity: "Customer", entityId }))).sqlState).toBe("02000");
    }
  });

  test("tells a key without permission from an entity that is not there", async () => {
    running.sandbox.faults.add({
      effect: { kind: "status", status: 403, body: { error: { type: "invalid_request_error", message: "No." } } },
    });
    const error = await errorOf(connector().getEntity({ entity: "Customer", entityId: "cus_1" }));
    expect(error).toMatchObject({ sqlState: "42501", stripe: { status: 403, requestId: expect.any(String) } });
  });
});

describe("createEntity", () => {
  test.each([
    ["Custmer", {}, { sqlState: "42P01" }],
    ["Event", { Type: "x" }, { sqlState: "0A000", message: "entity Event has no operation CREATE" }],
    ["Customer", { Nmae: "x" }, { sqlState: "42703", hint: expect.stringContaining('"Name"') }],
    ["Customer", { Created: 1 }, { sqlState: "0A000", message: expect.stringContaining('"Created"') }],
    ["Customer", { "Name; DROP": "x" }, { sqlState: "42703" }],
    ["Customer", { 'Na"me': "x" }, { sqlState: "42703" }],
    ["Customer", { "": "x" }, { sqlState: expect.stringMatching(/^42/) }],
    ["Customer", { Name: { first: "A" } }, { sqlState: "22P02", message: expect.stringContaining('"Name"') }],
    ["Customer", { Name: ["A"] }, { sqlState: "22P02" }],
    ["Customer", { Balance: "much" }, { sqlState: "22P02" }],
    ["Customer", { Balance: true }, { sqlState: "22023" }],
    ["Customer", { Balance: "9223372036854775808" }, { sqlState: "22P02" }],
    ["Customer", { Metadata: "no object" }, { sqlState: expect.stringMatching(/^22/) }],
    ["Customer", { Name: "a", name: "b" }, { sqlState: "22023", message: 'field "Name" is given twice' }],
    ["Customer", { AddressCity: "a", address_city: "b" }, { sqlState: "22023" }],
    ["Price", { UnitAmount: 5 }, { sqlState: "23502", message: expect.stringContaining('"Currency"') }],
    [
      "PaymentIntent",
      { Amount: 15.5, Currency: "usd" },
      { sqlState: "22023", hint: expect.stringContaining("minor unit") },
    ],
    [
      "CustomerTaxId",
      { Type: "eu_vat", Value: "DE1" },
      { sqlState: "23502", message: expect.stringContaining('"Customer"') },
    ],
  ])("refuses %s %j before anything is sent", async (entity, connectorInputPayload, wanted) => {
    await expectUnsent(() => connector().createEntity({ entity, connectorInputPayload }), wanted);
  });

  test("leaves it to Stripe whether it takes a value that the SDK does not know", async () => {
    const error = await errorOf(
      connector().createEntity({
        entity: "PaymentIntent",
        connectorInputPayload: { Amount: 100, Currency: "usd", CaptureMethod: "later" },
      }),
    );
    expect(error).toMatchObject({ sqlState: "22023", stripe: { param: "capture_method" } });
  });

  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  test.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "{}"],
    ["a list", [{ Name: "x" }]],
    ["undefined", { Name: undefined }],
    ["a date", { Name: new Date(0) }],
    ["a bigint", { Balance: 1n }],
    ["a function", { Name: () => "x" }],
    ["no number", { Balance: Number.NaN }],
    ["infinity", { Balance: Number.POSITIVE_INFINITY }],
    ["a circle", { Metadata: circle }],
    ["a structure without an end", { Metadata: JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`) }],
    ["a field that JavaScript hides", JSON.parse('{"Name":"x","__proto__":"y"}')],
    ["a hidden field below", JSON.parse('{"Metadata":{"a":{"__proto__":"y"}}}')],
    ["a name without an end", { ["x".repeat(501)]: 1 }],
  ])("refuses %s as a payload", async (_, payload) => {
    const input = { entity: "Customer", connectorInputPayload: payload };
    await expectUnsent(() => connector().createEntity(untyped(input)), {
      sqlState: "22023",
      detail: expect.stringContaining("connectorInputPayload"),
    });
  });

  test("gives the id, by one request", async () => {
    const { value, sent } = await connected.traced(() =>
      connector().createEntity({ entity: "Customer", connectorInputPayload: { Name: "Ada", Balance: 1500.0 } }),
    );
    expect(value).toEqual({ connectorOutputPayload: { Id: expect.stringMatching(/^cus_/) } });
    expect(sent).toEqual(["POST /v1/customers name=Ada&balance=1500"]);
  });

  test("takes an empty payload where Stripe requires nothing", async () => {
    expect(await create("Customer", {})).toMatch(/^cus_/);
  });

  test.each([
    ["Stripe's spelling", { name: "A", address_city: "Lyon", invoice_settings_footer: "F" }],
    ["any case", { NAME: "A", addresscity: "Lyon", InvoicesettingsFooter: "F" }],
    ["structures", { Name: "A", Address: { city: "Lyon" }, InvoiceSettings: { footer: "F" } }],
    ["structures as text", { Name: "A", Address: '{"city":"Lyon"}', invoice_settings: '{"footer":"F"}' }],
  ])("takes fields in %s", async (_, payload) => {
    const { sent } = await connected.traced(() =>
      connector().createEntity({ entity: "Customer", connectorInputPayload: payload }),
    );
    expect(sent).toEqual(["POST /v1/customers name=A&address[city]=Lyon&invoice_settings[footer]=F"]);
  });

  test("sends a structure or a list as deep as it is", async () => {
    const price = await create("Price", {
      Currency: "usd",
      UnitAmount: 500,
      ProductData: { name: "Tea" },
      Recurring: { interval: "month", interval_count: 3 },
      Metadata: { a: "1", "b c": "ü" },
    });
    expect(await get("Price", price)).toMatchObject({
      RecurringInterval: "month",
      RecurringIntervalCount: 3,
      Metadata: { a: "1", "b c": "ü" },
    });
    const { sent } = await connected.traced(() =>
      connector().createEntity({
        entity: "Quote",
        connectorInputPayload: { LineItems: [{ price, quantity: 2 }, { price }] },
      }),
    );
    expect(sent).toEqual([
      `POST /v1/quotes line_items[0][price]=${price}&line_items[0][quantity]=2&line_items[1][price]=${price}`,
    ]);
  });

  test("takes times as ISO 8601 and as seconds, and numbers as text", async () => {
    for (const RedeemBy of ["2027-01-01T00:00:00Z", 1798761600, "1798761600", "2027-01-01"]) {
      const { sent } = await connected.traced(() =>
        create("Coupon", { PercentOff: "12.5", Duration: "once", RedeemBy, MaxRedemptions: "3" }),
      );
      expect(sent).toEqual(["POST /v1/coupons percent_off=12.5&duration=once&redeem_by=1798761600&max_redemptions=3"]);
    }
  });

  test("leaves out what is null", async () => {
    const { sent } = await connected.traced(() => create("Customer", { Name: null, Email: "a@example.com" }));
    expect(sent).toEqual([expect.stringMatching(/^POST \/v1\/customers email=a(%40|@)example\.com$/)]);
  });

  test("takes what looks like SQL as the text that it is", async () => {
    const Name = `'); DELETE FROM Customer; -- "$1" $2 ?`;
    const id = await create("Customer", { Name, Description: "$1" });
    expect(await get("Customer", id)).toMatchObject({ Name, Description: "$1" });
  });

  test("creates under a parent", async () => {
    const Customer = await create("Customer", { Name: "Taxed" });
    const { sent, value } = await connected.traced(() =>
      create("CustomerTaxId", { customer: Customer, Type: "eu_vat", Value: "DE123456789" }),
    );
    expect(sent).toEqual([`POST /v1/customers/${Customer}/tax_ids type=eu_vat&value=DE123456789`]);
    expect(await get("CustomerTaxId", value)).toMatchObject({ Customer, Value: "DE123456789" });
  });

  test.each(["AccountId", "account_id"])("acts as the account in %s", async (name) => {
    const id = await create("Customer", { Name: "Elsewhere", [name]: "acct_sandbox_connected" });
    expect(running.sandbox.requests.entries.at(-1)?.account).toBe("acct_sandbox_connected");
    expect(running.sandbox.requests.entries.at(-1)?.body).not.toContain("account");
    expect((await errorOf(connector().getEntity({ entity: "Customer", entityId: id }))).sqlState).toBe("02000");
    const { connectorOutputPayload: rows } = await connector().listEntities({
      entity: "Customer",
      filterClause: `AccountId = 'acct_sandbox_connected' AND Id = '${id}'`,
    });
    expect(idsOf(rows)).toEqual([id]);
  });

  test("keeps what Stripe says of a refusal", async () => {
    const { sent, value } = await connected.traced(() =>
      errorOf(create("Price", { Currency: "usd", UnitAmount: 1, Product: "prod_nothing" })),
    );
    expect(sent).toHaveLength(1);
    expect(value).toMatchObject({
      message: "No such product: 'prod_nothing'",
      stripe: {
        type: "invalid_request_error",
        code: "resource_missing",
        param: "product",
        requestId: expect.stringMatching(/^req_/),
      },
    });
    expect(value.position).toBeUndefined();
  });
});

describe("updateEntity", () => {
  let id = "";
  beforeAll(async () => {
    id = await create("Customer", { Name: "Jenny", Email: "jenny@example.com", Metadata: { a: "1", b: "2" } });
  });
  const update = (part: object) => connector().updateEntity(untyped({ entity: "Customer", ...part }));

  test.each([
    ["neither", {}],
    ["both", { entityId: "cus_1", filterClause: "Name = 'x'" }],
  ])("refuses %s of entityId and filterClause", async (_, part) => {
    await expectUnsent(() => update({ connectorInputPayload: { Name: "x" }, ...part }), {
      sqlState: "22023",
      message: "give either entityId or filterClause",
    });
  });

  test.each(["", " ", "\n\t "])("refuses the empty filter clause %j: never all", async (filterClause) => {
    await expectUnsent(() => update({ connectorInputPayload: { Name: "x" }, filterClause }), {
      sqlState: "22023",
      message: "an empty filter clause would match every entity",
    });
    await expectUnsent(() => connector().deleteEntity({ entity: "Customer", filterClause }), { sqlState: "22023" });
  });

  test.each([
    [
      "an empty payload",
      { connectorInputPayload: {}, entityId: "cus_1" },
      { sqlState: "22023", message: "connectorInputPayload names no field to update" },
    ],
    [
      "an account alone",
      { connectorInputPayload: { AccountId: "acct_1" }, entityId: "cus_1" },
      { sqlState: "22023", message: "connectorInputPayload names no field to update" },
    ],
    ["no payload", { entityId: "cus_1" }, { sqlState: "22023" }],
    ["an unknown field", { connectorInputPayload: { Nmae: "x" }, entityId: "cus_1" }, { sqlState: "42703" }],
    ["the id", { connectorInputPayload: { Id: "cus_2" }, entityId: "cus_1" }, { sqlState: "0A000" }],
    ["a field of Stripe's own", { connectorInputPayload: { Created: 1 }, entityId: "cus_1" }, { sqlState: "0A000" }],
    ["a wrong type", { connectorInputPayload: { Balance: "x" }, entityId: "cus_1" }, { sqlState: "22P02" }],
    [
      "an unknown field in the filter",
      { connectorInputPayload: { Name: "x" }, filterClause: "Nmae = 'x'" },
      { sqlState: "42703" },
    ],
    ["an empty id", { connectorInputPayload: { Name: "x" }, entityId: "" }, { sqlState: "22023" }],
    ["null for an id", { connectorInputPayload: { Name: "x" }, entityId: null }, { sqlState: "22023" }],
    ["null for a filter", { connectorInputPayload: { Name: "x" }, filterClause: null }, { sqlState: "22023" }],
  ])("refuses %s", async (_, part, wanted) => {
    const { value, sent } = await connected.traced(() => errorOf(update(part)));
    expect(value).toMatchObject(wanted);
    expect(sent).toEqual([]);
  });

  test.each([
    ["Event", "UPDATE"],
    ["Balance", "UPDATE"],
  ])("refuses %s: Stripe has no call for it", async (entity, operation) => {
    const input = { entity, connectorInputPayload: { Type: "x" }, filterClause: "Livemode = FALSE" };
    await expectUnsent(() => connector().updateEntity(input), {
      sqlState: "0A000",
      message: `entity ${entity} has no operation ${operation}`,
    });
  });

  test("changes the one entity by one request, and leaves its other fields", async () => {
    const { value, sent } = await connected.traced(() =>
      update({ entityId: id, connectorInputPayload: { Name: "John" } }),
    );
    expect(value).toEqual({ connectorOutputPayload: { Id: id } });
    expect(sent).toEqual([`POST /v1/customers/${id} name=John`]);
    expect(await get("Customer", id)).toMatchObject({ Name: "John", Email: "jenny@example.com" });
  });

  test("assigns metadata: the keys that are given are those that it has", async () => {
    await update({ entityId: id, connectorInputPayload: { Metadata: { b: "3", c: "4" } } });
    expect((await get("Customer", id))["Metadata"]).toEqual({ b: "3", c: "4" });
    await update({ entityId: id, connectorInputPayload: { metadata: { b: "3", c: null } } });
    expect((await get("Customer", id))["Metadata"]).toEqual({ b: "3" });
  });

  test("unsets a field by null", async () => {
    await update({ entityId: id, connectorInputPayload: { phone: "1", Description: "d" } });
    await update({ entityId: id, connectorInputPayload: { Phone: null } });
    expect(await get("Customer", id)).toMatchObject({ Phone: null, Description: "d" });
  });

  test.each(["cus_nobody", "a/b", ".."])("says that there is no %s", async (entityId) => {
    const error = await errorOf(update({ entityId, connectorInputPayload: { Name: "x" } }));
    expect(error).toMatchObject({ sqlState: "02000", message: `Customer "${entityId}" does not exist` });
  });

  test("writes in the account that the payload names", async () => {
    const there = await create("Customer", { Name: "There", AccountId: "acct_sandbox_connected" });
    const { value } = await connected.traced(() =>
      update({ entityId: there, connectorInputPayload: { Name: "Changed", account_id: "acct_sandbox_connected" } }),
    );
    expect(value).toEqual({ connectorOutputPayload: { Id: there } });
    expect(running.sandbox.requests.entries.every(({ account }) => account === "acct_sandbox_connected")).toBe(true);
  });

  describe("by a filter clause", () => {
    let ids: readonly string[] = [];
    beforeAll(async () => {
      const made: string[] = [];
      for (const name of ["x", "y", "z", "q"])
        made.push(await create("Product", { Name: `Bulk ${name}`, Active: true }));
      ids = made;
    });
    const filterClause = "Name LIKE 'Bulk %' AND Active = TRUE";
    const updateAll = () =>
      connector().updateEntity({ entity: "Product", filterClause, connectorInputPayload: { Description: "changed" } });

    test("changes each that matches, and names them", async () => {
      const { value, sent } = await connected.traced(updateAll);
      expect([...(value.entityIds ?? [])].sort()).toEqual([...ids].sort());
      expect(value.connectorOutputPayload).toEqual({ Id: value.entityIds?.[0] });
      expect(sent.filter((line) => line.startsWith("POST"))).toHaveLength(4);
    });

    test("that matches nothing changes nothing", async () => {
      const input = { entity: "Product", filterClause: "Name = 'none'", connectorInputPayload: { Description: "x" } };
      const { value, sent } = await connected.traced(() => connector().updateEntity(input));
      expect(value).toEqual({ connectorOutputPayload: {}, entityIds: [] });
      expect(sent.filter((line) => line.startsWith("POST"))).toEqual([]);
    });

    const refuse = (path: string, times = 1) =>
      running.sandbox.faults.add({
        method: "POST",
        path,
        times,
        effect: {
          kind: "status",
          status: 402,
          body: { error: { type: "card_error", code: "card_declined", param: "card", message: "Declined." } },
        },
      });

    test("of which one fails hides nothing: each id, Stripe's code and its request", async () => {
      const [failing = ""] = ids;
      refuse(`/v1/products/${failing}`);
      const error = await errorOf(updateAll());
      expect(error).toMatchObject({
        message: "Declined.",
        stripe: { type: "card_error", code: "card_declined", param: "card", requestId: expect.stringMatching(/^req_/) },
      });
      expect(error.detail).toMatch(
        new RegExp(
          `^Of 4 entities 3 were written: .*\\. Failed: ${failing} \\(Declined\\., card_declined, req_\\w+\\)\\. It is write (w-\\w+): SHOW WRITE '\\1' tells its calls, RESUME WRITE '\\1' goes on with what is left\\.$`,
        ),
      );
      for (const id of ids) expect(error.detail).toContain(id);
      expect(error.cause).toBeDefined();
    });

    test("that fails whole says how many it was to write", async () => {
      refuse("/v1/products", 10);
      expect(await errorOf(updateAll())).toMatchObject({
        message: "Declined.",
        detail: "None of 4 objects was written: 4 failed, 0 not tried.",
        stripe: { code: "card_declined" },
      });
    });

    test("that is canceled on its way names what was not tried", async () => {
      for (let row = 0; row < 12; row += 1) await create("Product", { Name: `Bulk more ${row}`, Active: true });
      const canceling = new AbortController();
      running.sandbox.faults.add({
        method: "POST",
        after: 6,
        effect: {
          kind: "rewrite",
          rewrite: (answer) => {
            canceling.abort();
            return answer;
          },
        },
      });
      const input = { entity: "Product", filterClause, connectorInputPayload: { Description: "again" } };
      const error = await errorOf(connector().updateEntity(input, { signal: canceling.signal }));
      expect(error.sqlState).toBe("57014");
      expect(error.detail).toMatch(
        /^Of 16 entities \d+ were written: .*In doubt, and perhaps carried out all the same: prod_.*Not tried: prod_/,
      );
    });
  });
});

describe("entities without an id", () => {
  test("are updated by a filter clause", async () => {
    const { value, sent } = await connected.traced(() =>
      connector().updateEntity({
        entity: "BalanceSettings",
        filterClause: "Object = 'balance_settings'",
        connectorInputPayload: { PaymentsDebitNegativeBalances: true },
      }),
    );
    expect(value).toEqual({ connectorOutputPayload: {}, entityIds: [] });
    expect(sent.at(-1)).toBe("POST /v1/balance_settings payments[debit_negative_balances]=true");
  });

  test("are no one's id", async () => {
    const input = {
      entity: "BalanceSettings",
      entityId: "x",
      connectorInputPayload: { PaymentsDebitNegativeBalances: true },
    };
    await expectUnsent(() => connector().updateEntity(input), {
      sqlState: "0A000",
      message: "entity BalanceSettings has no id",
    });
  });
});

describe("deleteEntity", () => {
  test.each([
    [{ entity: "Customer" }, { sqlState: "22023", message: "give either entityId or filterClause" }],
    [
      { entity: "Customer", entityId: "cus_1", filterClause: "Name = 'x'" },
      { sqlState: "22023", message: "give either entityId or filterClause" },
    ],
    [
      { entity: "Charge", entityId: "ch_1" },
      { sqlState: "0A000", message: "entity Charge has no operation DELETE" },
    ],
    [{ entity: "Customer", filterClause: "Nmae = 'x'" }, { sqlState: "42703" }],
    [{ entity: "Nothing", entityId: "x" }, { sqlState: "42P01" }],
    [{ entity: "Customer", entityId: "cus_1", connectorInputPayload: {} }, { sqlState: "22023" }],
  ])("refuses %j", async (input, wanted) => {
    const { value, sent } = await connected.traced(() => errorOf(connector().deleteEntity(untyped(input))));
    expect(value).toMatchObject(wanted);
    expect(sent).toEqual([]);
  });

  test("deletes the one entity by one request, and gives nothing", async () => {
    const id = await create("Customer", { Name: "Short" });
    const { value, sent } = await connected.traced(() =>
      connector().deleteEntity({ entity: "Customer", entityId: id }),
    );
    expect(value).toEqual({});
    expect(sent).toEqual([`DELETE /v1/customers/${id}`]);
    expect(await errorOf(connector().deleteEntity({ entity: "Customer", entityId: id }))).toMatchObject({
      sqlState: "02000",
      message: `Customer "${id}" does not exist`,
    });
  });

  test("deletes each that a filter clause matches, and names them", async () => {
    const ids = [await create("Customer", { Name: "Bulk a" }), await create("Customer", { Name: "Bulk b" })];
    const { entityIds } = await connector().deleteEntity({ entity: "Customer", filterClause: "Name LIKE 'Bulk _'" });
    expect([...(entityIds ?? [])].sort()).toEqual([...ids].sort());
    expect(await connector().deleteEntity({ entity: "Customer", filterClause: "Name LIKE 'Bulk _'" })).toEqual({
      entityIds: [],
    });
  });

  test("of which one fails names those that are gone", async () => {
    const ids = [await create("Customer", { Name: "Part a" }), await create("Customer", { Name: "Part b" })];
    running.sandbox.faults.add({
      method: "DELETE",
      path: `/v1/customers/${ids[1]}`,
      effect: { kind: "status", status: 400, body: { error: { type: "invalid_request_error", message: "Held." } } },
    });
    const error = await errorOf(connector().deleteEntity({ entity: "Customer", filterClause: "Name LIKE 'Part _'" }));
    expect(error.detail).toMatch(
      new RegExp(
        `^Of 2 entities 1 were written: ${ids[0]}\\. Failed: ${ids[1]} \\(Held\\., req_\\w+\\)\\. It is write w-`,
      ),
    );
  });

  test("deletes under a parent by the id alone", async () => {
    const Customer = await create("Customer", { Name: "Taxed" });
    const id = await create("CustomerTaxId", { Customer, Type: "eu_vat", Value: "DE123456789" });
    expect(await connector().deleteEntity({ entity: "CustomerTaxId", entityId: id })).toEqual({});
    const pages = await listPages(connector(), { entity: "CustomerTaxId", filterClause: `Customer = '${Customer}'` });
    expect(pages.flat()).toEqual([]);
  });
});
