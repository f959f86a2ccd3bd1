import { describe, expect, it } from "vitest";
import { inMajorUnits } from "../../src/value/currency-digits.js";

describe("an amount in its currency's own unit", () => {
  it.each([
    ["1500", "usd", "15.00"],
    ["-5", "eur", "-0.05"],
    ["0", "GBP", "0.00"],
    ["1500", "jpy", "1500"],
    ["1500", "kwd", "1.500"],
    ["500", "isk", "5.00"],
    ["12345678901234567890", "usd", "123456789012345678.90"],
    ["1.5", "usd", "0.015"],
    ["1.5", "jpy", "1.5"],
  ])("%s of %s is %s", (amount, currency, expected) => expect(inMajorUnits(amount, currency)).toBe(expected));

  it.each(["", "1e21", "NULL", "1,5", '"12"'])("is none of %j", (text) => {
    expect(inMajorUnits(text, "usd")).toBeUndefined();
  });
});
