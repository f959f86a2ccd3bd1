import { describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 20 });

const outcome = async (sql: string) => {
  const { rows, notices } = await running.query(sql);
  return { rows, notices, sent: requestLines(running.sandbox) };
};

/** Of open enums Stripe may have values that the SDK does not know yet: what no request went out for was a silent miss. */
describe("a value that the SDK does not know", () => {
  test("is asked for, and no row where Stripe refuses it", async () => {
    expect(await outcome("SELECT Id FROM Invoice WHERE Status = 'outstanding'")).toEqual({
      rows: [],
      notices: [
        "the SDK knows no Invoice.Status 'outstanding'; nearest are 'open', 'paid', 'draft', 'void', 'uncollectible'",
        "Invalid status: must be one of draft, open, paid, uncollectible, or void",
      ],
      sent: ["GET /v1/invoices status=outstanding&limit=100"],
    });
  });

  test("does not take the rows of others along where Stripe refuses it", async () => {
    const { rows: open } = await running.query("SELECT Id FROM Invoice WHERE Status = 'open' ORDER BY Id");
    const { rows } = await running.query("SELECT Id FROM Invoice WHERE Status IN ('open', 'outstanding') ORDER BY Id");
    expect(open.length).toBeGreaterThan(0);
    expect(rows).toEqual(open);
  });

  test("of an event's type is asked for by one parameter", async () => {
    expect(await outcome("SELECT Id FROM Event WHERE Type = 'customer.new_thing'")).toMatchObject({
      rows: [],
      sent: ["GET /v1/events types[0]=customer.new_thing&limit=100"],
    });
  });

  test("is a notice of a few values, however many there are", async () => {
    const { notices } = await outcome("SELECT Id FROM Event WHERE Type = 'customer.creatd'");
    expect(notices).toEqual([
      "the SDK knows no Event.Type 'customer.creatd'; nearest are 'customer.created', 'customer.updated', 'customer.deleted', 'quote.created', 'coupon.created'",
      "Stripe lists Event of the last 30 days only",
    ]);
  });

  test("is no match in DELETE", async () => {
    const sql = "DELETE FROM Invoice WHERE Status = 'drafty'";
    expect(await running.query(sql)).toMatchObject({ rowCount: 0 });
    expect(requestLines(running.sandbox)).toEqual(["GET /v1/invoices status=drafty&limit=100"]);
  });

  test.each([
    [
      "INSERT INTO PaymentIntent (Amount, Currency, CaptureMethod) VALUES (100, 'usd', 'manul')",
      "capture_method=manul",
    ],
    ["INSERT INTO PaymentIntent (Amount, Currency, CaptureMethod) SELECT 100, 'usd', 'manul'", "capture_method=manul"],
    ["UPDATE Customer SET TaxExempt = 'new' WHERE Id = 'cus_1'", "tax_exempt=new"],
    [
      "EXEC CancelPaymentIntent PaymentIntentId = 'pi_1', CancellationReason = 'duplicat'",
      "cancellation_reason=duplicat",
    ],
  ])("is sent by %s", async (sql, assignment) => {
    await running.query(sql).catch(() => undefined);
    expect(requestLines(running.sandbox)).toEqual([expect.stringContaining(assignment)]);
  });
});
