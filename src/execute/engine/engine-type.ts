import type { DuckDBType } from "@duckdb/node-api";
import { DuckDBTypeId } from "@duckdb/node-api";
import type { DataType, Field, ScalarKind } from "../../value/data-type.js";

/** The type that a column of the engine's has. */
export function dataTypeOf(type: DuckDBType): DataType {
  if (type.alias === "JSON") return { kind: "JSON", isText: true };
  switch (type.typeId) {
    case DuckDBTypeId.DECIMAL:
      return { kind: "DECIMAL", width: type.width, scale: type.scale };
    case DuckDBTypeId.ENUM:
      return { kind: "ENUM", values: type.values };
    case DuckDBTypeId.LIST:
      return { kind: "LIST", element: dataTypeOf(type.valueType) };
    case DuckDBTypeId.ARRAY:
      return { kind: "ARRAY", element: dataTypeOf(type.valueType), length: type.length };
    case DuckDBTypeId.STRUCT:
      return { kind: "STRUCT", fields: fieldsOf(type.entryNames, type.entryTypes) };
    case DuckDBTypeId.MAP:
      return { kind: "MAP", key: dataTypeOf(type.keyType), value: dataTypeOf(type.valueType) };
    case DuckDBTypeId.UNION:
      return { kind: "UNION", members: fieldsOf(type.memberTags, type.memberTypes) };
  }
  return { kind: scalarKinds[type.typeId] };
}

function fieldsOf(names: readonly string[], types: readonly DuckDBType[]): readonly Field[] {
  return types.map((type, index) => ({ name: names[index] ?? "", type: dataTypeOf(type) }));
}

type ScalarTypeId = Exclude<
  DuckDBType["typeId"],
  | DuckDBTypeId.DECIMAL
  | DuckDBTypeId.ENUM
  | DuckDBTypeId.LIST
  | DuckDBTypeId.ARRAY
  | DuckDBTypeId.STRUCT
  | DuckDBTypeId.MAP
  | DuckDBTypeId.UNION
>;

const scalarKinds: Readonly<Record<ScalarTypeId, ScalarKind>> = {
  [DuckDBTypeId.BOOLEAN]: "BOOLEAN",
  [DuckDBTypeId.TINYINT]: "TINYINT",
  [DuckDBTypeId.SMALLINT]: "SMALLINT",
  [DuckDBTypeId.INTEGER]: "INTEGER",
  [DuckDBTypeId.BIGINT]: "BIGINT",
  [DuckDBTypeId.UTINYINT]: "UTINYINT",
  [DuckDBTypeId.USMALLINT]: "USMALLINT",
  [DuckDBTypeId.UINTEGER]: "UINTEGER",
  [DuckDBTypeId.UBIGINT]: "UBIGINT",
  [DuckDBTypeId.FLOAT]: "FLOAT",
  [DuckDBTypeId.DOUBLE]: "DOUBLE",
  [DuckDBTypeId.TIMESTAMP]: "TIMESTAMP",
  [DuckDBTypeId.DATE]: "DATE",
  [DuckDBTypeId.TIME]: "TIME",
  [DuckDBTypeId.INTERVAL]: "INTERVAL",
  [DuckDBTypeId.HUGEINT]: "HUGEINT",
  [DuckDBTypeId.UHUGEINT]: "UHUGEINT",
  [DuckDBTypeId.VARCHAR]: "VARCHAR",
  [DuckDBTypeId.BLOB]: "BLOB",
  [DuckDBTypeId.TIMESTAMP_S]: "TIMESTAMP_S",
  [DuckDBTypeId.TIMESTAMP_MS]: "TIMESTAMP_MS",
  [DuckDBTypeId.TIMESTAMP_NS]: "TIMESTAMP_NS",
  [DuckDBTypeId.UUID]: "UUID",
  [DuckDBTypeId.BIT]: "BIT",
  [DuckDBTypeId.TIME_TZ]: "TIMETZ",
  [DuckDBTypeId.TIMESTAMP_TZ]: "TIMESTAMPTZ",
  [DuckDBTypeId.BIGNUM]: "BIGNUM",
  [DuckDBTypeId.SQLNULL]: "SQLNULL",
  [DuckDBTypeId.TIME_NS]: "TIME_NS",
  [DuckDBTypeId.GEOMETRY]: "GEOMETRY",
  [DuckDBTypeId.VARIANT]: "VARIANT",
  // Types of expressions, not of results.
  [DuckDBTypeId.ANY]: "VARCHAR",
  [DuckDBTypeId.STRING_LITERAL]: "VARCHAR",
  [DuckDBTypeId.INTEGER_LITERAL]: "BIGINT",
};
