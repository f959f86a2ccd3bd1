import { afterEach, describe, expect, test } from "vitest";
import type { Parameters } from "../../src/driver/api.js";
import { describeError } from "../support/describe-error.js";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

afterEach(() => expect(requestLines(running.sandbox)).toEqual([]));

const failure = async (sql: string, parameters?: Parameters) =>
  describeError(await running.failure(sql, parameters), sql);

describe("a value that a closed enum does not have", () => {
  test("is no row and a notice in WHERE", async () => {
    const { rows, notices } = await running.query("SELECT Id FROM BillingFeedbackOption WHERE Status = 'new'");
    expect({ rows, notices }).toEqual({
      rows: [],
      notices: ["BillingFeedbackOption.Status is never 'new'; nearest are 'active', 'inactive'"],
    });
  });

  test.each([
    ["UPDATE IssuingCard SET CancellationReason = 'lots' WHERE Id = 'ic_1'", undefined],
    ["UPDATE IssuingCard SET CancellationReason = ? WHERE Id = 'ic_1'", ["lots"]],
  ])("is an error in %s", async (sql, parameters) => {
    expect(await failure(sql, parameters)).toEqual({
      message: `invalid value for "CancellationReason": 'lots'`,
      sqlState: "22023",
      phase: "plan",
      detail: "Stripe takes no other than 'lost', 'stolen'.",
      hint: 'Did you mean "lost"?',
    });
  });
});

const mergeHint = `Write json_merge_patch(Metadata, '{"key": "value"}') to set some keys and keep the others, '{"key": "value"}' to leave no other.`;

describe("a value of the wrong type in WHERE", () => {
  test.each([
    [
      "SELECT Id FROM Customer WHERE Created > 'abc'",
      {
        message: 'invalid input syntax for type TIMESTAMPTZ: "abc"',
        sqlState: "22P02",
        phase: "plan",
        detail: 'It is compared with column "Created".',
        hint: "Write a time as '2026-01-31' or '2026-01-31 13:00:00+00'.",
        at: "Created",
      },
    ],
    [
      "SELECT Id FROM Customer WHERE Created > 1700000000",
      {
        message: 'column "Created" is of type TIMESTAMPTZ but is compared with a number',
        sqlState: "42804",
        phase: "plan",
        hint: "Write a time as '2026-01-31', or convert seconds with to_timestamp(…).",
        at: "Created",
      },
    ],
    [
      "SELECT Id FROM Charge WHERE Amount = 'ten'",
      {
        message: 'invalid input syntax for type BIGINT: "ten"',
        sqlState: "22P02",
        phase: "plan",
        detail: 'It is compared with column "Amount".',
        at: "Amount",
      },
    ],
    [
      "SELECT Id FROM Customer WHERE Email = 5",
      {
        message: 'column "Email" is of type VARCHAR but is compared with a number',
        sqlState: "42804",
        phase: "plan",
        hint: "Put the value in single quotes.",
        at: "Email",
      },
    ],
    [
      "SELECT Id FROM Customer WHERE Delinquent = 'maybe'",
      {
        message: 'invalid input syntax for type BOOLEAN: "maybe"',
        sqlState: "22P02",
        phase: "plan",
        detail: 'It is compared with column "Delinquent".',
        at: "Delinquent",
      },
    ],
    [
      "DELETE FROM Customer WHERE Created < 'yesteryear'",
      {
        message: 'invalid input syntax for type TIMESTAMPTZ: "yesteryear"',
        sqlState: "22P02",
        phase: "plan",
        detail: 'It is compared with column "Created".',
        hint: "Write a time as '2026-01-31' or '2026-01-31 13:00:00+00'.",
        at: "Created",
      },
    ],
  ])("%s", async (sql, error) => {
    expect(await failure(sql)).toEqual(error);
  });
});

describe("a value of the wrong type to write", () => {
  test.each([
    [
      "INSERT INTO PaymentIntent (Amount, Currency) VALUES (15.5, 'usd')",
      {
        message: `"Amount" takes a whole number, not '15.5'`,
        sqlState: "22023",
        hint: "Amounts are in the currency's minor unit: 15.50 USD is 1550.",
      },
    ],
    [
      "INSERT INTO PaymentIntent (Amount, Currency) VALUES ('ten', 'usd')",
      { message: `"Amount" takes a number, not 'ten'`, sqlState: "22P02" },
    ],
    [
      "INSERT INTO Customer (Metadata) VALUES ('{a}')",
      {
        message: `"Metadata" takes JSON, not '{a}'`,
        sqlState: "22P02",
        hint: mergeHint,
      },
    ],
    [
      "INSERT INTO Customer (Metadata) VALUES ('[1]')",
      {
        message: `"Metadata" takes a JSON object, not '[1]'`,
        sqlState: "22P02",
        hint: mergeHint,
      },
    ],
    [
      "INSERT INTO Invoice (Customer, AutoAdvance) VALUES ('cus_1', 'perhaps')",
      { message: `"AutoAdvance" takes TRUE or FALSE, not 'perhaps'`, sqlState: "22P02" },
    ],
    [
      "UPDATE Invoice SET DueDate = 'soon' WHERE Id = 'in_1'",
      {
        message: `"DueDate" takes a time, not 'soon'`,
        sqlState: "22P02",
        hint: "Write a time as '2026-01-31' or '2026-01-31 13:00:00+00'.",
      },
    ],
    [
      "EXEC CancelQuote QuoteId = NULL",
      {
        message: `"QuoteId" takes an id, not NULL`,
        sqlState: "22023",
        hint: "Write QuoteId = '…' with an id of Stripe's.",
      },
    ],
  ])("%s", async (sql, error) => {
    expect(await failure(sql)).toEqual({ phase: "plan", ...error });
  });

  test("stops a statement whose other rows are sound, before the first is written", async () => {
    expect(await failure("INSERT INTO Product (Name, Active) VALUES ('a', TRUE), ('b', 'no way')")).toMatchObject({
      message: `"Active" takes TRUE or FALSE, not 'no way'`,
    });
  });
});

describe("values that are missing or too many", () => {
  test("an INSERT without what Stripe requires", async () => {
    expect(await failure("INSERT INTO PaymentIntent (Amount) VALUES (1)")).toEqual({
      message: 'INSERT into "PaymentIntent" lacks "Currency"',
      sqlState: "23502",
      phase: "plan",
      hint: "Stripe requires it; DESCRIBE PaymentIntent lists the columns.",
    });
  });

  test("an INSERT with more values than columns", async () => {
    expect(await failure("INSERT INTO Customer (Name) VALUES ('a', 'b')")).toEqual({
      message: "INSERT names 1 column but gives 2 values",
      sqlState: "42601",
      phase: "plan",
      at: "'a'",
    });
  });

  test("an INSERT of a query with more columns than it names", async () => {
    expect(await failure("INSERT INTO Product (Name) SELECT Name, Email FROM Customer")).toEqual({
      message: "INSERT names 1 column but its query gives 2",
      sqlState: "42601",
      phase: "plan",
      at: "SELECT",
    });
    expect(await failure("INSERT INTO Product (Name, Description) SELECT * FROM (VALUES ('a')) AS t(x)")).toEqual({
      message: "INSERT names 2 columns but its query gives 1",
      sqlState: "42601",
      phase: "plan",
    });
  });

  test("a column twice", async () => {
    expect(await failure("INSERT INTO Customer (Name, Name) VALUES ('a', 'b')")).toEqual({
      message: 'column "Name" is given more than once',
      sqlState: "42601",
      phase: "plan",
      at: "Name",
    });
    expect(await failure("UPDATE Customer SET Name = 'a', name = 'b' WHERE Id = 'c'")).toMatchObject({
      message: 'column "name" is given more than once',
      at: "name",
    });
  });

  const hint = "Give an array for ? and $1, an object for @name and :name; null for NULL.";

  test.each<[string, Parameters | undefined, string]>([
    ["SELECT ? AS a", undefined, "the statement has 1 parameter but no values were given"],
    ["SELECT ? AS a, ? AS b", ["x"], "the statement has 2 parameters but 1 value was given"],
    ["SELECT ? AS a", ["x", "y"], "the statement has 1 parameter but 2 values were given"],
    ["SELECT 1 AS a", ["x"], "the statement has 0 parameters but 1 value was given"],
    ["SELECT @a AS a", { b: 1 }, 'the statement has no parameter "b"'],
    ["SELECT @a AS a, @b AS b", { a: 1 }, 'no value was given for parameter "b"'],
  ])("%s with %j", async (sql, parameters, message) => {
    expect(await failure(sql, parameters)).toEqual({ message, sqlState: "22023", phase: "plan", hint });
  });
});

describe("a pseudo-column", () => {
  test("that Stripe cannot filter that way", async () => {
    expect(await failure("SELECT Id FROM BalanceTransaction WHERE Payout LIKE 'po_%'")).toEqual({
      message: 'column "Payout" of "BalanceTransaction" can only be compared with = to a constant',
      sqlState: "0A000",
      phase: "plan",
      detail: `"Payout" is a filter of Stripe's list, not a field of its rows.`,
      hint: "Write Payout = '…', joined to the other conditions by AND.",
    });
  });
});
