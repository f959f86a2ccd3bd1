import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complete } from "../../src/completion/complete.js";
import { completionNames } from "../../src/driver/completion-names.js";
import { sharedCatalog } from "../support/planning.js";

const catalog = sharedCatalog();
const sysTables = {
  ...{
    schema: undefined,
    name: "sys_tables",
    columns: [{ name: "TableName", type: "VARCHAR" as const }],
    rows: () => [],
  },
};
const debtors = { name: "debtors", columns: [{ name: "Id" }, { name: "mail" }] };
const names = completionNames({ catalog, systemTables: [sysTables], views: [debtors] });

/** The candidates at the mark `|` of a text. */
function at(marked: string): readonly string[] {
  const cursor = marked.indexOf("|");
  const text = marked.slice(0, cursor) + marked.slice(cursor + 1);
  return complete(text, cursor, names).candidates.map((one) => one.text);
}

describe("a completion", () => {
  it.each([
    ["in a comment", "SELECT Id -- fro|"],
    ["in a comment that is open", "SELECT /* fr|"],
    ["in a number", "SELECT * FROM Customer LIMIT 1|"],
    ["in a text that is no enum's", "SELECT * FROM Customer WHERE Email = 'ab|"],
    ["behind a text", "SELECT * FROM Invoice WHERE Status = 'open'|"],
    ["after AS", "SELECT Id AS |"],
    ["of an unknown alias", "SELECT x.| FROM Customer c"],
    ["of an unknown procedure", "EXEC Nothing |"],
    ["of a text in SELECT", "SELECT '|"],
    ["behind a text with quotes in it", "SELECT * FROM Invoice WHERE Status = 'it''s'|"],
    ["in a dollar-quoted text", "SELECT $$Cus|"],
    ["behind a dot behind nothing", "SELECT .|"],
  ])("%s is empty: %s", (_where, text) => expect(at(text)).toEqual([]));

  it("outside of the text is that of its end", () => {
    expect(complete("SELECT * FROM Custom", 99, names).candidates.map(({ text }) => text)).toContain("Customer");
    expect(complete("SELECT", -1, names).candidates.map(({ text }) => text)).toContain("SELECT");
  });

  it.each([
    ["|", ["SELECT", "WITH", "INSERT INTO", "EXEC", "SHOW TABLES"]],
    ["sel|", ["select"]],
    ["SEL|", ["SELECT"]],
    ["SELECT 1; UPD|", ["UPDATE"]],
    ["SELECT Id |", ["FROM", "AS"]],
    ["SELECT Id fr|", ["from"]],
    ["SELECT * |", ["FROM"]],
    ["SELECT * FROM Customer w|", ["where"]],
    ["SELECT * FROM Customer c |", ["WHERE", "JOIN", "LEFT JOIN", "GROUP BY", "ORDER BY", "LIMIT"]],
    ["SELECT * FROM Customer c LEFT |", ["JOIN"]],
    ["SELECT * FROM Customer c JOIN Charge h |", ["ON", "USING"]],
    ["SELECT * FROM Customer WHERE Email |", ["IS NULL", "IN", "LIKE"]],
    ["SELECT * FROM Customer WHERE Email IS |", ["NULL", "NOT NULL"]],
    ["SELECT * FROM Customer WHERE Email = 'a' |", ["AND", "OR", "ORDER BY", "LIMIT"]],
    ["SELECT count(*) FROM Customer GROUP BY Currency |", ["HAVING", "ORDER BY"]],
    ["SELECT * FROM Customer ORDER BY Created |", ["ASC", "DESC", "NULLS LAST", "LIMIT"]],
    ["INSERT |", ["INTO"]],
    ["INSERT INTO Customer (Email) |", ["VALUES", "SELECT"]],
    ["UPDATE Customer |", ["SET"]],
    ["UPDATE Customer SET Email = 'a' |", ["WHERE"]],
    ["DELETE |", ["FROM"]],
    ["SHOW |", ["TABLES", "PROCEDURES", "WRITES"]],
    ["EXPLAIN SELECT Id FROM Customer |", ["WHERE"]],
    ["SELECT row_number() OVER (|)", ["PARTITION BY", "ORDER BY"]],
    ["SELECT * FROM Customer WHERE EXISTS (|)", ["SELECT"]],
  ])("offers the words that can stand at %s", (text, expected) =>
    expect(at(text)).toEqual(expect.arrayContaining([...expected])),
  );

  it.each([
    ["SELECT * FROM Customer WHERE Email = 'a' |", "IS NULL"],
    ["SELECT Id |", "WHERE"],
    ["SELECT * FROM Customer WHERE |", "GROUP BY"],
    ["SELECT * FROM |", "WHERE"],
  ])("offers no word that cannot stand at %s: %s", (text, unwanted) => expect(at(text)).not.toContain(unwanted));

  it.each([
    ["SELECT * FROM cus|", ["Customer", "CustomerBalanceTransaction"]],
    ["SELECT * FROM |", ["Customer", "debtors", "sys_tables", "v2.Account"]],
    ["SELECT * FROM payment_i|", ["payment_intents"]],
    ["SELECT * FROM customers|", ["customers", "CustomerSource"]],
    ["SELECT * FROM Customer c JOIN Cha|", ["Charge"]],
    ["SELECT * FROM Customer, Inv|", ["Invoice"]],
    ["SELECT * FROM v2.|", ["Account"]],
    ["SELECT * FROM Customer WHERE Id IN (SELECT Customer FROM Inv|)", ["Invoice"]],
    ["INSERT INTO Prod|", ["Product"]],
    ["UPDATE cus|", ["Customer"]],
    ["DELETE FROM coup|", ["Coupon"]],
    ["DESCRIBE Inv|", ["Invoice"]],
    ["DESCRIBE Cancel|", ["CancelPaymentIntent"]],
    ["WITH recent AS (SELECT Id FROM Charge) SELECT * FROM rec|", ["recent"]],
    ["SELECT * FROM deb|", ["debtors"]],
  ])("offers tables at %s", (text, expected) => expect(at(text)).toEqual(expect.arrayContaining([...expected])));

  it.each([
    ["SELECT em| FROM Customer", ["Email"]],
    ["SELECT Id, | FROM Customer", ["Email", "Created"]],
    ["SELECT c.| FROM Customer c JOIN Charge h ON true", ["Email"]],
    ["SELECT * FROM Customer AS c JOIN Charge h ON h.cu|", ["Customer", "Currency"]],
    ["SELECT * FROM customers WHERE address_c|", ["address_city", "address_country"]],
    ["SELECT * FROM Customer ORDER BY cr|", ["Created"]],
    ["SELECT count(em|) FROM Customer", ["Email"]],
    ["SELECT * FROM BalanceTransaction WHERE Payo|", ["Payout"]],
    ["SELECT * FROM Customer c, LATERAL (SELECT * FROM Charge h WHERE h.Customer = c.em|) x", ["Email"]],
    ["SELECT * FROM Customer c WHERE EXISTS (SELECT 1 FROM Charge h WHERE h.Customer = c.|)", ["Id"]],
    ["WITH r AS (SELECT Id, Email AS mail, count(*) FROM Customer) SELECT | FROM r", ["Id", "mail", "count"]],
    ["WITH r(a, b) AS (SELECT Id, Email FROM Customer) SELECT r.| FROM r", ["a", "b"]],
    ["SELECT d.| FROM (SELECT h.*, 1 AS one FROM Charge h) d", ["Amount", "one"]],
    ["SELECT ma| FROM debtors", ["mail"]],
    ["SELECT sum(Amount) OVER (PARTITION BY cus|) FROM Charge", ["Customer"]],
    ["UPDATE Customer SET em|", ["Email"]],
    ["UPDATE Customer SET Email = 'a' WHERE Id|", ["Id"]],
    ["INSERT INTO Customer (Email, na|)", ["Name"]],
    ["INSERT INTO customers (address_ci|)", ["address_city"]],
    ["INSERT INTO Customer (Email) VALUES ('a') RETURNING i|", ["Id"]],
    ["SELECT * FROM Customer JOIN Charge USING (I|)", ["Id"]],
    ["SELECT Id FROM Customer UNION ALL SELECT am| FROM Charge", ["Amount"]],
  ])("offers columns at %s", (text, expected) => expect(at(text)).toEqual(expect.arrayContaining([...expected])));

  it.each([
    ["SELECT Id FROM Customer UNION ALL SELECT em| FROM Charge", "Email"],
    ["UPDATE Customer SET Email = 'a', em|", "Email"],
    ["INSERT INTO Customer (Email, em|)", "Email"],
    ["SELECT * FROM Customer c JOIN Charge h ON true WHERE cr|", "Created"],
    ["INSERT INTO Customer (cr|)", "Created"],
  ])("offers no column that cannot stand at %s: %s", (text, unwanted) => expect(at(text)).not.toContain(unwanted));

  it.each([
    ["SELECT * FROM Invoice WHERE Status = |", ["'open'", "'paid'"]],
    ["SELECT * FROM Invoice WHERE Status = 'o|", ["'open'"]],
    ["SELECT E'it\\'s', '''' FROM Invoice WHERE Status = 'o|", ["'open'"]],
    ["SELECT * FROM Invoice WHERE Status = 'o|' AND Id = 'x'", ["'open'"]],
    ["SELECT * FROM Invoice i WHERE i.Status <> 'un|", ["'uncollectible'"]],
    ["SELECT * FROM Invoice WHERE Status IN ('open', 'p|", ["'paid'"]],
    ["SELECT * FROM Invoice WHERE Status NOT IN (|", ["'draft'"]],
    ["SELECT * FROM invoices WHERE collection_method = 'se|", ["'send_invoice'"]],
    ["SELECT * FROM Product WHERE Active = |", ["TRUE", "FALSE"]],
    ["UPDATE Customer SET TaxExempt = 'e|", ["'exempt'"]],
    ["INSERT INTO Customer (Email, TaxExempt) VALUES ('a', 'r|", ["'reverse'"]],
    ["INSERT INTO Customer (Email, TaxExempt) VALUES ('a', 'none'), ('b', |", ["'exempt'"]],
    ["EXEC CancelPaymentIntent PaymentIntentId = 'pi_1', CancellationReason = 'd|", ["'duplicate'"]],
    ["SELECT Status FROM (SELECT Status FROM Invoice) d WHERE d.Status = 'v|", ["'void'"]],
  ])("offers the values that are known at %s", (text, expected) =>
    expect(at(text)).toEqual(expect.arrayContaining([...expected])),
  );

  it.each([
    ["SELECT * FROM Customer c JOIN Charge h ON |", "h.Customer = c.Id"],
    ["SELECT * FROM Charge JOIN Customer ON |", "Charge.Customer = Customer.Id"],
    ["SELECT * FROM customers c JOIN invoices i ON |", "i.customer = c.id"],
    ["SELECT * FROM Customer c JOIN Invoice i ON i.Customer = c.Id JOIN Charge h ON |", "h.Customer = c.Id"],
  ])("offers a join condition at %s: %s", (text, expected) => expect(at(text)).toContain(expected));

  it("offers none of a table that is joined later", () => {
    const text = "SELECT * FROM Customer c JOIN Invoice i ON | JOIN Charge h ON h.Customer = c.Id";
    expect(at(text)).toContain("i.Customer = c.Id");
    expect(at(text)).not.toContain("h.Customer = c.Id");
  });

  it.each([
    ["EXEC Fin|", ["FinalizeInvoice", "FinalizeQuote"]],
    ["CALL |", ["AcceptQuote"]],
    ["EXEC CancelPaymentIntent |", ["PaymentIntentId", "CancellationReason"]],
    ["EXEC CancelPaymentIntent PaymentIntentId = 'pi_1', |", ["CancellationReason"]],
    ["EXEC AcceptQuote Qu|", ["QuoteId"]],
  ])("offers procedures and their inputs at %s", (text, expected) =>
    expect(at(text)).toEqual(expect.arrayContaining([...expected])),
  );

  it("offers no input that is given", () => {
    expect(at("EXEC CancelPaymentIntent PaymentIntentId = 'pi_1', |")).not.toContain("PaymentIntentId");
  });

  it.each([
    ["SELECT date_t| FROM Charge", "date_trunc("],
    ["SELECT * FROM Charge WHERE low|", "lower("],
  ])("offers functions at %s", (text, expected) => expect(at(text)).toContain(expected));

  it.each(["SELECT * FROM 'data/|", "COPY Customer FROM 'cus|"])(
    "is the caller's where a path is typed: %s",
    (text) => {
      const cursor = text.indexOf("|");
      const completion = complete(text.slice(0, cursor), cursor, names);
      expect(completion).toMatchObject({ isPath: true, candidates: [], from: text.indexOf("'") + 1 });
    },
  );

  it("replaces what was typed, with its quote where it has one", () => {
    const text = 'SELECT * FROM "Custom';
    expect(complete(text, text.length, names)).toMatchObject({ from: 14, to: text.length });
    expect(at('SELECT * FROM "Custom|')).toContain('"Customer"');
    const value = "SELECT * FROM Invoice WHERE Status = 'op";
    expect(complete(value, value.length, names)).toMatchObject({ from: 37, candidates: [{ text: "'open'" }] });
  });

  it("never fails, whatever the text", () => {
    const piece = fc.constantFrom(
      ..."SELECT,FROM,Customer,c,.,(,),WITH,AS,JOIN,ON,USING,UNION,ALL,INSERT,INTO,VALUES,UPDATE,SET,EXEC,CREATE".split(
        ",",
      ),
      ...[",", "'", '"', "$$", "--", "/*", "*", "=", "IN", ";", "1", "\n", "é", "\u0000", "COPY", "EXPLAIN"],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(120), (pieces, cursor) => {
        const text = pieces.join(" ");
        const { from, to } = complete(text, Math.min(cursor, text.length), names);
        expect(from).toBeLessThanOrEqual(to);
      }),
      { numRuns: 3_000 },
    );
  });
});
