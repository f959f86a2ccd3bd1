import { describe, expect, test } from "vitest";
import { filterOf, freshCatalog, tableNamed } from "./fresh-catalog.js";

const catalog = freshCatalog();

describe("filters", () => {
  test.each([
    ["Charge", "created", "Created", "range"],
    ["Charge", "customer", "Customer", "equality"],
    ["Charge", "payment_intent", "PaymentIntent", "equality"],
    ["Customer", "email", "Email", "equality"],
    ["Invoice", "due_date", "DueDate", "range"],
    ["Invoice", "status", "Status", "equality"],
    ["Payout", "arrival_date", "ArrivalDate", "range"],
    ["Topup", "amount", "Amount", "range"],
    ["Price", "recurring[interval]", "RecurringInterval", "equality"],
    ["Price", "lookup_keys", "LookupKey", "any-of"],
    ["Product", "ids", "Id", "any-of"],
    ["Event", "types", "Type", "any-of"],
    ["CheckoutSession", "customer_details[email]", "CustomerDetailsEmail", "equality"],
    ["Person", "relationship[owner]", "RelationshipOwner", "equality"],
    ["InvoiceItem", "created", "Date", "range"],
    ["PromotionCode", "coupon", "PromotionCoupon", "equality"],
    ["Invoice", "subscription", "Subscription", "equality"],
    ["ShippingRate", "currency", "Currency", "equality"],
  ])("%s: the parameter %s filters the column %s by %s", (table, parameter, column, operators) => {
    expect(filterOf(tableNamed(catalog, table), parameter)).toMatchObject({ column, operators, pseudo: false });
  });

  test.each([
    ["BalanceTransaction", "payout", "Payout"],
    ["Subscription", "price", "Price"],
    ["Event", "delivery_success", "DeliverySuccess"],
    ["InvoiceItem", "pending", "Pending"],
  ])("%s: the parameter %s names no column and is the pseudo-column %s", (name, parameter, column) => {
    const table = tableNamed(catalog, name);
    expect(filterOf(table, parameter)).toMatchObject({ column, pseudo: true });
    expect(table.pseudoColumns.map((pseudo) => pseudo.name)).toContain(column);
    expect(table.columns.map((own) => own.name)).not.toContain(column);
  });

  /** A new one is to be judged: may the object hold the field elsewhere (`movedFields`), or is it a filter and nothing else? */
  test("that are no columns are these, each of them judged", () => {
    const general = new Set(["AccountId", "SearchQuery"]);
    const pseudo = catalog
      .tables()
      .map(({ schema, name, pseudoColumns }) => [
        `${schema}.${name}`,
        pseudoColumns.map((column) => column.name).filter((column) => !general.has(column)),
      ])
      .filter(([, columns]) => columns?.length !== 0);
    expect(Object.fromEntries(pseudo)).toEqual({
      "stripe.BalanceTransaction": ["Payout"],
      "stripe.BillingCreditBalanceTransaction": ["Customer", "CustomerAccount"],
      "stripe.EntitlementsFeature": ["Archived"],
      "stripe.Event": ["DeliverySuccess"],
      "stripe.FinancialConnectionsAccount": ["Session"],
      "stripe.FinancialConnectionsTransaction": ["TransactionRefreshAfter"],
      "stripe.InvoiceItem": ["Pending"],
      "stripe.PaymentRecord": ["CreatedAfter", "CreatedBefore"],
      "stripe.ProductCatalogTrialOffer": ["Created"],
      "stripe.RadarValueList": ["Contains"],
      "stripe.Subscription": ["CurrentPeriodEnd", "CurrentPeriodStart", "Plan", "Price"],
      "stripe.SubscriptionSchedule": ["Scheduled"],
      "stripe.TreasuryDebitReversal": ["Resolution"],
      "v2.Adjustment": ["AdjustedFlow"],
      "v2.ProductCatalogImport": ["CreatedGt", "CreatedGte", "CreatedLt", "CreatedLte"],
      "v2.Transaction": ["Flow"],
    });
  });

  test("that Stripe cuts its answer short for are known to be so", () => {
    const cut = catalog
      .tables()
      .flatMap((table) => table.lists.flatMap((list) => list.filters))
      .filter(({ atMost }) => atMost !== undefined);
    expect(cut).toMatchObject([{ parameter: "transfer_group", atMost: 100 }]);
  });

  test("are one for each column of a list", () => {
    const twice = catalog.tables().flatMap((table) =>
      table.lists.flatMap((list) => {
        const columns = list.filters.filter(({ superseded }) => superseded !== true).map(({ column }) => column);
        return columns
          .filter((column, index) => columns.indexOf(column) !== index)
          .map((column) => `${table.name} ${column}`);
      }),
    );
    expect(twice).toEqual([]);
  });

  test("every table can be read from another account, and searched where Stripe searches", () => {
    for (const table of catalog.tables()) {
      const names = table.pseudoColumns.map((column) => column.name);
      expect(names).toContain("AccountId");
      expect(names.includes("SearchQuery"), table.name).toBe(table.search !== undefined);
    }
  });

  test("leave out paging, order and expansion", () => {
    const parameters = new Set(
      catalog.tables().flatMap((table) => table.lists.flatMap((list) => list.filters.map((f) => f.parameter))),
    );
    for (const control of ["expand", "include", "limit", "page", "starting_after", "ending_before", "order_by"]) {
      expect(parameters).not.toContain(control);
    }
  });

  test("are exact only where Stripe compares as SQL does", () => {
    expect(filterOf(tableNamed(catalog, "Customer"), "email")?.exact).toBe(true);
    expect(filterOf(tableNamed(catalog, "PromotionCode"), "code")?.exact).toBe(false);
    expect(filterOf(tableNamed(catalog, "RadarValueListItem"), "value")?.exact).toBe(false);
  });

  test("know the words that Stripe accepts, declared or listed in the documentation", () => {
    expect(filterOf(tableNamed(catalog, "Subscription"), "status")?.enumValues).toEqual(
      expect.arrayContaining(["active", "all", "ended"]),
    );
    expect(filterOf(tableNamed(catalog, "Payout"), "status")?.enumValues).toEqual([
      "pending",
      "paid",
      "failed",
      "canceled",
    ]);
    expect(filterOf(tableNamed(catalog, "BalanceTransaction"), "type")?.enumValues).toEqual(
      expect.arrayContaining(["charge", "refund", "payout"]),
    );
  });

  test("bring along what Stripe demands with them", () => {
    expect(filterOf(tableNamed(catalog, "InvoicePayment"), "payment[payment_intent]")?.companions).toEqual({
      "payment[type]": "payment_intent",
    });
  });

  test("are required where Stripe refuses to list without them", () => {
    expect(filterOf(tableNamed(catalog, "SubscriptionItem"), "subscription")?.required).toBe(true);
  });

  test("that test no field of the same name are bound to none", () => {
    // Subscription has no current_period_end of its own any more: its items have.
    expect(filterOf(tableNamed(catalog, "Subscription"), "current_period_end")?.pseudo).toBe(true);
    expect(filterOf(tableNamed(catalog, "TaxId"), "owner[type]")).toBeUndefined();
    expect(filterOf(tableNamed(catalog, "Account", "v2"), "applied_configurations")).toBeUndefined();
  });
});
