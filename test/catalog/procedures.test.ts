import { describe, expect, test } from "vitest";
import { readSdkMethods } from "../../src/catalog/compile/sdk-method.js";
import { locateSdk, openSdkSource } from "../../src/catalog/compile/sdk-source.js";
import { freshCatalog, procedureNamed } from "./fresh-catalog.js";

const catalog = freshCatalog();

describe("procedures", () => {
  test("are every call that is no plain read or write", () => {
    expect(catalog.procedures().length).toBeGreaterThanOrEqual(150);
    expect(new Set(catalog.procedureNames().map((name) => name.toLowerCase())).size).toBe(
      catalog.procedureNames().length,
    );
  });

  test("and tables together reach every call of the SDK but uploads and OAuth", () => {
    const reached = new Set([
      ...catalog.procedures().map((procedure) => procedure.sdkMethod),
      ...catalog
        .tables()
        .flatMap((table) =>
          [...table.lists, table.retrieve, table.search, table.create, table.update, table.delete].flatMap(
            (endpoint) => endpoint?.sdkMethod ?? [],
          ),
        ),
    ]);
    const methods = readSdkMethods(openSdkSource(locateSdk().root)).map((method) => method.sdkMethod);
    expect(methods.length).toBeGreaterThan(640);
    expect(methods.filter((method) => !reached.has(method))).toEqual([
      "files.create",
      "oauth.token",
      "oauth.deauthorize",
    ]);
  });

  test.each([
    ["ConfirmPaymentIntent", "/v1/payment_intents/{payment_intent}/confirm", ["PaymentIntentId"]],
    ["CapturePaymentIntent", "/v1/payment_intents/{payment_intent}/capture", ["PaymentIntentId"]],
    ["CancelPaymentIntent", "/v1/payment_intents/{payment_intent}/cancel", ["PaymentIntentId"]],
    ["AttachPaymentMethodToCustomer", "/v1/payment_methods/{payment_method}/attach", ["PaymentMethodId", "CustomerId"]],
    ["DetachPaymentMethodFromCustomer", "/v1/payment_methods/{payment_method}/detach", ["PaymentMethodId"]],
    ["FinalizeInvoice", "/v1/invoices/{invoice}/finalize", ["InvoiceId"]],
    ["FinalizeQuote", "/v1/quotes/{quote}/finalize", ["QuoteId"]],
    ["AcceptQuote", "/v1/quotes/{quote}/accept", ["QuoteId"]],
    ["CancelQuote", "/v1/quotes/{quote}/cancel", ["QuoteId"]],
  ])("the connector's action %s posts to %s and demands %j", (name, path, required) => {
    const procedure = procedureNamed(catalog, name);
    expect(procedure).toMatchObject({ name, method: "POST", path, writes: true });
    const demanded = procedure.parameters.filter((parameter) => parameter.required && parameter.path.length === 1);
    expect(demanded.map((parameter) => parameter.name)).toEqual(required);
    expect(procedure.parameters.slice(0, required.length).map((parameter) => parameter.name)).toEqual(required);
  });

  test("take every input of Stripe's call", () => {
    const confirm = procedureNamed(catalog, "ConfirmPaymentIntent").parameters;
    expect(confirm.find((parameter) => parameter.name === "ReturnUrl")).toMatchObject({
      location: "body",
      path: ["return_url"],
    });
    const capture = procedureNamed(catalog, "capturepaymentintent").parameters;
    expect(capture.find((parameter) => parameter.name === "AmountToCapture")).toMatchObject({ type: "BIGINT" });
    expect(procedureNamed(catalog, "AttachPaymentMethodToCustomer").parameters[1]).toMatchObject({
      path: ["customer"],
      location: "body",
    });
  });

  test.each([
    ["PayInvoice", "invoices.pay"],
    ["VoidInvoice", "invoices.voidInvoice"],
    ["MarkUncollectibleInvoice", "invoices.markUncollectible"],
    ["CreatePreviewInvoice", "invoices.createPreview"],
    ["CancelSubscription", "subscriptions.cancel"],
    ["ExpireCheckoutSession", "checkout.sessions.expire"],
    ["CreateAccountLink", "accountLinks.create"],
    ["CreateV2AccountLink", "v2.core.accountLinks.create"],
    ["CreateAccountLoginLink", "accounts.createLoginLink"],
    ["DeleteCustomerDiscount", "customers.deleteDiscount"],
    ["RetrieveMandate", "mandates.retrieve"],
    ["VoidBillingCreditGrant", "billing.creditGrants.voidGrant"],
    ["ListTaxCalculationLineItems", "tax.calculations.listLineItems"],
    ["AdvanceTestHelpersTestClock", "testHelpers.testClocks.advance"],
  ])("%s is %s", (name, sdkMethod) => {
    expect(procedureNamed(catalog, name).sdkMethod).toBe(sdkMethod);
  });

  test("say what they answer with, and whether they write", () => {
    expect(procedureNamed(catalog, "CapturePaymentIntent").result).toEqual({
      kind: "table",
      table: "PaymentIntent",
      schema: "stripe",
    });
    expect(procedureNamed(catalog, "PdfQuote")).toMatchObject({
      result: { kind: "stream" },
      apiBase: "files",
      writes: false,
    });
    expect(procedureNamed(catalog, "CreateAccountLink").result).toMatchObject({ kind: "object" });
    expect(procedureNamed(catalog, "ListTaxCalculationLineItems")).toMatchObject({
      result: { kind: "list", pagination: "cursor" },
      writes: false,
    });
  });

  test("of test helpers name the table that they act on", () => {
    const ship = procedureNamed(catalog, "ShipTestHelpersIssuingCard");
    expect(ship.parameters[0]).toMatchObject({ name: "IssuingCardId", location: "path" });
  });

  test("name no input twice", () => {
    for (const procedure of catalog.procedures()) {
      const names = procedure.parameters.map((parameter) => parameter.name.toLowerCase());
      expect(new Set(names).size, procedure.name).toBe(names.length);
    }
  });
});
