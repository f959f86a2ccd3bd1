import { describe, expect, test } from "vitest";
import type { ActionResult, Connector, EntityFields, ExecuteActionInput } from "../../src/connector/connector.js";
import { flatResult } from "../../src/connector/flat-result.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector } from "../support/sandbox-connector.js";
import { errorOf } from "../support/scripted-client.js";
import { startScriptedServer } from "../support/scripted-server.js";

const running = connectSandbox({ customers: 20 });
const connected = connectConnector(running);
const connector = (): Connector => connected.connector;

const create = async (entity: string, connectorInputPayload: EntityFields): Promise<string> => {
  const { connectorOutputPayload } = await connector().createEntity({ entity, connectorInputPayload });
  return String(connectorOutputPayload["Id"]);
};
const execute = (action: string, connectorInputPayload: EntityFields = {}) =>
  connector().executeAction({ action, connectorInputPayload });
const resultOf = async (action: string, payload: EntityFields): Promise<ActionResult> => {
  const { connectorOutputPayload: results } = await execute(action, payload);
  expect(results).toHaveLength(1);
  return results[0] ?? {};
};
const createPayment = (fields: EntityFields = {}) =>
  create("PaymentIntent", { Amount: 2000, Currency: "usd", ...fields });

describe("an action", () => {
  test.each([
    [undefined, "expected object"],
    [{}, "action: "],
    [{ action: "" }, "action: "],
    [{ action: 7 }, "action: "],
    [{ action: "CancelQuote", connectorInputPayload: [] }, "connectorInputPayload: "],
    [{ action: "CancelQuote", connectorInputPayload: "x" }, "connectorInputPayload: "],
    [{ action: "CancelQuote", parameters: {} }, 'Unrecognized key: "parameters"'],
    [{ action: "CancelQuote", connectorInputPayload: JSON.parse('{"__proto__":1}') }, "connectorInputPayload: "],
  ])("is refused for the input %j, with what is wrong in it", async (input, detail) => {
    // What a program without types could send.
    const error = await errorOf(connector().executeAction(input as unknown as ExecuteActionInput));
    expect(error).toMatchObject({ sqlState: "22023", detail: expect.stringContaining(detail) });
  });

  test.each([
    [
      "CancelQoute",
      {},
      {
        sqlState: "42883",
        message: 'action "CancelQoute" does not exist',
        hint: expect.stringContaining('"CancelQuote"'),
      },
    ],
    ["constructor", {}, { sqlState: "42883" }],
    ["CancelQuote; SELECT 1", {}, { sqlState: "42883" }],
    ["CancelQuote", {}, { sqlState: "22023", message: expect.stringContaining('lacks "QuoteId"') }],
    ["CancelQuote", { QuoteId: null }, { sqlState: "22023", message: expect.stringContaining('"QuoteId"') }],
    ["CancelQuote", { QuoteId: "" }, { sqlState: "22023" }],
    ["CancelQuote", { QuoteId: {} }, { sqlState: "22023" }],
    [
      "CancelQuote",
      { QuoteId: "qt_1", Reason: "x" },
      { sqlState: "22023", message: expect.stringContaining('"Reason"') },
    ],
    [
      "CancelQuote",
      { QuoteId: "qt_1", quote_id: "qt_2" },
      { sqlState: "22023", message: 'field "QuoteId" is given twice' },
    ],
    ["CancelQuote", { 'Quote"Id': "qt_1" }, { sqlState: "22023" }],
    [
      "AttachPaymentMethodToCustomer",
      { PaymentMethodId: "pm_1" },
      { sqlState: "22023", message: expect.stringContaining('"CustomerId"') },
    ],
    ["CapturePaymentIntent", { PaymentIntentId: "pi_1", AmountToCapture: 15.5 }, { sqlState: "22023" }],
    ["CapturePaymentIntent", { PaymentIntentId: "pi_1", AmountToCapture: "much" }, { sqlState: "22P02" }],
    ["PdfQuote", { QuoteId: "qt_1" }, { sqlState: expect.stringMatching(/^(0A000|42883)$/) }],
  ])("%s %j is refused before anything is sent", async (action, payload, wanted) => {
    const { value, sent } = await connected.traced(() => errorOf(execute(action, payload)));
    expect(value).toMatchObject(wanted);
    expect(value.position).toBeUndefined();
    expect(sent).toEqual([]);
  });

  test("keeps what Stripe says of a refusal", async () => {
    const id = await createPayment({ PaymentMethod: "pm_card_chargeDeclined" });
    const error = await errorOf(
      execute("ConfirmPaymentIntent", { PaymentIntentId: id, ReturnUrl: "http://google.com/" }),
    );
    expect(error).toMatchObject({
      stripe: {
        type: "card_error",
        code: "card_declined",
        declineCode: expect.any(String),
        requestId: expect.stringMatching(/^req_/),
        status: 402,
      },
    });
    expect(error.position).toBeUndefined();
  });

  test("of an object that is not there says which", async () => {
    expect(await errorOf(execute("CancelQuote", { QuoteId: "qt_nothing" }))).toMatchObject({
      message: "No such quote: 'qt_nothing'",
      stripe: { code: "resource_missing", status: 404, requestId: expect.any(String) },
    });
  });

  test.each([
    ["its own", { PaymentIntentId: "ID", CancellationReason: "duplicate" }],
    ["Stripe's", { payment_intent_id: "ID", cancellation_reason: "duplicate" }],
    ["any", { PAYMENTINTENTID: "ID", cancellationreason: "duplicate" }],
  ])("takes its inputs in %s spelling", async (_, payload) => {
    const id = await createPayment();
    const given = Object.fromEntries(
      Object.entries(payload).map(([name, value]) => [name, value === "ID" ? id : value]),
    );
    const { value, sent } = await connected.traced(() => resultOf("cancelpaymentintent", given));
    expect(sent).toEqual([`POST /v1/payment_intents/${id}/cancel cancellation_reason=duplicate`]);
    expect(value).toMatchObject({ Success: "true", id, status: "canceled", cancellation_reason: "duplicate" });
  });

  test("takes structures and lists as they are, and as text", async () => {
    for (const options of [{ card: { request_three_d_secure: "any" } }, '{"card":{"request_three_d_secure":"any"}}']) {
      const id = await createPayment({ PaymentMethod: "pm_card_visa" });
      const { sent } = await connected.traced(() =>
        execute("ConfirmPaymentIntent", {
          PaymentIntentId: id,
          ReturnUrl: "http://google.com/",
          PaymentMethodOptions: options,
        }).catch(() => undefined),
      );
      expect(sent[0]).toContain("payment_method_options[card][request_three_d_secure]=any");
    }
  });

  test("leaves out what is null", async () => {
    const id = await createPayment();
    const { sent } = await connected.traced(() =>
      execute("CancelPaymentIntent", { PaymentIntentId: id, CancellationReason: null }),
    );
    expect(sent).toEqual([`POST /v1/payment_intents/${id}/cancel`]);
  });

  test("acts as the account in AccountId", async () => {
    const id = await createPayment({ AccountId: "acct_sandbox_connected" });
    expect((await errorOf(execute("CancelPaymentIntent", { PaymentIntentId: id }))).stripe.code).toBe(
      "resource_missing",
    );
    const result = await resultOf("CancelPaymentIntent", { PaymentIntentId: id, account_id: "acct_sandbox_connected" });
    expect(result["status"]).toBe("canceled");
    expect(running.sandbox.requests.entries.at(-1)?.account).toBe("acct_sandbox_connected");
  });

  test("takes a time as results give it, as seconds and as ISO 8601", async () => {
    for (const ExpiresAt of ["1798761600", 1798761600, "2027-01-01T00:00:00Z"]) {
      const { sent } = await connected.traced(() => errorOf(execute("FinalizeQuote", { QuoteId: "qt_x", ExpiresAt })));
      expect(sent).toEqual(["POST /v1/quotes/qt_x/finalize expires_at=1798761600"]);
    }
  });
});

describe("a result", () => {
  test("is flat: every value a text or null, whatever it is at Stripe", async () => {
    const Customer = await create("Customer", { Name: "Lines" });
    await create("InvoiceItem", { Customer, Amount: 1500, Currency: "usd" });
    const invoice = await create("Invoice", {
      Customer,
      PendingInvoiceItemsBehavior: "include",
      Metadata: { order: "1" },
    });
    const result = await resultOf("FinalizeInvoice", { InvoiceId: invoice });
    expect(Object.values(result).filter((value) => value !== null && typeof value !== "string")).toEqual([]);
    expect(result).toMatchObject({
      Success: "true",
      id: invoice,
      total: "1500",
      "metadata.order": "1",
      "lines.has_more": "false",
      "lines.total_count": "1",
      paid: "false",
      "status_transitions.finalized_at": expect.stringMatching(/^\d{10}$/),
    });
    expect(JSON.parse(String(result["lines.data"]))).toMatchObject([{ amount: 1500 }]);
    const described = (await connector().getAction({ action: "FinalizeInvoice" })).resultMetadata.map(
      ({ name }) => name,
    );
    expect(described).toEqual(expect.arrayContaining(["Success", "id", "paid", "lines.data", "payment_intent"]));
  });

  test("tells of a structure by its parts: no name is null that has some", async () => {
    const id = await createPayment({ PaymentMethod: "pm_card_threeDSecureRequired" });
    const result = await resultOf("ConfirmPaymentIntent", { PaymentIntentId: id, ReturnUrl: "http://google.com/" });
    expect(result).toMatchObject({ status: "requires_action", "next_action.type": expect.any(String) });
    expect(result).not.toHaveProperty("next_action");
    expect(result).toMatchObject({ level3: null, transfer_data: null });
  });

  test("of a list has one object for each row of all its pages", async () => {
    const page = (ids: readonly string[], has_more: boolean) =>
      ({
        kind: "json",
        body: { object: "list", data: ids.map((id) => ({ id, object: "source_transaction" })), has_more },
      }) as const;
    const server = await startScriptedServer([page(["srctxn_1", "srctxn_2"], true), page(["srctxn_3"], false)]);
    const other = await connected.open({ apiBase: server.url });
    const { connectorOutputPayload } = await other.executeAction({
      action: "ListSourceTransactions",
      connectorInputPayload: { SourceId: "src_1" },
    });
    expect(connectorOutputPayload).toEqual(
      ["srctxn_1", "srctxn_2", "srctxn_3"].map((id) => ({ Success: "true", id, object: "source_transaction" })),
    );
    expect(server.requests.map(({ path }) => path)).toEqual(Array(2).fill("/v1/sources/src_1/source_transactions"));
    await server.close();
  });

  test.each([
    [
      { a: null, b: "", c: "x" },
      { a: null, b: "", c: "x" },
    ],
    [
      { n: 0, big: 9007199254740991, f: 1.5, neg: -1 },
      { n: "0", big: "9007199254740991", f: "1.5", neg: "-1" },
    ],
    [
      { yes: true, no: false },
      { yes: "true", no: "false" },
    ],
    [
      { none: [], some: [1, "a", null], of: [{ a: [] }] },
      { none: null, some: '[1,"a",null]', of: '[{"a":[]}]' },
    ],
    [
      { o: { p: { q: 1 } }, r: { s: null } },
      { "o.p.q": "1", "r.s": null },
    ],
    [{ empty: {}, deep: { empty: {} } }, {}],
    [
      { "a.b": 1, c: { "d e": 2 } },
      { "a.b": "1", "c.d e": "2" },
    ],
    [{}, {}],
  ])("of %j is %j", (object, flat) => {
    expect(flatResult(object)).toEqual(flat);
  });
});

describe("reading actions", () => {
  test("are allowed on a read-only connection, writing ones are not", async () => {
    const reading = await connected.open({ readOnly: true });
    const { rows } = await running.query("SELECT Id, Customer FROM PaymentMethod WHERE Customer IS NOT NULL LIMIT 1");
    const { Id, Customer } = rows[0] ?? {};
    const { connectorOutputPayload } = await reading.executeAction({
      action: "RetrieveCustomerPaymentMethod",
      connectorInputPayload: { CustomerId: String(Customer), PaymentMethodId: String(Id) },
    });
    expect(connectorOutputPayload).toMatchObject([{ Success: "true", id: Id, customer: Customer, type: "card" }]);
    const writing = reading.executeAction({ action: "CancelQuote", connectorInputPayload: { QuoteId: "qt_1" } });
    expect((await errorOf(writing)).sqlState).toBe("25006");
  });
});
