import { describe, expect, test } from "vitest";
import type { Row } from "../../src/driver/api.js";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 10 });

async function one(sql: string, values: readonly string[] = []): Promise<Row> {
  const { rows } = await running.query(sql, values);
  expect(rows).toHaveLength(1);
  return rows[0] ?? {};
}

async function paymentIntent(more: object = {}): Promise<string> {
  const { id } = await running.stripe.paymentIntents.create({
    amount: 1500,
    currency: "usd",
    payment_method: "pm_card_visa",
    allowed_payment_method_types: ["card"],
    ...more,
  });
  running.sandbox.requests.clear();
  return id;
}

async function quote(): Promise<string> {
  const { id: customer } = await running.stripe.customers.create({ name: "Ada", payment_method: "pm_card_visa" });
  const [price] = (await running.stripe.prices.list({ type: "one_time", active: true, limit: 1 })).data;
  const { id } = await running.stripe.quotes.create({
    customer,
    line_items: [{ price: price?.id ?? "", quantity: 2 }],
  });
  running.sandbox.requests.clear();
  return id;
}

describe("a payment intent", () => {
  test("is made of an amount written 1500.0", async () => {
    const row = await one(
      "INSERT INTO PaymentIntent (PaymentMethod, Currency, Amount) VALUES ('pm_card_visa', 'usd', 1500.0) RETURNING Id, Amount, Status",
    );
    expect(row).toEqual({ Id: expect.stringMatching(/^pi_/), Amount: 1500, Status: "requires_confirmation" });
  });

  test("is confirmed, with typed columns back", async () => {
    const id = await paymentIntent();
    const row = await one("EXEC ConfirmPaymentIntent PaymentIntentId = ?, ReturnUrl = 'https://example.com/'", [id]);
    expect(row).toMatchObject({
      Id: id,
      Status: "succeeded",
      Amount: 1500,
      AmountReceived: 1500,
      Livemode: false,
      CanceledAt: null,
    });
    expect(row["Created"]).toBeInstanceOf(Date);
    expect(requestLines(running.sandbox)).toEqual([
      `POST /v1/payment_intents/${id}/confirm return_url=https%3A%2F%2Fexample.com%2F`,
    ]);
  });

  test("is captured in part", async () => {
    const id = await paymentIntent({ capture_method: "manual", confirm: true });
    const row = await one("EXEC CapturePaymentIntent PaymentIntentId = ?, AmountToCapture = 1000.0", [id]);
    expect(row).toMatchObject({ Id: id, Status: "succeeded", AmountReceived: 1000, AmountCapturable: 0 });
  });

  test("is canceled with a reason", async () => {
    const id = await paymentIntent();
    const row = await one("EXEC CancelPaymentIntent PaymentIntentId = ?, CancellationReason = 'duplicate'", [id]);
    expect(row).toMatchObject({ Id: id, Status: "canceled", CancellationReason: "duplicate" });
    expect(row["CanceledAt"]).toBeInstanceOf(Date);
  });

  test("in the wrong state is refused with Stripe's own code", async () => {
    const id = await paymentIntent({ confirm: true });
    expect(await running.failure("EXEC CancelPaymentIntent PaymentIntentId = ?", [id])).toMatchObject({
      message: expect.stringContaining("You cannot cancel this PaymentIntent because it has a status of succeeded."),
      sqlState: "22023",
      detail: `POST /v1/payment_intents/${id}/cancel was answered with status 400.`,
      stripe: {
        type: "invalid_request_error",
        code: "payment_intent_unexpected_state",
        status: 400,
        requestId: expect.stringMatching(/^req_/),
      },
    });
  });

  test("whose card is declined says why", async () => {
    const id = await paymentIntent({ payment_method: "pm_card_chargeDeclinedInsufficientFunds" });
    expect(await running.failure("EXEC ConfirmPaymentIntent PaymentIntentId = ?", [id])).toMatchObject({
      message: "Your card has insufficient funds.",
      stripe: { type: "card_error", code: "card_declined", declineCode: "insufficient_funds", status: 402 },
    });
  });
});

describe("a payment method", () => {
  test("is attached to a customer and detached", async () => {
    const { id: customer } = await running.stripe.customers.create({ name: "Ada" });
    const { id } = await running.stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } });
    expect(
      await one("EXEC AttachPaymentMethodToCustomer PaymentMethodId = ?, CustomerId = ?", [id, customer]),
    ).toMatchObject({ Id: id, Customer: customer, CardBrand: "visa" });
    expect(await one("EXEC DetachPaymentMethodFromCustomer PaymentMethodId = ?", [id])).toMatchObject({
      Id: id,
      Customer: null,
    });
  });
});

describe("a quote", () => {
  test("is finalized and accepted, which gives its invoice", async () => {
    const id = await quote();
    expect(await one("EXEC FinalizeQuote QuoteId = ?", [id])).toMatchObject({ Id: id, Status: "open", Invoice: null });
    const accepted = await one("EXEC AcceptQuote QuoteId = ?", [id]);
    expect(accepted).toMatchObject({ Id: id, Status: "accepted", Invoice: expect.stringMatching(/^in_/) });
    expect(await one("SELECT Id FROM Invoice WHERE Id = ?", [String(accepted["Invoice"])])).toEqual({
      Id: accepted["Invoice"],
    });
  });

  test("is canceled", async () => {
    const id = await quote();
    expect(await one("EXEC CancelQuote QuoteId = ?", [id])).toMatchObject({ Id: id, Status: "canceled" });
    expect(await running.failure("EXEC AcceptQuote QuoteId = ?", [id])).toMatchObject({ sqlState: "22023" });
  });
});

describe("an invoice", () => {
  test("is finalized", async () => {
    const { id: customer } = await running.stripe.customers.create({ name: "Ada" });
    await running.stripe.invoiceItems.create({ customer, amount: 500, currency: "usd" });
    const { Id: id } = await one(
      "INSERT INTO Invoice (Customer, PendingInvoiceItemsBehavior, AutoAdvance) VALUES (?, 'include', FALSE) RETURNING Id",
      [customer],
    );
    expect(await one("EXEC FinalizeInvoice InvoiceId = ?, AutoAdvance = FALSE", [String(id)])).toMatchObject({
      Id: id,
      Status: "open",
      AmountDue: 500,
    });
  });
});

describe("a procedure is called", () => {
  test.each([
    "EXEC CancelPaymentIntent PaymentIntentId = ?",
    "EXECUTE CancelPaymentIntent @PaymentIntentId = ?",
    "exec cancelpaymentintent paymentintentid = ?",
    "CALL CancelPaymentIntent(PaymentIntentId => ?)",
    "CALL CancelPaymentIntent(PaymentIntentId := ?)",
    "EXEC [CancelPaymentIntent] PaymentIntentId = $1",
    "EXEC CancelPaymentIntent PaymentIntentId = @id",
  ])("as %s", async (sql) => {
    const id = await paymentIntent();
    const { command, rows } = await running.query(sql, sql.endsWith("@id") ? { id } : [id]);
    expect({ command, id: rows[0]?.["Id"], status: rows[0]?.["Status"] }).toEqual({
      command: "EXECUTE",
      id,
      status: "canceled",
    });
  });

  test("in a transaction with the same notice as any write", async () => {
    const connection = await running.open();
    const id = await paymentIntent();
    await connection.query("BEGIN");
    const { notices } = await connection.query("EXEC CancelPaymentIntent PaymentIntentId = ?", [id]);
    expect(notices).toEqual([
      "Stripe has no transactions: this write took effect at once and ROLLBACK will not undo it",
    ]);
  });
});

describe("the connector's nine procedures", () => {
  test.each([
    ["ConfirmPaymentIntent", ["PaymentIntentId"], ["ReturnUrl"]],
    ["CapturePaymentIntent", ["PaymentIntentId"], ["AmountToCapture"]],
    ["CancelPaymentIntent", ["PaymentIntentId"], ["CancellationReason"]],
    ["AttachPaymentMethodToCustomer", ["PaymentMethodId", "CustomerId"], []],
    ["DetachPaymentMethodFromCustomer", ["PaymentMethodId"], []],
    ["FinalizeInvoice", ["InvoiceId"], ["AutoAdvance"]],
    ["FinalizeQuote", ["QuoteId"], ["ExpiresAt"]],
    ["AcceptQuote", ["QuoteId"], []],
    ["CancelQuote", ["QuoteId"], []],
  ])("%s requires %j", async (name, required, optional) => {
    const { rows } = await running.query(`DESCRIBE ${name}`);
    const described = (wanted: string) =>
      rows.filter((row) => row["Required"] === wanted).map((row) => row["Parameter"]);
    expect(described("yes")).toEqual(required);
    expect(described("no")).toEqual(expect.arrayContaining(optional));
  });
});
