import { describe, expect, test } from "vitest";
import { declaredFields } from "./declared-fields.js";
import { columnNamed, freshCatalog, tableNamed } from "./fresh-catalog.js";

const catalog = freshCatalog();

describe("columns", () => {
  test("lose no field that the SDK declares", () => {
    const declared = declaredFields();
    const compared = catalog.tables().flatMap((table) => {
      const fields = declared.get(table.objectType ?? "");
      if (fields === undefined) return [];
      const held = new Set(table.columns.map((column) => column.path[0]));
      return [{ table: table.name, missing: fields.filter((field) => !held.has(field)) }];
    });
    expect(compared.length).toBeGreaterThan(120);
    expect(compared.filter(({ missing }) => missing.length > 0)).toEqual([]);
  });

  test("flatten small objects of scalars and keep the rest as JSON", () => {
    const customer = tableNamed(catalog, "Customer");
    expect(columnNamed(customer, "AddressCity")).toMatchObject({
      stripeName: "address_city",
      path: ["address", "city"],
      type: "VARCHAR",
    });
    expect(columnNamed(customer, "InvoiceSettingsDefaultPaymentMethod").references).toBe("PaymentMethod");
    expect(columnNamed(customer, "InvoiceSettingsCustomFields")).toMatchObject({ type: "JSON", jsonShape: "array" });
    expect(columnNamed(customer, "Metadata")).toMatchObject({ type: "JSON", jsonShape: "map" });
    expect(columnNamed(customer, "Subscriptions")).toMatchObject({ type: "JSON", jsonShape: "list", includable: true });
    expect(columnNamed(tableNamed(catalog, "PaymentMethod"), "CardLast4").path).toEqual(["card", "last4"]);
    expect(columnNamed(tableNamed(catalog, "PaymentIntent"), "PaymentMethodOptions")).toMatchObject({
      type: "JSON",
      jsonShape: "object",
    });
    expect(columnNamed(tableNamed(catalog, "PaymentIntent"), "NextAction").type).toBe("JSON");
  });

  test("keep a resource within another whole where it is no table's", () => {
    expect(columnNamed(tableNamed(catalog, "Customer"), "Discount")).toMatchObject({
      type: "JSON",
      jsonShape: "object",
    });
  });

  test("hold the id of what can be expanded, and name its table", () => {
    const charge = tableNamed(catalog, "Charge");
    expect(columnNamed(charge, "Customer")).toMatchObject({ type: "VARCHAR", references: "Customer", nullable: true });
    expect(columnNamed(charge, "BalanceTransaction").references).toBe("BalanceTransaction");
    // A source may be any of many tables'.
    expect(columnNamed(tableNamed(catalog, "BalanceTransaction"), "Source").references).toBeUndefined();
  });

  test("end with the whole object, hidden", () => {
    for (const table of catalog.tables()) {
      expect(table.columns.at(-1)).toMatchObject({ name: "_json", hidden: true, path: [], type: "JSON" });
      const hidden = table.columns.filter((column) => column.hidden && column.name !== "_json");
      // What is had by its ids besides is shown by these.
      expect(hidden.every((column) => column.includable)).toBe(true);
    }
  });

  test("know what create and update accept", () => {
    const customer = tableNamed(catalog, "Customer");
    expect(columnNamed(customer, "Email")).toMatchObject({ creatable: true, updatable: true });
    expect(columnNamed(customer, "TestClock")).toMatchObject({ creatable: true, updatable: false });
    expect(columnNamed(customer, "Created")).toMatchObject({ creatable: false, updatable: false });
    expect(columnNamed(tableNamed(catalog, "ProductFeature"), "Product").creatable).toBe(true);
  });

  test("keep an enum's words, without the SDK's open end", () => {
    expect(columnNamed(tableNamed(catalog, "Invoice"), "Status").enumValues).toEqual([
      "draft",
      "open",
      "paid",
      "uncollectible",
      "void",
    ]);
    expect(columnNamed(tableNamed(catalog, "Event"), "Type").enumValues).toContain("invoice.paid");
  });

  test("of a union are all of its members' fields", () => {
    const names = tableNamed(catalog, "ExternalAccount").columns.map((column) => column.name);
    expect(names).toEqual(expect.arrayContaining(["RoutingNumber", "BankName", "ExpMonth", "Brand"]));
    expect(columnNamed(tableNamed(catalog, "ExternalAccount"), "Object").enumValues).toEqual(["bank_account", "card"]);
  });

  test("are described in plain words", () => {
    const descriptions = catalog.tables().flatMap((table) => table.columns.map((column) => column.description));
    expect(descriptions.filter((text) => /\]\(|<a |\n/.test(text))).toEqual([]);
  });
});

describe("types", () => {
  const numbers = catalog
    .tables()
    .flatMap((table) =>
      table.columns
        .filter((column) => column.type === "BIGINT" || column.type === "DOUBLE")
        .map((column) => ({ table, column })),
    );
  const times = catalog
    .tables()
    .flatMap((table) =>
      table.columns.filter((column) => column.type === "TIMESTAMPTZ").map((column) => ({ table, column })),
    );

  test("no number whose name or documentation says that it is a time is left a number", () => {
    const suspicious = numbers.filter(
      ({ column }) =>
        /unix epoch|timestamp|_(at|on|date|deadline|expires)$|^(created|updated|date|expires)$/i.test(
          `${column.description} ${column.stripeName}`,
        ) || /(created|updated|_at|_date|_until)$/.test(column.stripeName),
    );
    // Measured in milliseconds, where all other times are in seconds.
    expect(suspicious.map(({ table, column }) => `${table.name}.${column.name}`)).toEqual([
      "TerminalReader.LastSeenAt",
    ]);
  });

  test("no count, length of time or part of a date is read as a time", () => {
    const last = times.map(({ column }) => column.path.at(-1) ?? "");
    expect(
      last.filter((name) =>
        /(day|days|month|year|hour|minute|second|seconds|count|amount|interval|divide_by)$/.test(name),
      ),
    ).toEqual([]);
    expect(
      new Set(
        last.filter((name) => !/(_at|_on|_date|^date|^created|^updated|_time|_start|_end|^start|^end)$/.test(name)),
      ),
    ).toEqual(
      new Set([
        "active_from",
        "as_of",
        "billed_until",
        "billing_cycle_anchor",
        "current_deadline",
        "deadline",
        "deletes_after",
        "due_by",
        "eta",
        "expires",
        "next_payment_attempt",
        "next_pending_invoice_item_invoice",
        "redeem_by",
        "result_available_until",
        "sent",
      ]),
    );
  });

  test.each([
    ["Invoice", "AmountDue", "BIGINT"],
    ["Invoice", "DueDate", "TIMESTAMPTZ"],
    ["Invoice", "NextPaymentAttempt", "TIMESTAMPTZ"],
    ["InvoiceItem", "Date", "TIMESTAMPTZ"],
    ["InvoiceItem", "PeriodStart", "TIMESTAMPTZ"],
    ["Subscription", "TrialEnd", "TIMESTAMPTZ"],
    ["Subscription", "DaysUntilDue", "BIGINT"],
    ["Subscription", "BillingCycleAnchorConfigDayOfMonth", "BIGINT"],
    ["Price", "UnitAmountDecimal", "DECIMAL"],
    ["Price", "TransformQuantityDivideBy", "BIGINT"],
    ["Coupon", "PercentOff", "DOUBLE"],
    ["BalanceTransaction", "ExchangeRate", "DOUBLE"],
    ["TaxRate", "Percentage", "DOUBLE"],
    ["Customer", "Deleted", "BOOLEAN"],
    ["ExchangeRate", "Rates", "JSON"],
    ["Balance", "Available", "JSON"],
  ])("%s.%s is %s", (table, column, type) => {
    expect(columnNamed(tableNamed(catalog, table), column).type).toBe(type);
  });

  test("API v2 writes times as text: they are times all the same", () => {
    expect(columnNamed(tableNamed(catalog, "Event", "v2"), "Created").type).toBe("TIMESTAMPTZ");
    expect(columnNamed(tableNamed(catalog, "GbBankAccount", "v2"), "Created").type).toBe("TIMESTAMPTZ");
  });
});
