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
  return types.map((type, index) => ({ name: fieldName(names[index], index), type: dataTypeOf(type) }));
}

/** The fields of `ROW(1, 2)`, which have no names, are called as PostgreSQL calls them: f1, f2. */
function fieldName(name: string | undefined, index: number): string {
  return name === undefined || name === "" ? `f${index + 1}` : name;
}

/**
 * Gives the fields of a vector's type the names that `dataTypeOf` tells: the binding keeps a structure's values by name,
 * so that of several without one only the last would be left.
 */
export function nameFields(type: DuckDBType): void {
  if (type.typeId === DuckDBTypeId.STRUCT) {
    // Made for this vector alone; its declaration says read-only.
    const names = type.entryNames as string[];
    for (const [index, name] of names.entries()) names[index] = fieldName(name, index);
  }
  for (const inner of innerTypes(type)) nameFields(inner);
}

function innerTypes(type: DuckDBType): readonly DuckDBType[] {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return [type.valueType];
    case DuckDBTypeId.MAP:
      return [type.keyType, type.valueType];
    case DuckDBTypeId.UNION:
      return type.memberTypes;
    case DuckDBTypeId.STRUCT:
      return type.entryTypes;
  }
  return [];
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
