import { describe, expect, it } from "vitest";
import type { Parameter } from "../../../src/catalog/catalog.js";
import type { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { requestValue, setAtPath } from "../../../src/plan/write/request-value.js";
import type { SqlType } from "../../../src/value/sql-type.js";
import { utc } from "../../../src/value/time-zone.js";

const reading = { nowSeconds: 0, zone: utc };

const parameter = (type: SqlType, changes: Partial<Parameter> = {}): Parameter => ({
  name: "Given",
  path: ["given"],
  location: "body",
  type,
  jsonShape: undefined,
  required: false,
  emptyable: false,
  enumValues: undefined,
  description: "",
  ...changes,
});

function refusal(type: SqlType, value: unknown, changes: Partial<Parameter> = {}) {
  try {
    requestValue(parameter(type, changes), value, reading);
  } catch (error) {
    const { message, sqlState, detail, hint } = error as StripeSqlError;
    return { message, sqlState, detail, hint };
  }
  return undefined;
}

describe("a value that Stripe's parameter cannot take", () => {
  it.each<[SqlType, unknown, string]>([
    ["BIGINT", "ten", "a number, not 'ten'"],
    ["BIGINT", 15.5, "a whole number, not '15.5'"],
    ["BIGINT", "15.5", "a whole number, not '15.5'"],
    ["BIGINT", 2n ** 63n, "a whole number of 64 bits, as a text or a bigint past 2^53, not '9223372036854775808'"],
    ["BIGINT", 2 ** 53, "a whole number of 64 bits, as a text or a bigint past 2^53, not '9007199254740992'"],
    ["BIGINT", true, "a number, not 'true'"],
    ["BIGINT", {}, "a number, not a structure"],
    ["DOUBLE", "", "a number, not ''"],
    ["DOUBLE", Number.NaN, "a number, not 'NaN'"],
    ["DOUBLE", Number.POSITIVE_INFINITY, "a number, not 'Infinity'"],
    ["DECIMAL", "1e5", "a number, not '1e5'"],
    ["DECIMAL", 1e-13, "a number of at most 12 decimals, not '1e-13'"],
    ["BOOLEAN", 1, "TRUE or FALSE, not '1'"],
    ["BOOLEAN", "yes", "TRUE or FALSE, not 'yes'"],
    ["TIMESTAMPTZ", "some day", "a time, not 'some day'"],
    ["TIMESTAMPTZ", 1.5, "a time, not '1.5'"],
    ["TIMESTAMPTZ", "2026-01-01 00:00:00.5", "a time, not '2026-01-01 00:00:00.5'"],
    ["VARCHAR", { a: 1 }, "a text"],
    ["JSON", "{", "JSON, not '{'"],
    ["JSON", "5", "a JSON object, not '5'"],
    ["JSON", 5, "a JSON object, not '5'"],
  ])("is refused before anything is sent: %s of %s", (type, value, wanted) => {
    expect(refusal(type, value)?.message).toContain(`"Given" takes ${wanted}`);
  });

  it("says how amounts, times and structures are written", () => {
    expect(refusal("BIGINT", 15.5)?.hint).toContain("15.50 USD is 1550");
    expect(refusal("TIMESTAMPTZ", "x")?.hint).toContain("'2026-01-31'");
    expect(refusal("JSON", "x", { jsonShape: "array" })?.hint).toBe(`Write Given = '["a", "b"]'.`);
    expect(refusal("JSON", "x", { jsonShape: "object" })?.hint).toBe(`Write Given = '{"key": "value"}'.`);
    expect(refusal("JSON", "x", { jsonShape: "map" })?.hint).toContain("json_merge_patch(Given, ");
  });

  it("is a structure of another shape", () => {
    expect(refusal("JSON", "[]", { jsonShape: "object" })?.message).toContain("a JSON object");
    expect(refusal("JSON", "{}", { jsonShape: "array" })?.message).toContain("a JSON array");
  });

  it("is none of a closed enum's values, with the nearest", () => {
    expect(refusal("VARCHAR", "mnoth", { enumValues: ["day", "month"], closedEnum: true })).toEqual({
      message: `invalid value for "Given": 'mnoth'`,
      sqlState: "22023",
      detail: "Stripe takes no other than 'month', 'day'.",
      hint: 'Did you mean "month"?',
    });
  });

  it("is a bad literal where it was written, and a bad value where it was given", () => {
    expect(refusal("BIGINT", "ten")?.sqlState).toBe("22P02");
    expect(refusal("BIGINT", 15.5)?.sqlState).toBe("22023");
  });
});

describe("a value as Stripe's parameter takes it", () => {
  it.each<[SqlType, unknown, unknown]>([
    ["BIGINT", 1500, 1500],
    ["BIGINT", "1500.0", 1500],
    ["BIGINT", 1500n, 1500],
    ["BIGINT", -5, -5],
    ["DOUBLE", "2.5", 2.5],
    ["DECIMAL", "10.500000000001", "10.500000000001"],
    ["DECIMAL", 0.5, "0.5"],
    ["DECIMAL", 1e-7, "0.0000001"],
    ["BOOLEAN", "TRUE", true],
    ["BOOLEAN", false, false],
    ["TIMESTAMPTZ", "2026-01-01", 1_767_225_600],
    ["TIMESTAMPTZ", new Date(1_767_225_600_000), 1_767_225_600],
    ["TIMESTAMPTZ", 1_767_225_600, 1_767_225_600],
    ["VARCHAR", "a", "a"],
    ["VARCHAR", 5, "5"],
    ["VARCHAR", "", ""],
    ["JSON", '{"a":1}', { a: 1 }],
    ["JSON", { a: new Date(0), b: 5n, c: [null] }, { a: "1970-01-01T00:00:00.000Z", b: "5", c: [null] }],
    ["JSON", "", ""],
  ])("%s of %s", (type, value, sent) => {
    expect(requestValue(parameter(type), value, reading)).toEqual(sent);
  });

  it("is none for NULL", () => {
    for (const type of ["BIGINT", "VARCHAR", "JSON"] as const) {
      expect(requestValue(parameter(type), null, reading)).toBeUndefined();
      expect(requestValue(parameter(type), undefined, reading)).toBeUndefined();
    }
  });

  it("is a word where Stripe takes one for a time or a number", () => {
    expect(requestValue(parameter("TIMESTAMPTZ", { enumValues: ["now"] }), "now", reading)).toBe("now");
    expect(requestValue(parameter("BIGINT", { enumValues: ["inf"] }), "inf", reading)).toBe("inf");
  });
});

describe("a field within a structure", () => {
  it("is set beside those that are there", () => {
    const address = setAtPath({ email: "a" }, ["address", "city"], "Paris");
    expect(setAtPath(address, ["address", "country"], "FR")).toEqual({
      email: "a",
      address: { city: "Paris", country: "FR" },
    });
  });
});
