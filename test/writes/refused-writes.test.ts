import { describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 5 });

describe("UPDATE and DELETE without WHERE", () => {
  test.each([
    ["UPDATE Customer SET Name = 'x'", "UPDATE", 7],
    ["DELETE FROM Customer", "DELETE", 12],
  ])("%s is refused before anything is sent", async (sql, verb, position) => {
    expect(await running.failure(sql)).toMatchObject({
      message: `${verb} without WHERE would touch every row of "Customer"`,
      sqlState: "0A000",
      hint: "Add a WHERE, or connect with AllowUnfilteredWrites=true.",
      position,
    });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("run where the connection allows them", async () => {
    const connection = await running.open({ allowUnfilteredWrites: true });
    const { rowCount } = await connection.query("UPDATE Coupon SET Name = 'Every coupon'");
    const all = await connection.query("SELECT Name FROM Coupon");
    expect(rowCount).toBe(all.rowCount);
    expect(new Set(all.rows.map((row) => row["Name"]))).toEqual(new Set(["Every coupon"]));
  });
});

describe("a write whose request Stripe would not take", () => {
  test.each([
    ["INSERT INTO PaymentIntent (Amount, Currency) VALUES (15.5,'usd')", "\"Amount\" takes a whole number, not '15.5'"],
    ["UPDATE Customer SET Metadata = '{' WHERE Id = 'cus_1'", "\"Metadata\" takes JSON, not '{'"],
    ["UPDATE Customer SET Balance = 'x' WHERE Name LIKE 'A%'", "\"Balance\" takes a number, not 'x'"],
    [
      "INSERT INTO CustomerTaxId (Customer, Type, Value) VALUES ('..', 'eu_vat', 'x')",
      "\"Customer\" takes an id, not '..'",
    ],
    ["EXEC CapturePaymentIntent PaymentIntentId = 'pi_1', AmountToCapture = 0.5", /^"AmountToCapture" takes a whole/],
    ["EXEC CapturePaymentIntent AmountToCapture = 5", 'procedure "CapturePaymentIntent" lacks "PaymentIntentId"'],
  ])("is refused by EXPLAIN as without it: %s", async (sql, message) => {
    const error = await running.failure(sql);
    expect(error.message).toMatch(message);
    const { message: text, sqlState, phase, detail, hint } = error;
    expect(await running.failure(`EXPLAIN ${sql}`)).toMatchObject({ message: text, sqlState, phase, detail, hint });
    expect(requestLines(running.sandbox)).toEqual([]);
  });
});

describe("a read-only connection", () => {
  test.each([
    "INSERT INTO Customer (Name) VALUES ('x')",
    "UPDATE Customer SET Name = 'x' WHERE Id = 'cus_1'",
    "DELETE FROM Customer WHERE Id = 'cus_1'",
    "EXEC CancelPaymentIntent PaymentIntentId = 'pi_1'",
    "EXPLAIN UPDATE Customer SET Name = 'x' WHERE Id = 'cus_1'",
  ])("refuses %s", async (sql) => {
    const connection = await running.open({ readOnly: true });
    expect(await errorOf(connection.query(sql))).toMatchObject({
      message: "cannot write on a read-only connection",
      sqlState: "25006",
      hint: "Connect without ReadOnly to write.",
    });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("reads, and calls procedures that only read", async () => {
    const connection = await running.open({ readOnly: true });
    const sql = "SELECT Id, Customer FROM PaymentMethod WHERE Customer IS NOT NULL LIMIT 1";
    const [row] = (await connection.query(sql)).rows;
    const { rows } = await connection.query(
      "EXEC RetrieveCustomerPaymentMethod CustomerId = @Customer, PaymentMethodId = @Id",
      {
        ...row,
      },
    );
    expect(rows).toMatchObject([{ ...row }]);
  });
});

describe("a write that is asked about first", () => {
  test("is told with the number of objects, and not sent where the answer is no", async () => {
    const asked: unknown[] = [];
    const { rowCount, outcomes } = await running.query(
      "UPDATE Customer SET Description = 'x' WHERE Id IN ('cus_a', 'cus_b')",
      undefined,
      {
        confirmWrite: async (write) => {
          asked.push(write);
          return false;
        },
      },
    );
    expect(asked).toEqual([{ command: "UPDATE Customer", objects: 2, live: false, mustBeConfirmed: false }]);
    expect({ rowCount, outcomes }).toEqual({
      rowCount: 0,
      outcomes: [
        { state: "not tried", id: "cus_a" },
        { state: "not tried", id: "cus_b" },
      ],
    });
    expect(requestLines(running.sandbox)).toEqual([]);
  });
});
