import { describe, expect, it } from "vitest";
import type { DataType } from "../../src/value/data-type.js";
import { dataType, printDataType } from "../../src/value/data-type.js";

describe("the name of a type", () => {
  it.each(["BIGINT", "DOUBLE", "DECIMAL", "VARCHAR", "BOOLEAN", "TIMESTAMPTZ", "JSON"] as const)(
    "is the catalog's own: %s",
    (type) => {
      expect(printDataType(dataType(type))).toBe(type);
    },
  );

  it("quotes what stands within it", () => {
    const structure: DataType = {
      kind: "STRUCT",
      fields: [{ name: 'a "b"', type: { kind: "ENUM", values: ["it's"] } }],
    };
    expect(printDataType(structure)).toBe(`STRUCT("a ""b""" ENUM('it''s'))`);
  });

  it("within another is the local engine's", () => {
    const catalogDecimal = dataType("DECIMAL");
    expect(printDataType({ kind: "LIST", element: catalogDecimal })).toBe("DECIMAL(38,12)[]");
    expect(printDataType({ kind: "LIST", element: dataType("JSON") })).toBe("VARCHAR[]");
    expect(printDataType({ kind: "MAP", key: { kind: "TIMETZ" }, value: dataType("TIMESTAMPTZ") })).toBe(
      "MAP(TIME WITH TIME ZONE, TIMESTAMP WITH TIME ZONE)",
    );
  });
});
