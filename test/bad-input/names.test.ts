import { afterEach, describe, expect, test } from "vitest";
import { describeError } from "../support/describe-error.js";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

afterEach(() => expect(requestLines(running.sandbox)).toEqual([]));

/** The whole error, its position shown by the text that stands there. */
const failure = async (sql: string) => describeError(await running.failure(sql), sql);

describe("an unknown table", () => {
  test.each([
    ["SELECT * FROM Custmer", "Custmer", 'Did you mean "Customer"?'],
    ["SELECT * FROM custmers", "custmers", 'Did you mean "Customer"?'],
    ["SELECT * FROM v2.Accout", "v2.Accout", 'Did you mean "v2.Account"?'],
    ["INSERT INTO Custmer (Name) VALUES ('x')", "Custmer", 'Did you mean "Customer"?'],
    ["UPDATE Custmer SET Name = 'x' WHERE Id = 'a'", "Custmer", 'Did you mean "Customer"?'],
    ["DELETE FROM Custmer WHERE Id = 'a'", "Custmer", 'Did you mean "Customer"?'],
    ["SELECT * FROM Customer c JOIN Invoce i ON i.Customer = c.Id", "Invoce", 'Did you mean "Invoice"?'],
    ["SELECT * FROM xyzzy", "xyzzy", "SHOW TABLES lists the tables."],
  ])("%s", async (sql, name, hint) => {
    expect(await failure(sql)).toEqual({
      message: `relation "${name}" does not exist`,
      sqlState: "42P01",
      phase: "plan",
      hint,
      at: name.replace("v2.", ""),
    });
  });

  test("that is an alias mistyped", async () => {
    expect(await failure("SELECT x.Id FROM Customer c")).toEqual({
      message: 'missing FROM-clause entry for table "x"',
      sqlState: "42P01",
      phase: "execute",
      hint: 'Did you mean "c"?',
      at: "x.Id",
    });
  });
});

describe("an unknown column", () => {
  test.each([
    ["SELECT Emial FROM Customer", "Emial", 'Did you mean "Email"?'],
    ["SELECT c.Emial FROM Customer c", "Emial", 'Did you mean "Email"?'],
    ["SELECT Id FROM Customer WHERE Emial = 'x'", "Emial", 'Did you mean "Email"?'],
    ["SELECT Id FROM Customer ORDER BY Emial", "Emial", 'Did you mean "Email"?'],
    ["SELECT emial FROM customers", "emial", 'Did you mean "email"?'],
    ["SELECT Id FROM Customer WHERE Xyzzy = 1", "Xyzzy", "DESCRIBE Customer lists its columns."],
    ["UPDATE Customer SET Name = 'x' WHERE Emial = 'c'", "Emial", 'Did you mean "Email"?'],
    ["UPDATE Customer SET Name = Nme WHERE Id = 'c'", "Nme", 'Did you mean "Name"?'],
    ["DELETE FROM Customer WHERE Emial = 'c'", "Emial", 'Did you mean "Email"?'],
    ["INSERT INTO Customer (Name) VALUES ('x') RETURNING Idd", "Idd", 'Did you mean "Id"?'],
    ["UPDATE Customer SET Name = 'x' WHERE Id = 'c' RETURNING Idd", "Idd", 'Did you mean "Id"?'],
    ["INSERT INTO Product (Name) SELECT Nme FROM Customer", "Nme", 'Did you mean "Name"?'],
    ["EXPLAIN SELECT Emial FROM Customer", "Emial", 'Did you mean "Email"?'],
  ])("%s", async (sql, name, hint) => {
    expect(await failure(sql)).toMatchObject({
      message: `column "${name}" does not exist`,
      sqlState: "42703",
      phase: "plan",
      hint,
      at: expect.stringMatching(new RegExp(`^(c\\.)?${name}`)),
    });
  });

  test("of an INSERT or an UPDATE comes with those that Stripe takes", async () => {
    expect(await failure("INSERT INTO Coupon (Nme) VALUES ('x')")).toEqual({
      message: 'column "Nme" of "Coupon" does not exist',
      sqlState: "42703",
      phase: "plan",
      detail: expect.stringMatching(/^Stripe accepts AmountOff, AppliesTo, .*Name, .*\.$/),
      hint: 'Did you mean "Name"?',
      at: "Nme",
    });
    expect(await failure("UPDATE Coupon SET Nme = 'x' WHERE Id = 'c'")).toEqual({
      message: 'column "Nme" of "Coupon" does not exist',
      sqlState: "42703",
      phase: "plan",
      detail: "Stripe accepts CurrencyOptions, Metadata, Name.",
      hint: 'Did you mean "Name"?',
      at: "Nme",
    });
  });

  test("in double quotes may be a text that wants single ones", async () => {
    expect(await failure('SELECT Id FROM Customer WHERE Email = "ada@example.com"')).toEqual({
      message: 'column "ada@example.com" does not exist',
      sqlState: "42703",
      phase: "plan",
      hint: "A text takes single quotes: 'ada@example.com'; double quotes are for names.",
      at: '"ada@example.com"',
    });
    expect((await failure('SELECT Id FROM Customer WHERE Name = "O\'Hara"')).hint).toBe(
      "A text takes single quotes: 'O''Hara'; double quotes are for names.",
    );
  });
});

describe("a column that Stripe does not write", () => {
  test.each([
    ["INSERT INTO Coupon (Created) VALUES ('2026-01-01')", "inserted into"],
    ["UPDATE Coupon SET Created = now() WHERE Id = 'c'", "updated in"],
  ])("%s", async (sql, verb) => {
    expect(await failure(sql)).toMatchObject({
      message: `column "Created" cannot be ${verb} "Coupon"`,
      sqlState: "0A000",
      phase: "plan",
      detail: expect.stringMatching(/^Stripe accepts .*Name.*\.$/),
      at: "Created",
    });
  });
});

describe("an unknown procedure", () => {
  test.each([
    ["EXEC CancelQuot QuoteId = 'qt_1'", "CancelQuot", 'Did you mean "CancelQuote"?'],
    ["CALL xyzzyplugh(A := 1)", "xyzzyplugh", "SHOW PROCEDURES lists them."],
  ])("%s", async (sql, name, hint) => {
    expect(await failure(sql)).toMatchObject({
      message: `procedure "${name}" does not exist`,
      sqlState: "42883",
      phase: "plan",
      hint: expect.stringContaining(hint.slice(0, -1)),
      at: name,
    });
  });
});

describe("a parameter of a procedure", () => {
  test("that it does not have", async () => {
    expect(await failure("EXEC CancelPaymentIntent PaymentIntntId = 'pi_1'")).toEqual({
      message: 'procedure "CancelPaymentIntent" has no parameter "PaymentIntntId"',
      sqlState: "22023",
      phase: "plan",
      detail: "Its parameters are PaymentIntentId, CancellationReason.",
      hint: 'Did you mean "PaymentIntentId"?',
      at: "PaymentIntntId",
    });
  });

  test("that it lacks", async () => {
    expect(await failure("EXEC AttachPaymentMethodToCustomer PaymentMethodId = 'pm_1'")).toEqual({
      message: 'procedure "AttachPaymentMethodToCustomer" lacks "CustomerId"',
      sqlState: "22023",
      phase: "plan",
      hint: "Write EXEC AttachPaymentMethodToCustomer PaymentMethodId = '…', CustomerId = '…'.",
    });
  });
});

describe("an unknown function", () => {
  test.each([
    "SELECT foo(Id) FROM Customer",
    "UPDATE Customer SET Name = foo(Name) WHERE Id = 'c'",
    "DELETE FROM Customer WHERE foo(Name) = 'c'",
    "INSERT INTO Customer (Name) VALUES (foo('x'))",
    "INSERT INTO Customer (Name) VALUES ('x') RETURNING foo(Id)",
    "EXEC CancelQuote QuoteId = foo('x')",
  ])("%s", async (sql) => {
    expect(await failure(sql)).toMatchObject({
      message: "function foo does not exist",
      sqlState: "42883",
      hint: 'Did you mean "floor"?',
      at: "foo",
    });
  });

  test("is found before anything is sent, whatever else the statement holds", async () => {
    const error = await running.failure("SELECT ? AS a, foo(Id) FROM Customer ORDER BY Name", ["x"]);
    expect(error).toMatchObject({ sqlState: "42883", message: "function foo does not exist" });
  });
});

describe("what Stripe cannot do", () => {
  test.each([
    [
      "DELETE FROM Charge WHERE Id = 'ch_1'",
      "DELETE from",
      "Charge",
      "These procedures change its objects: CaptureCharge.",
    ],
    [
      "INSERT INTO Dispute (Amount) VALUES (1)",
      "INSERT into",
      "Dispute",
      "These procedures change its objects: CloseDispute.",
    ],
    ["UPDATE Event SET Type = 'x' WHERE Id = 'evt_1'", "UPDATE", "Event", undefined],
  ])("%s", async (sql, verb, table, hint) => {
    expect(await failure(sql)).toEqual({
      message: `cannot ${verb} "${table}"`,
      sqlState: "0A000",
      phase: "plan",
      detail: "Stripe has no call that does it.",
      ...(hint === undefined ? {} : { hint }),
      at: table,
    });
  });

  test("a table of metadata is not written", async () => {
    expect(await failure("DELETE FROM sys_tables WHERE TableName = 'x'")).toEqual({
      message: 'cannot DELETE from "sys_tables"',
      sqlState: "0A000",
      phase: "plan",
      detail: "It is a table of metadata.",
      hint: "SHOW TABLES lists the tables.",
      at: "sys_tables",
    });
  });
});

test("a table in two spellings that differ in case alone is refused before anything is sent", async () => {
  const error = await running.failure("SELECT a.Id, b.invoice_prefix FROM Customer a JOIN customer b ON a.Id = b.id");
  expect({ message: error.message, sqlState: error.sqlState }).toEqual({
    message: '"Customer" and "customer" are one table in two spellings',
    sqlState: "0A000",
  });
  expect(requestLines(running.sandbox)).toEqual([]);
});
