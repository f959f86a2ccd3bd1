import { describe, expect, test } from "vitest";
import { columnNamed, freshCatalog, tableNamed } from "./fresh-catalog.js";

const catalog = freshCatalog();

describe("an object of another table's", () => {
  test.each([
    ["SubscriptionItem", "Price", "Price"],
    ["SubscriptionItem", "Plan", "Plan"],
    ["CheckoutSessionLineItem", "Price", "Price"],
    ["IssuingAuthorization", "Card", "IssuingCard"],
    ["ProductFeature", "EntitlementFeature", "EntitlementsFeature"],
    ["ReportingReportRun", "Result", "File"],
    ["Plan", "Product", "Product"],
  ])("%s.%s is its id, which joins", (table, column, references) => {
    expect(columnNamed(tableNamed(catalog, table), column)).toMatchObject({ type: "VARCHAR", references });
  });

  test("is never JSON where it has an id", () => {
    const held = catalog
      .tables()
      .flatMap((table) =>
        table.columns.filter(({ type, references }) => references !== undefined && type !== "VARCHAR"),
      );
    expect(held).toEqual([]);
  });
});

describe("an object that is no one table's", () => {
  test.each([
    ["Customer", "Discount"],
    ["Charge", "Source"],
    ["Customer", "CashBalance"],
  ])("%s.%s stays JSON", (table, column) => {
    const { type, references } = columnNamed(tableNamed(catalog, table), column);
    expect({ type, references }).toEqual({ type: "JSON", references: undefined });
  });
});

describe("a reference to the rows of its own table", () => {
  test("is one that the documentation speaks of", () => {
    const own = catalog
      .tables()
      .flatMap((table) =>
        table.columns.filter(({ references }) => references === table.name).map(({ name }) => `${table.name}.${name}`),
      );
    expect(own.sort()).toEqual([
      "CustomerCashBalanceTransaction.AdjustedForOverdraftLinkedTransaction",
      "Invoice.FromInvoiceInvoice",
      "Invoice.LatestRevision",
      "IssuingCard.ReplacedBy",
      "IssuingCard.ReplacementFor",
      "PaymentIntent.LastPaymentErrorPaymentIntent",
      "Payout.OriginalPayout",
      "Payout.ReversedBy",
      "Quote.FromQuoteQuote",
      "SetupIntent.LastSetupErrorSetupIntent",
    ]);
  });

  test("is none where the declarations' name means another file's object", () => {
    const table = tableNamed(catalog, "FinancialConnectionsAccount");
    expect(columnNamed(table, "AccountHolderAccount").references).toBe("Account");
  });
});
