import { describe, expect, test } from "vitest";
import { describe as describeText } from "../../../src/catalog/compile/doc-comment.js";
import { plural, singular } from "../../../src/catalog/compile/naming.js";
import { namedPath } from "../../../src/catalog/compile/path-template.js";

describe("names", () => {
  test.each([
    ["customers", "customer"],
    ["line_items", "line_item"],
    ["capabilities", "capability"],
    ["financial_addresses", "financial_address"],
    ["balance_settings", "balance_setting"],
    ["invoice", "invoice"],
    ["status", "status"],
    ["address", "address"],
  ])("%s in the singular is %s", (many, one) => expect(singular(many)).toBe(one));

  test.each([
    ["customer", "customers"],
    ["capability", "capabilities"],
    ["financial_address", "financial_addresses"],
    ["balance_settings", "balance_settings"],
    ["fee_refund", "fee_refunds"],
  ])("%s in the plural is %s", (one, many) => expect(plural(one)).toBe(many));

  test.each([
    ["/v1/invoices/{id}/lines", "/v1/invoices/{invoice}/lines"],
    ["/v1/accounts/{accountId}/capabilities/{id}", "/v1/accounts/{account}/capabilities/{capability}"],
    ["/v1/balance", "/v1/balance"],
  ])("the placeholders of %s are named after what they pick: %s", (path, named) => expect(namedPath(path)).toBe(named));
});

describe("descriptions", () => {
  test("are the first two sentences in plain text", () => {
    expect(
      describeText("The [customer](https://x.test/a)'s `email`. It is unique. It is long.\n\nMore.\n@throws Error"),
    ).toBe("The customer's email. It is unique.");
  });

  test("are one sentence where two are too long", () => {
    expect(describeText(`Short. ${"Long ".repeat(80)}.`)).toBe("Short.");
  });
});
