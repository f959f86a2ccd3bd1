import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalScale, decimalToScaled, scaledToDecimal } from "../../src/value/decimal.js";
import { openOracle } from "../support/oracle.js";

const oracle = openOracle();

describe("a decimal's text", () => {
  it.each(["", ".", "1e3", "abc", "1.2.3", "0x10", "1,000", "0.1234567890123"])(
    "is not read where it is %j",
    (text) => {
      expect(decimalToScaled(text)).toBeUndefined();
    },
  );

  it("keeps every digit that Stripe gives", () => {
    expect(decimalToScaled("0.123456789012")).toBe(123_456_789_012n);
    expect(scaledToDecimal(decimalToScaled("-0.250") ?? 0n)).toBe("-0.25");
    expect(scaledToDecimal(decimalToScaled("12345678901234567890.5") ?? 0n)).toBe("12345678901234567890.5");
    expect(scaledToDecimal(decimalToScaled("7.000") ?? 0n)).toBe("7");
  });

  // It was read from each zero to the end anew: sixteen seconds for 60,000 of them.
  it("is refused at once where it has a million digits too many", () => {
    expect(decimalToScaled(`0.${"0".repeat(1_000_000)}1`)).toBeUndefined();
    expect(decimalToScaled(`0.5${"0".repeat(1_000_000)}`)).toBe(500_000_000_000n);
  });

  it("comes back as it was, whatever number it is", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (scaled) => {
        expect(decimalToScaled(scaledToDecimal(scaled))).toBe(scaled);
      }),
    );
  });

  it("is the number that DuckDB reads", async () => {
    const text = fc
      .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.stringMatching(/^\d{0,12}$/))
      .map(([whole, fraction]) => (fraction === "" ? String(whole) : `${whole}.${fraction}`));
    await fc.assert(
      fc.asyncProperty(text, async (decimal) => {
        const scaled = decimalToScaled(decimal) ?? 0n;
        const same = `'${decimal}'::DECIMAL(38,${decimalScale}) = '${scaledToDecimal(scaled)}'::DECIMAL(38,${decimalScale})`;
        expect(await oracle.text(same)).toBe("true");
      }),
      { numRuns: 100 },
    );
  });
});
