import { expect, test } from "vitest";
import { connect } from "../../src/driver/connect.js";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 40 });

/** What a mistake is answered with: the whole of it that a user sees. */
const mistakes: readonly (readonly [sql: string, sqlState: string, message: string, hint: string | undefined])[] = [
  ["SELECT * FROM Custmer", "42P01", 'relation "Custmer" does not exist', 'Did you mean "Customer"?'],
  ["SELECT Emial FROM Customer", "42703", 'column "Emial" does not exist', 'Did you mean "Email"?'],
  ["SELECT Id FROM Customer WHERE Emial = 'x'", "42703", 'column "Emial" does not exist', 'Did you mean "Email"?'],
  [
    'SELECT Id FROM Customer WHERE Email = "a@b.c"',
    "42703",
    'column "a@b.c" does not exist',
    "A text takes single quotes: 'a@b.c'; double quotes are for names.",
  ],
  ["SELECT 'abc FROM Customer", "42601", "unterminated string", undefined],
  [
    "SELECT Id FROM Customer WHERE Created > 'soon'",
    "22P02",
    'invalid input syntax for type TIMESTAMPTZ: "soon"',
    "Write a time as '2026-01-31' or '2026-01-31 13:00:00+00'.",
  ],
  [
    "SELECT Id FROM Customer WHERE Email = 5",
    "42804",
    'column "Email" is of type VARCHAR but is compared with a number',
    "Put the value in single quotes.",
  ],
  ["EXEC AcceptQote QuoteId = 'x'", "42883", 'procedure "AcceptQote" does not exist', 'Did you mean "AcceptQuote"?'],
  [
    "EXEC AcceptQuote QuotId = 'x'",
    "22023",
    'procedure "AcceptQuote" has no parameter "QuotId"',
    'Did you mean "QuoteId"?',
  ],
  ["EXEC AcceptQuote", "22023", 'procedure "AcceptQuote" lacks "QuoteId"', "Write EXEC AcceptQuote QuoteId = '…'."],
  [
    "INSERT INTO PaymentIntent (Amount, Currency) VALUES (15.5, 'usd')",
    "22023",
    "\"Amount\" takes a whole number, not '15.5'",
    "Amounts are in the currency's minor unit: 15.50 USD is 1550.",
  ],
  [
    "INSERT INTO PaymentIntent (Amount) VALUES (1500)",
    "23502",
    'INSERT into "PaymentIntent" lacks "Currency"',
    "Stripe requires it; DESCRIBE PaymentIntent lists the columns.",
  ],
  [
    "INSERT INTO PaymentIntent (Amount, Currency, CaptureMethod) VALUES (1, 'usd', 'manul')",
    "22023",
    "invalid value for \"CaptureMethod\": 'manul'",
    'Did you mean "manual"?',
  ],
  [
    "INSERT INTO Customer (Descripton) VALUES ('x')",
    "42703",
    'column "Descripton" of "Customer" does not exist',
    'Did you mean "Description"?',
  ],
  [
    "UPDATE Customer SET Created = now() WHERE Id = 'x'",
    "0A000",
    'column "Created" cannot be updated in "Customer"',
    undefined,
  ],
  [
    "UPDATE Customer SET Name = 'x'",
    "0A000",
    'UPDATE without WHERE would touch every row of "Customer"',
    "Add a WHERE, or connect with AllowUnfilteredWrites=true.",
  ],
  [
    "DELETE FROM Charge WHERE Id = 'x'",
    "0A000",
    'cannot DELETE from "Charge"',
    "SHOW PROCEDURES lists Stripe's other calls, with those of Charge among them.",
  ],
];

test.each(mistakes)("%s", async (sql, sqlState, message, hint) => {
  const error = await running.failure(sql);
  expect({ sqlState: error.sqlState, message: error.message, hint: error.hint }).toEqual({ sqlState, message, hint });
  expect(requestLines(running.sandbox)).toEqual([]);
});

test.each([
  "DROP TABLE Customer",
  "COPY Customer TO 'x.csv'",
  "ATTACH 'x.db'",
  "SET threads = 1",
  "INSTALL httpfs",
  "CREATE TABLE t (a INT)",
])("%s is not for this product", async (sql) => {
  expect(await running.failure(sql)).toMatchObject({ sqlState: "0A000" });
});

test("a read-only connection writes nothing", async () => {
  const reader = await running.open({ readOnly: true });
  for (const sql of [
    "INSERT INTO Customer (Name) VALUES ('x')",
    "UPDATE Customer SET Name = 'x' WHERE Id = 'y'",
    "DELETE FROM Customer WHERE Id = 'y'",
    "EXEC CancelQuote QuoteId = 'y'",
  ]) {
    expect(await errorOf(reader.query(sql))).toMatchObject({
      sqlState: "25006",
      message: "cannot write on a read-only connection",
    });
  }
  expect(requestLines(running.sandbox)).toEqual([]);
});

test("values too few or too many are an error", async () => {
  expect(await running.failure("SELECT Id FROM Customer WHERE Email = ?", [])).toMatchObject({
    sqlState: "22023",
    message: "the statement has 1 parameter but 0 values were given",
  });
  expect(await running.failure("SELECT Id FROM Customer WHERE Email = ?", ["a", "b"])).toMatchObject({
    sqlState: "22023",
  });
});

test("a misspelt connection property is named", async () => {
  expect(await errorOf(connect("ApiKy=sk_test_1"))).toMatchObject({
    sqlState: "22023",
    message: 'unrecognized connection property "ApiKy"',
    hint: 'Did you mean "ApiKey"?',
  });
});
