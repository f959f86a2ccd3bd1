import { describe, expect, test } from "vitest";
import { freshCatalog, listAt, tableNamed } from "./fresh-catalog.js";

const catalog = freshCatalog();

describe("tables", () => {
  test("every listable resource is one", () => {
    expect(catalog.tables().length).toBeGreaterThanOrEqual(135);
    expect(new Set(catalog.tables().map((table) => `${table.schema}.${table.name.toLowerCase()}`)).size).toBe(
      catalog.tables().length,
    );
  });

  test.each([
    ["Customer", "customer", "customers", "customer"],
    ["CheckoutSession", "checkout_session", "checkout_sessions", "checkout.session"],
    ["InvoiceItem", "invoice_item", "invoice_items", "invoiceitem"],
    ["BillingMeter", "billing_meter", "billing_meters", "billing.meter"],
    ["IssuingCard", "issuing_card", "issuing_cards", "issuing.card"],
    ["TestHelpersTestClock", "test_helpers_test_clock", "test_helpers_test_clocks", "test_helpers.test_clock"],
    [
      "FinancialConnectionsAccount",
      "financial_connections_account",
      "financial_connections_accounts",
      "financial_connections.account",
    ],
  ])("%s has Stripe's names %s, %s and object %s", (name, stripeName, stripePlural, objectType) => {
    expect(tableNamed(catalog, name)).toMatchObject({ name, stripeName, stripePlural, objectType, schema: "stripe" });
  });

  test("API v2 has a schema and short names of its own", () => {
    const names = catalog.tableNames().filter((table) => table.schema === "v2");
    expect(names.map((table) => table.name)).toEqual(
      expect.arrayContaining(["Account", "AccountPerson", "Event", "EventDestination", "FinancialAccount"]),
    );
    expect(tableNamed(catalog, "Account", "v2").lists[0]).toMatchObject({
      path: "/v2/core/accounts",
      pagination: "v2",
    });
  });

  test("names no column or pseudo-column twice, whatever the case", () => {
    for (const table of catalog.tables()) {
      const names = [...table.columns, ...table.pseudoColumns].map((column) => column.name.toLowerCase());
      expect(new Set(names).size, table.name).toBe(names.length);
    }
  });

  test("names only columns that there are in lists, keys and searches", () => {
    for (const table of catalog.tables()) {
      const names = new Set([...table.columns, ...table.pseudoColumns].map((column) => column.name));
      const keys = [table.retrieve, table.create, table.update, table.delete].flatMap(
        (endpoint) => endpoint?.keys ?? [],
      );
      const used = [
        ...table.lists.flatMap((list) => [...list.filters, ...list.parents]),
        ...keys,
        ...(table.search?.fields ?? []),
      ];
      expect(
        used.map(({ column }) => column).filter((column) => !names.has(column)),
        table.name,
      ).toEqual([]);
    }
  });

  test("say what every placeholder of their paths is", () => {
    for (const table of catalog.tables()) {
      for (const list of table.lists) {
        const placeholders = [...list.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        expect(list.parents.map((parent) => parent.placeholder)).toEqual(expect.arrayContaining(placeholders));
      }
    }
  });
});

describe("lists", () => {
  test("mean the whole table: canceled subscriptions, expired registrations and closed accounts are in", () => {
    expect(listAt(tableNamed(catalog, "Subscription"), "/v1/subscriptions").baseParameters).toEqual({ status: "all" });
    expect(listAt(tableNamed(catalog, "TaxRegistration"), "/v1/tax/registrations").baseParameters).toEqual({
      status: "all",
    });
    expect(listAt(tableNamed(catalog, "Account", "v2"), "/v2/core/accounts").partitions).toEqual([
      { closed: "false" },
      { closed: "true" },
    ]);
    expect(listAt(tableNamed(catalog, "Customer"), "/v1/customers").baseParameters).toEqual({});
  });

  test("give what Stripe demands and only one value fits", () => {
    expect(listAt(tableNamed(catalog, "TaxLocation"), "/v1/tax/locations").baseParameters).toEqual({
      type: "performance",
    });
    expect(listAt(tableNamed(catalog, "AppsSecret"), "/v1/apps/secrets").baseParameters).toEqual({
      "scope[type]": "account",
    });
  });

  test("are the newest first only where they are top-level, paged by cursor and dated", () => {
    expect(listAt(tableNamed(catalog, "Charge"), "/v1/charges").order).toBe("created-descending");
    expect(listAt(tableNamed(catalog, "TaxCode"), "/v1/tax_codes").order).toBeUndefined();
    expect(listAt(tableNamed(catalog, "SubscriptionItem"), "/v1/subscription_items").order).toBeUndefined();
    expect(
      listAt(tableNamed(catalog, "PaymentMethod"), "/v1/customers/{customer}/payment_methods").order,
    ).toBeUndefined();
  });

  test("of endpoints without a cursor are sent none", () => {
    expect(listAt(tableNamed(catalog, "ReportingReportType"), "/v1/reporting/report_types").pagination).toBe("none");
    expect(listAt(tableNamed(catalog, "Capability"), "/v1/accounts/{account}/capabilities").pagination).toBe("none");
    expect(listAt(tableNamed(catalog, "Customer"), "/v1/customers").pagination).toBe("cursor");
  });

  test("of one object make a table of one row", () => {
    for (const [name, path] of [
      ["Balance", "/v1/balance"],
      ["CurrentAccount", "/v1/account"],
      ["TaxSettings", "/v1/tax/settings"],
    ] as const) {
      expect(listAt(tableNamed(catalog, name), path)).toMatchObject({ pagination: "singleton", parents: [] });
    }
    expect(tableNamed(catalog, "TaxSettings").update?.keys).toEqual([]);
  });
});

describe("nested lists", () => {
  test("whose rows are a table already are one more way to it", () => {
    expect(tableNamed(catalog, "PaymentMethod").lists.map((list) => list.path)).toEqual([
      "/v1/payment_methods",
      "/v1/customers/{customer}/payment_methods",
    ]);
  });

  test.each([
    ["InvoiceLineItem", "/v1/invoices/{invoice}/lines", "Invoice", "Invoice"],
    ["CheckoutSessionLineItem", "/v1/checkout/sessions/{session}/line_items", "CheckoutSession", "CheckoutSession"],
    ["QuoteComputedUpfrontLineItem", "/v1/quotes/{quote}/computed_upfront_line_items", "Quote", "Quote"],
    ["CustomerTaxId", "/v1/customers/{customer}/tax_ids", "Customer", "Customer"],
    ["FeeRefund", "/v1/application_fees/{application_fee}/refunds", "Fee", "ApplicationFee"],
    ["Person", "/v1/accounts/{account}/persons", "Account", "Account"],
    ["ProductFeature", "/v1/products/{product}/features", "Product", "Product"],
  ])("%s of %s has its parent's key in the column %s", (name, path, column, parent) => {
    expect(listAt(tableNamed(catalog, name), path).parents).toMatchObject([{ column, table: parent }]);
  });

  test("add the parent's key where the rows lack it, and only there", () => {
    const parentKeys = (name: string) => tableNamed(catalog, name).columns.filter((column) => column.parentKey);
    expect(parentKeys("CheckoutSessionLineItem")).toMatchObject([
      {
        name: "CheckoutSession",
        stripeName: "checkout_session",
        path: [],
        type: "VARCHAR",
        references: "CheckoutSession",
      },
    ]);
    expect(parentKeys("InvoiceLineItem")).toEqual([]);
  });

  test("that a required parameter makes have parents too, the own namespace's before others", () => {
    expect(listAt(tableNamed(catalog, "SubscriptionItem"), "/v1/subscription_items").parents).toEqual([
      { placeholder: "subscription", column: "Subscription", table: "Subscription" },
    ]);
    expect(listAt(tableNamed(catalog, "TreasuryTransaction"), "/v1/treasury/transactions").parents).toEqual([
      { placeholder: "financial_account", column: "FinancialAccount", table: "TreasuryFinancialAccount" },
    ]);
    expect(listAt(tableNamed(catalog, "IssuingToken"), "/v1/issuing/tokens").parents).toMatchObject([
      { table: "IssuingCard" },
    ]);
  });

  test("say where the parent always embeds their first rows, not where it has to be expanded", () => {
    expect(listAt(tableNamed(catalog, "InvoiceLineItem"), "/v1/invoices/{invoice}/lines").embeddedAt).toEqual([
      "lines",
    ]);
    expect(listAt(tableNamed(catalog, "SubscriptionItem"), "/v1/subscription_items").embeddedAt).toEqual(["items"]);
    expect(listAt(tableNamed(catalog, "QuoteLineItem"), "/v1/quotes/{quote}/line_items").embeddedAt).toBeUndefined();
  });

  test("can all be reached from tables that can be listed, so each is read with no WHERE", () => {
    const unreadable = catalog.tables().filter((table) =>
      table.lists.every((list) => {
        const given = new Set([
          ...list.parents.map((parent) => parent.placeholder),
          ...Object.keys(list.baseParameters),
        ]);
        return list.filters.some((filter) => filter.required && !given.has(filter.parameter));
      }),
    );
    expect(unreadable.map((table) => table.name)).toEqual([]);
    // Meter summaries need a span of time, which no table holds: their list is a procedure.
    expect(catalog.findProcedure("ListBillingMeterEventSummaries")?.result.kind).toBe("list");
  });
});

describe("reads and writes of a table", () => {
  test("are told by their address", () => {
    expect(tableNamed(catalog, "Customer")).toMatchObject({
      retrieve: { method: "GET", path: "/v1/customers/{customer}", keys: [{ column: "Id" }] },
      create: { method: "POST", path: "/v1/customers", keys: [] },
      update: { method: "POST", path: "/v1/customers/{customer}", keys: [{ column: "Id" }] },
      delete: { method: "DELETE", path: "/v1/customers/{customer}", keys: [{ column: "Id" }] },
      search: { method: "GET", path: "/v1/customers/search" },
    });
    expect(tableNamed(catalog, "Subscription").delete?.sdkMethod).toBe("subscriptions.cancel");
  });

  test("of a nested table name the parent's key first", () => {
    expect(tableNamed(catalog, "Person").update).toMatchObject({
      path: "/v1/accounts/{account}/persons/{person}",
      keys: [
        { placeholder: "account", column: "Account", table: "Account" },
        { placeholder: "person", column: "Id", table: "Person" },
      ],
    });
    expect(tableNamed(catalog, "CustomerTaxId").create?.keys).toMatchObject([{ column: "Customer" }]);
    expect(tableNamed(catalog, "ProductFeature").delete?.keys.map((key) => key.column)).toEqual(["Product", "Id"]);
  });

  test("take nested values by name and as JSON", () => {
    const parameters = tableNamed(catalog, "Customer").update?.parameters ?? [];
    expect(parameters.find((parameter) => parameter.name === "Address")).toMatchObject({
      type: "JSON",
      path: ["address"],
    });
    expect(parameters.find((parameter) => parameter.name === "AddressCity")).toMatchObject({
      path: ["address", "city"],
    });
    expect(parameters.find((parameter) => parameter.name === "InvoiceSettingsDefaultPaymentMethod")).toMatchObject({
      type: "VARCHAR",
      path: ["invoice_settings", "default_payment_method"],
    });
    expect(parameters.find((parameter) => parameter.name === "Metadata")).toMatchObject({
      type: "JSON",
      jsonShape: "map",
    });
    expect(parameters.map((parameter) => parameter.name)).not.toContain("Expand");
  });

  test("take a word in a time's place where Stripe does", () => {
    const parameters = tableNamed(catalog, "Subscription").update?.parameters ?? [];
    expect(parameters.find((parameter) => parameter.name === "TrialEnd")).toMatchObject({
      type: "TIMESTAMPTZ",
      enumValues: ["now"],
    });
  });

  test("leave out the upload of a file", () => {
    expect(tableNamed(catalog, "File").create).toBeUndefined();
    expect(catalog.findProcedure("CreateFile")).toBeUndefined();
  });

  test("tell their rows apart by the key, and by the parents' where ids may be unique within one only", () => {
    const identityOf = (name: string) => tableNamed(catalog, name).identity;
    expect(identityOf("Customer")).toEqual(["Id"]);
    expect(identityOf("InvoiceLineItem")).toEqual(["Id", "Invoice"]);
    expect(identityOf("CashBalance")).toEqual(["Customer"]);
    expect(identityOf("Balance")).toEqual([]);
    for (const table of catalog.tables()) {
      const names = table.columns.map(({ name }) => name);
      expect(table.identity.filter((name) => !names.includes(name))).toEqual([]);
    }
  });

  test("search by the fields that Stripe's Search knows", () => {
    expect(tableNamed(catalog, "Invoice").search?.fields).toContainEqual({
      field: "subscription",
      column: "ParentSubscriptionDetailsSubscription",
      type: "string",
    });
    expect(catalog.tables().flatMap((table) => (table.search === undefined ? [] : table.name))).toEqual([
      "Charge",
      "Customer",
      "Invoice",
      "PaymentIntent",
      "Price",
      "Product",
      "Subscription",
    ]);
  });
});
