import { describe, expect, it } from "vitest";
import type { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import type { PlanEnvironment } from "../../../src/plan/environment.js";
import { planDelete } from "../../../src/plan/write/plan-delete.js";
import { planInsert } from "../../../src/plan/write/plan-insert.js";
import { planProcedure } from "../../../src/plan/write/plan-procedure.js";
import { planUpdate } from "../../../src/plan/write/plan-update.js";
import type { Slot, WriteRequest, WriteRequests } from "../../../src/plan/write/write-plan.js";
import { utc } from "../../../src/value/time-zone.js";
import { planningTime, tableNamed } from "../../support/planning.js";
import { planEnvironment, statementOf } from "../../support/statement-planning.js";

const given = (parameters: readonly unknown[] = [], changes: Partial<PlanEnvironment> = {}): PlanEnvironment =>
  planEnvironment({ constants: { parameters, nowSeconds: planningTime, zone: utc }, ...changes });

const insert = (sql: string, environment = given()) => planInsert(statementOf(sql, "insert"), environment);
const update = (sql: string, environment = given()) => planUpdate(statementOf(sql, "update"), environment);
const remove = (sql: string, environment = given()) => planDelete(statementOf(sql, "delete"), environment);
const execute = (sql: string, environment = given()) => planProcedure(statementOf(sql, "execute"), environment);

const planned = { insert, update, exec: execute } as const;

function refusal(plan: () => unknown): Pick<StripeSqlError, "message" | "sqlState" | "detail" | "hint"> {
  try {
    plan();
  } catch (error) {
    const { message, sqlState, detail, hint } = error as StripeSqlError;
    return { message, sqlState, detail, hint };
  }
  throw new Error("it was planned");
}

function slotText(slot: Slot): string {
  switch (slot.kind) {
    case "parameter":
      return slot.parameter.path.join(".");
    case "merge":
      return `${slot.parameter.path.join(".")} += ${JSON.stringify(slot.patch)}`;
    case "current":
      return `current ${slot.structure.parameter.path.join(".")}`;
    case "key":
      return `{${slot.placeholder}}`;
    case "account":
      return "account";
  }
}

function constantsOf({ requests }: { readonly requests: WriteRequests }): readonly WriteRequest[] {
  if (requests.kind !== "constant") throw new Error(`read first: ${requests.select.text.sql}`);
  return requests.requests;
}

function queryOf({ requests }: { readonly requests: WriteRequests }) {
  if (requests.kind !== "query") throw new Error("nothing is read first");
  return { sql: requests.select.text.sql, slots: requests.template.slots.map(slotText) };
}

describe("an INSERT that Stripe could not take", () => {
  it.each([
    [
      "a column of its own making",
      "INSERT INTO Customer (Id) VALUES ('a')",
      'column "Id" cannot be inserted into "Customer"',
      "0A000",
    ],
    [
      "an unknown column",
      "INSERT INTO Customer (Emial) VALUES ('a')",
      'column "Emial" of "Customer" does not exist',
      "42703",
    ],
    [
      "fewer values than columns",
      "INSERT INTO Customer (Email, Name) VALUES ('a')",
      "INSERT names 2 columns but gives 1 value",
      "42601",
    ],
    [
      "a column twice",
      "INSERT INTO Customer (Email, email) VALUES ('a', 'b')",
      'column "email" is given more than once',
      "42601",
    ],
    [
      "a structure and its part",
      "INSERT INTO Customer (AddressCity, Address) VALUES ('x', '{}')",
      '"AddressCity" and "Address" set the same field',
      "42601",
    ],
    [
      "a part and its structure",
      "INSERT INTO Customer (Address, AddressCity) VALUES ('{}', 'x')",
      '"Address" and "AddressCity" set the same field',
      "42601",
    ],
    [
      "nothing for what is required",
      "INSERT INTO Price (UnitAmount) VALUES (5)",
      'INSERT into "Price" lacks "Currency"',
      "23502",
    ],
    [
      "no parent",
      "INSERT INTO CustomerTaxId (Type, Value) VALUES ('eu_vat', 'x')",
      'INSERT into "CustomerTaxId" lacks "Customer"',
      "23502",
    ],
    ["a table without a create call", "INSERT INTO Event (Id) VALUES ('x')", 'cannot INSERT into "Event"', "0A000"],
  ])("is refused: %s", (_, sql, message, sqlState) => {
    expect(refusal(() => insert(sql))).toMatchObject({ message, sqlState });
  });

  it("names what Stripe accepts and the nearest", () => {
    const { detail, hint } = refusal(() => insert("INSERT INTO Customer (Emial) VALUES ('a')"));
    expect(detail).toMatch(/^Stripe accepts Address, Balance, .*\.$/);
    expect(hint).toBe('Did you mean "Email"?');
  });
});

describe("a constant that Stripe would not take", () => {
  it.each([
    [
      "insert",
      "INSERT INTO PaymentIntent (Amount, Currency) VALUES (1500, 'usd'), (15.5, 'usd')",
      /takes a whole number/,
    ],
    ["update", "UPDATE Customer SET Balance = 15.5 WHERE Id = 'a'", /takes a whole number/],
    [
      "update",
      "UPDATE Dispute SET IntendedSubmissionMethod = 'maybe' WHERE Amount = 5",
      /^invalid value for "IntendedSubmissionMethod": 'maybe'/,
    ],
    ["update", "UPDATE Customer SET Metadata = '{', Name = upper(Name) WHERE Id = 'a'", /takes JSON/],
    ["exec", "EXEC RejectAccount AccountId = 'acct_1', Reason = 'fraud', PayoutsAction = 'bored'", /^invalid value/],
    ["exec", "EXEC CancelPaymentIntent PaymentIntentId = NULL", /takes an id, not NULL/],
  ] as const)("is refused where the statement is planned: %s %s", (kind, sql, message) => {
    expect(
      refusal(() => {
        planned[kind](sql);
      }).message,
    ).toMatch(message);
  });
});

describe("an INSERT", () => {
  it("puts each value where Stripe's call has it", () => {
    const plan = insert(
      "INSERT INTO Customer (Email, AddressCity, AccountId) VALUES ('a', 'x', 'acct_1'), ('b', NULL, NULL)",
    );
    expect(plan.endpoint.path).toBe("/v1/customers");
    expect(constantsOf(plan)).toMatchObject([
      { path: "/v1/customers", accountId: "acct_1", id: undefined },
      { path: "/v1/customers", accountId: undefined, id: undefined },
    ]);
    expect(constantsOf(plan).map(({ parameters }) => parameters)).toEqual([
      { email: "a", address: { city: "x" } },
      { email: "b" },
    ]);
  });

  it("takes Stripe's spelling where the table has it, and a parent's key for the path", () => {
    expect(constantsOf(insert("INSERT INTO customers (email, address_city) VALUES ('a', 'b')"))).toMatchObject([
      { parameters: { email: "a", address: { city: "b" } } },
    ]);
    expect(
      constantsOf(insert("INSERT INTO CustomerTaxId (Customer, Type, Value) VALUES ('cus_1', 'eu_vat', 'x')")),
    ).toMatchObject([
      { path: "/v1/customers/cus_1/tax_ids", parameters: { type: "eu_vat", value: "x" }, id: undefined },
    ]);
  });

  it("leaves out columns that Stripe fills itself where every row gives NULL, as programs that write whole rows do", () => {
    const parametersOf = (sql: string, values: readonly unknown[] = []) =>
      constantsOf(insert(sql, given(values))).map(({ parameters }) => parameters);
    expect(
      parametersOf("INSERT INTO Customer (Id, Email, Created) VALUES (NULL, 'a', NULL), (NULL, NULL, NULL)"),
    ).toEqual([{ email: "a" }, {}]);
    expect(parametersOf("INSERT INTO customers (id, email) VALUES ($1, $2)", [null, "a"])).toEqual([{ email: "a" }]);
    expect(refusal(() => insert("INSERT INTO Customer (Id, Email) VALUES (NULL, 'a'), ('cus_1', 'b')"))).toMatchObject({
      message: 'column "Id" cannot be inserted into "Customer"',
    });
    expect(refusal(() => insert("INSERT INTO Customer (Emial) VALUES (NULL)"))).toMatchObject({ sqlState: "42703" });
  });

  it("keeps a structured parameter, a number's digits and a time whole", () => {
    const sql = "INSERT INTO Customer (Metadata, Description, Name) VALUES ($1, 9007199254740993, now())";
    expect(constantsOf(insert(sql, given([{ a: 1 }])))).toMatchObject([
      { parameters: { metadata: { a: 1 }, description: "9007199254740993", name: "2026-03-31T12:00:00.000Z" } },
    ]);
    expect(constantsOf(insert("INSERT INTO Customer (Balance) VALUES (9007199254740993)"))).toMatchObject([
      { parameters: { balance: "9007199254740993" } },
    ]);
  });

  it("leaves what is no constant to DuckDB, a query's rows too", () => {
    expect(queryOf(insert("INSERT INTO Customer (Email) VALUES (reverse('a'))"))).toEqual({
      sql: "VALUES (reverse('a'))",
      slots: ["email"],
    });
    expect(queryOf(insert("INSERT INTO Customer (Email) SELECT Email FROM Customer")).sql).toBe(
      "SELECT Email FROM Customer",
    );
    expect(constantsOf(insert("INSERT INTO Customer DEFAULT VALUES"))).toMatchObject([{ parameters: {} }]);
  });

  it("reads what it returns from what Stripe answered", () => {
    expect(insert("INSERT INTO Customer (Email) VALUES ('a') RETURNING Id").returning?.text.sql).toBe(
      'SELECT Id FROM "Customer"',
    );
  });
});

describe("an UPDATE or DELETE that would do harm", () => {
  it("is refused without WHERE, unless the connection allows it", () => {
    expect(refusal(() => update("UPDATE Customer SET Email = 'x'"))).toMatchObject({
      message: 'UPDATE without WHERE would touch every row of "Customer"',
      hint: "Add a WHERE, or connect with AllowUnfilteredWrites=true.",
    });
    expect(refusal(() => remove("DELETE FROM Customer")).message).toContain("DELETE without WHERE");
    expect(() => remove("DELETE FROM Customer", given([], { allowUnfilteredWrites: true }))).not.toThrow();
  });

  it("is refused on a read-only connection, as INSERT and procedures that write are", () => {
    const readOnly = given([], { readOnly: true });
    const writes = [
      () => insert("INSERT INTO Customer (Email) VALUES ('a')", readOnly),
      () => update("UPDATE Customer SET Email = 'x' WHERE Id = 'a'", readOnly),
      () => remove("DELETE FROM Customer WHERE Id = 'a'", readOnly),
      () => execute("EXEC CapturePaymentIntent PaymentIntentId = 'pi_1'", readOnly),
    ];
    for (const write of writes) expect(refusal(write)).toMatchObject({ sqlState: "25006" });
  });

  it("is refused for a field that Stripe does not change", () => {
    expect(refusal(() => update("UPDATE Customer SET Created = now() WHERE Id = 'a'"))).toMatchObject({
      message: 'column "Created" cannot be updated in "Customer"',
      sqlState: "0A000",
    });
    expect(refusal(() => remove("DELETE FROM Charge WHERE Id = 'a'"))).toMatchObject({ sqlState: "0A000" });
    expect(refusal(() => update("UPDATE Customer SET Address = '{}', AddressCity = 'x' WHERE Id = 'a'")).message).toBe(
      '"Address" and "AddressCity" set the same field',
    );
  });
});

describe("the objects that an UPDATE or DELETE touches", () => {
  it("are those that it names, each once and without reading", () => {
    expect(constantsOf(update("UPDATE Customer SET Email = 'x', Phone = NULL WHERE Id IN ('a', 'b', 'a')"))).toEqual(
      ["a", "b"].map((id) => ({
        endpoint: tableNamed("Customer").update,
        path: `/v1/customers/${id}`,
        parameters: { email: "x", phone: null },
        accountId: undefined,
        id,
      })),
    );
    expect(constantsOf(remove("DELETE FROM Customer WHERE Id = $1", given(["a"])))).toMatchObject([
      { path: "/v1/customers/a", parameters: {}, id: "a" },
    ]);
  });

  it("are read first where a condition is left, or a value depends on the object", () => {
    for (const sql of [
      "UPDATE Customer SET Email = 'x' WHERE Id = 'a' AND Name = 'b'",
      "UPDATE Customer SET Email = 'x' WHERE Id = 'a' AND EXISTS (SELECT 1 FROM Charge)",
      "UPDATE Customer SET Email = upper(Email) WHERE Id = 'a'",
      "UPDATE Customer SET Email = 'x' WHERE Email = 'y'",
      "UPDATE Customer SET Email = 'x' WHERE Id = 'a' OR Name = 'b'",
    ])
      expect(update(sql).requests.kind).toBe("query");
  });

  it("are read with their keys, then their account, then the values", () => {
    expect(
      queryOf(update("UPDATE Customer SET Name = upper(Name) WHERE AccountId = 'acct_1' AND Email = 'y'")),
    ).toEqual({
      sql: `SELECT "Id" AS "0", "AccountId" AS "1", (upper(Name)) AS "2" FROM "Customer" WHERE AccountId = 'acct_1' AND Email = 'y'`,
      slots: ["{customer}", "account", "name"],
    });
    expect(queryOf(update("UPDATE Customer SET Name = upper(Name) WHERE Email = 'y'")).slots).toEqual([
      "{customer}",
      "name",
    ]);
  });
});

describe("a procedure", () => {
  it.each([
    [
      "an unknown name",
      "EXEC CapturePaymentIntnet PaymentIntentId = 'pi_1'",
      'procedure "CapturePaymentIntnet" does not exist',
      "42883",
    ],
    [
      "an unknown parameter",
      "EXEC CapturePaymentIntent PaymentIntentId = 'pi_1', Nonsense = 5",
      'procedure "CapturePaymentIntent" has no parameter "Nonsense"',
      "22023",
    ],
    [
      "a missing one",
      "EXEC CapturePaymentIntent AmountToCapture = 5",
      'procedure "CapturePaymentIntent" lacks "PaymentIntentId"',
      "22023",
    ],
    [
      "one given twice: the second once won in silence",
      "EXEC CapturePaymentIntent PaymentIntentId = 'a', paymentintentid = 'b'",
      'parameter "paymentintentid" is given more than once',
      "42601",
    ],
    [
      "a file for an answer",
      "EXEC PdfQuote QuoteId = 'qt_1'",
      'procedure "PdfQuote" answers with a file, not with rows',
      "0A000",
    ],
  ])("is refused with %s", (_, sql, message, sqlState) => {
    expect(refusal(() => execute(sql))).toMatchObject({ message, sqlState });
  });

  it("puts each input where Stripe's call has it", () => {
    const plan = execute(
      "EXEC capturepaymentintent @PaymentIntentId = 'pi_1', AmountToCapture = 500, AccountId = 'acct_1'",
    );
    expect(plan.procedure.name).toBe("CapturePaymentIntent");
    expect(constantsOf(plan)).toEqual([
      {
        endpoint: plan.procedure,
        path: "/v1/payment_intents/pi_1/capture",
        parameters: { amount_to_capture: 500 },
        accountId: "acct_1",
        id: undefined,
      },
    ]);
  });

  it("that only reads is allowed on a read-only connection", () => {
    const reading = planEnvironment()
      .catalog.procedures()
      .find(({ writes, result, parameters }) => !writes && result.kind !== "stream" && parameters.length === 1);
    if (reading === undefined) throw new Error("no procedure reads");
    const sql = `EXEC ${reading.name} ${reading.parameters[0]?.name} = 'x'`;
    expect(execute(sql, given([], { readOnly: true })).procedure.name).toBe(reading.name);
  });
});
