import { describe, expect, it } from "vitest";
import type { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { readCell } from "../../src/value/cell.js";
import { dataType } from "../../src/value/data-type.js";
import { driverConverter } from "../../src/value/driver-value.js";
import type { Json } from "../../src/value/json.js";
import { jsonAt } from "../../src/value/json.js";
import { pascalCase, snakeCase } from "../../src/value/naming.js";
import type { SqlType } from "../../src/value/sql-type.js";

const types: readonly SqlType[] = ["BIGINT", "DOUBLE", "DECIMAL", "VARCHAR", "BOOLEAN", "TIMESTAMPTZ", "JSON"];

function refusal(type: SqlType, value: Json): StripeSqlError {
  try {
    readCell(type, value);
  } catch (error) {
    return error as StripeSqlError;
  }
  throw new Error(`read: ${JSON.stringify(value)}`);
}

describe("a field that its column's type cannot hold", () => {
  it.each<[SqlType, Json]>([
    ["BIGINT", "ten"],
    ["BIGINT", 1.5],
    ["BIGINT", true],
    ["BIGINT", {}],
    ["BIGINT", "9223372036854775808"],
    ["BIGINT", "-9223372036854775809"],
    ["BIGINT", 1e19],
    ["BOOLEAN", 1],
    ["BOOLEAN", "yes"],
    ["DOUBLE", "x"],
    ["DOUBLE", ""],
    ["DECIMAL", "1e3"],
    ["DECIMAL", []],
    ["TIMESTAMPTZ", "soon"],
    ["TIMESTAMPTZ", 99_999_999_999_999],
    ["TIMESTAMPTZ", "99999999999999"],
    ["TIMESTAMPTZ", true],
  ])("is an error, never a NULL: %s of %j", (type, value) => {
    expect(refusal(type, value)).toMatchObject({ sqlState: "58030", phase: "execute" });
  });

  it("is told of by its kind, and not shown", () => {
    expect(refusal("BIGINT", ["secret"])).toMatchObject({
      message: "Stripe answered a value that is not of type BIGINT",
      detail: "The value is a JSON array.",
    });
  });
});

describe("a field of Stripe's", () => {
  it.each(types)("that is missing or null is NULL as %s", (type) => {
    expect(readCell(type, undefined)).toBeNull();
    expect(readCell(type, null)).toBeNull();
    expect(driverConverter(dataType(type))(null)).toBeNull();
  });

  it.each<[SqlType, Json, unknown]>([
    ["BIGINT", 0, 0],
    ["BIGINT", "9007199254740993", 9007199254740993n],
    ["BIGINT", "5.0", 5],
    ["DOUBLE", "2.5", 2.5],
    ["DOUBLE", 0, 0],
    ["DECIMAL", "10.500000000001", "10.500000000001"],
    ["DECIMAL", 0, "0"],
    ["VARCHAR", "", ""],
    ["VARCHAR", 5, "5"],
    ["VARCHAR", { id: "cus_1", name: "a" }, "cus_1"],
    ["VARCHAR", ["a"], '["a"]'],
    ["BOOLEAN", false, false],
    ["BOOLEAN", "true", true],
    ["TIMESTAMPTZ", 0, new Date(0)],
    ["TIMESTAMPTZ", 1_767_225_600, new Date(1_767_225_600_000)],
    ["TIMESTAMPTZ", "1767225600", new Date(1_767_225_600_000)],
    ["TIMESTAMPTZ", "2026-01-01T00:00:00.123456789Z", new Date(1_767_225_600_123)],
    ["JSON", { a: [1] }, { a: [1] }],
    ["JSON", "text", "text"],
  ])("is the driver's value, zeros too: %s of %j", (type, value, expected) => {
    const shown = driverConverter(dataType(type))(readCell(type, value));
    expect(shown instanceof Date ? new Date(Math.floor(shown.getTime())) : shown).toEqual(expected);
  });
});

it("a path of keys leads to a field, or to none", () => {
  const object = { address: { city: "Paris", lines: ["a"] } };
  expect(jsonAt(object, ["address", "city"])).toBe("Paris");
  expect(jsonAt(object, [])).toBe(object);
  expect(jsonAt(object, ["address", "zip"])).toBeUndefined();
  expect(jsonAt(object, ["address", "city", "x"])).toBeUndefined();
  expect(jsonAt(object, ["address", "lines", "0"])).toBeUndefined();
  expect(jsonAt(null, ["a"])).toBeUndefined();
});

it("names go from Stripe's spelling to SQL's and back", () => {
  expect(pascalCase("address.line1")).toBe("AddressLine1");
  expect(pascalCase("payment_method_options")).toBe("PaymentMethodOptions");
  expect(snakeCase("PaymentIntent")).toBe("payment_intent");
  expect(snakeCase("listLineItems")).toBe("list_line_items");
  expect(snakeCase("HTTPStatus")).toBe("http_status");
});
