import { describe, expect, it } from "vitest";
import { columnType, typeOid, typeSize } from "../../../src/gateway/types/column-type.js";
import type { DataType } from "../../../src/value/data-type.js";
import { dataType } from "../../../src/value/data-type.js";
import type { SqlType } from "../../../src/value/sql-type.js";

/** OID, size and modifier, as a RowDescription has them. */
function described(type: DataType): readonly number[] {
  const column = columnType(type);
  return [typeOid(column), typeSize(column), column.modifier];
}

describe("the type that a column has to a client", () => {
  it.each<[SqlType, number, number]>([
    ["BIGINT", 20, 8],
    ["DOUBLE", 701, 8],
    ["DECIMAL", 1700, -1],
    ["VARCHAR", 25, -1],
    ["BOOLEAN", 16, 1],
    ["TIMESTAMPTZ", 1184, 8],
    ["JSON", 3802, -1],
  ])("is for the catalog's %s the one with OID %i", (type, oid, size) => {
    expect(described(dataType(type))).toEqual([oid, size, -1]);
  });

  it.each<[string, DataType, readonly number[]]>([
    ["int2", { kind: "TINYINT" }, [21, 2, -1]],
    ["int4", { kind: "USMALLINT" }, [23, 4, -1]],
    ["int8", { kind: "UINTEGER" }, [20, 8, -1]],
    ["numeric", { kind: "HUGEINT" }, [1700, -1, -1]],
    ["numeric(18,4)", { kind: "DECIMAL", width: 18, scale: 4 }, [1700, -1, 1179656]],
    ["float4", { kind: "FLOAT" }, [700, 4, -1]],
    ["uuid", { kind: "UUID" }, [2950, 16, -1]],
    ["bytea", { kind: "BLOB" }, [17, -1, -1]],
    ["date", { kind: "DATE" }, [1082, 4, -1]],
    ["timestamp", { kind: "TIMESTAMP_NS" }, [1114, 8, -1]],
    ["text", { kind: "INTERVAL" }, [25, -1, -1]],
    ["jsonb", { kind: "STRUCT", fields: [] }, [3802, -1, -1]],
    ["int8[]", { kind: "LIST", element: { kind: "BIGINT" } }, [1016, -1, -1]],
    ["text[]", { kind: "ARRAY", element: { kind: "VARCHAR" }, length: 3 }, [1009, -1, -1]],
    ["numeric(4,2)[]", { kind: "LIST", element: { kind: "DECIMAL", width: 4, scale: 2 } }, [1231, -1, 262150]],
    ["jsonb[]", { kind: "LIST", element: { kind: "STRUCT", fields: [] } }, [3807, -1, -1]],
    [
      "jsonb, for lists of lists",
      { kind: "LIST", element: { kind: "LIST", element: { kind: "BIGINT" } } },
      [3802, -1, -1],
    ],
  ])("is %s", (_name, type, expected) => {
    expect(described(type)).toEqual(expected);
  });
});
