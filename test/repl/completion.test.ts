import { describe, expect, it } from "vitest";
import { complete } from "../../src/repl/completion.js";
import { description } from "./fake-connection.js";

const candidates = (text: string) => complete(text, description)[0];

describe("completion", () => {
  it.each([
    ["SELECT * FROM ", ["Charge", "Customer", "Invoice", "InvoiceLineItem"]],
    ["SELECT * FROM inv", ["Invoice", "InvoiceLineItem"]],
    ["SELECT * FROM Customer JOIN cha", ["Charge"]],
    ["INSERT INTO cus", ["Customer"]],
    ["UPDATE cus", ["Customer"]],
    ["DESCRIBE cus", ["Customer"]],
    ["\\d cus", ["Customer"]],
  ])("offers tables in %j", (text, expected) => expect(candidates(text)).toEqual(expected));

  it.each([
    ["SELECT * FROM Customer WHERE E", ["ELSE", "END", "EXCEPT", "EXEC", "EXECUTE", "EXISTS", "EXPLAIN", "Email"]],
    ["SELECT * FROM Customer WHERE em", ["Email"]],
    ["SELECT * FROM Customer WHERE ", ["Created", "Email", "Id"]],
    ["SELECT * FROM Customer c WHERE c.", ["Created", "Email", "Id"]],
    ["SELECT * FROM Customer AS c JOIN Charge h ON h.cu", ["Customer"]],
    ["SELECT * FROM Customer WHERE x.", []],
  ])("offers columns of the tables that are named in %j", (text, expected) =>
    expect(candidates(text)).toEqual(expected),
  );

  it.each([
    ["EXEC can", ["CancelPaymentIntent", "CancelQuote"]],
    ["CALL ", ["CancelPaymentIntent", "CancelQuote", "ConfirmPaymentIntent"]],
    ["EXEC CancelQuote ", ["Expand", "QuoteId"]],
    ["EXEC ConfirmPaymentIntent PaymentIntentId='pi_1', ret", ["ReturnUrl"]],
  ])("offers procedures and their inputs in %j", (text, expected) => expect(candidates(text)).toEqual(expected));

  it("offers keywords in the case in which they are typed", () => {
    expect(candidates("sel")).toEqual(["select"]);
    expect(candidates("SEL")).toEqual(["SELECT"]);
  });

  it("offers backslash commands at the beginning only", () => {
    expect(candidates("\\d")).toEqual(["\\d", "\\df", "\\dt"]);
    expect(candidates("SELECT \\d")).toEqual([]);
  });

  it("replaces the word that it completes", () => {
    expect(complete("SELECT * FROM cus", description)).toEqual([["Customer"], "cus"]);
  });
});
