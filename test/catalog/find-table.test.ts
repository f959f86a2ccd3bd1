import { describe, expect, test } from "vitest";
import { freshCatalog } from "./fresh-catalog.js";

const catalog = freshCatalog();

describe("findTable", () => {
  test.each([
    ["PaymentIntent", "PaymentIntent", "sql"],
    ["paymentintent", "PaymentIntent", "sql"],
    ["PaymentIntents", "PaymentIntent", "sql"],
    ["payment_intent", "PaymentIntent", "stripe"],
    ["payment_intents", "PaymentIntent", "stripe"],
    ["PAYMENT_INTENTS", "PaymentIntent", "stripe"],
    ["checkout_sessions", "CheckoutSession", "stripe"],
    ["issuing_cards", "IssuingCard", "stripe"],
    ["invoice_line_items", "InvoiceLineItem", "stripe"],
    ["invoiceitems", "InvoiceItem", "stripe"],
    ["invoice_items", "InvoiceItem", "stripe"],
    ["test_helpers_test_clocks", "TestHelpersTestClock", "stripe"],
    ["balance_settings", "BalanceSettings", "stripe"],
    ["capabilities", "Capability", "stripe"],
  ])("%s is %s in the naming %s", (name, table, naming) => {
    expect(catalog.findTable(name)).toMatchObject({ table: { name: table }, naming });
  });

  test.each([
    ["Customer", "sql"],
    ["CUSTOMER", "sql"],
    ["customer", "stripe"],
    ["Customers", "sql"],
    ["customers", "stripe"],
  ])("the case decides where both spellings are the same: %s is %s's", (name, naming) => {
    expect(catalog.findTable(name)?.naming).toBe(naming);
  });

  test("every table is found by each of its own names", () => {
    for (const table of catalog.tables()) {
      for (const name of [table.name, table.stripeName, table.stripePlural]) {
        expect(catalog.findTable(name, table.schema)?.table.name, name).toBe(table.name);
      }
    }
  });

  test("schemas are told apart, in any case", () => {
    expect(catalog.findTable("Account")?.table.schema).toBe("stripe");
    expect(catalog.findTable("Account", "Stripe")?.table.schema).toBe("stripe");
    expect(catalog.findTable("accounts", "V2")).toMatchObject({
      table: { schema: "v2", name: "Account" },
      naming: "stripe",
    });
    expect(catalog.findTable("FinancialAddress")).toBeUndefined();
    expect(catalog.findTable("Customer", "public")).toBeUndefined();
  });

  test("an unknown name, or one that several tables might claim, is none", () => {
    expect(catalog.findTable("Custmer")).toBeUndefined();
    expect(catalog.findTable("")).toBeUndefined();
    // `item` is the object of every kind of line item.
    expect(catalog.findTable("item")).toBeUndefined();
  });
});
