import type { DataType } from "../../value/data-type.js";
import { isCatalogDecimal } from "../../value/data-type.js";
import type { PostgresTypeName } from "./postgres-type.js";
import { postgresTypes } from "./postgres-type.js";

/** The type that a column of a result has to a client. */
export interface ColumnType {
  /** Of the elements where it is an array. */
  readonly type: PostgresTypeName;
  readonly isArray: boolean;
  /** A numeric's digits; -1 for none. */
  readonly modifier: number;
}

/** PostgreSQL's type for one of ours. What it has no type for is JSON where it has parts, and text where it has none. */
export function columnType(type: DataType): ColumnType {
  if (type.kind === "LIST" || type.kind === "ARRAY") return arrayType(columnType(type.element));
  return { type: scalarType(type), isArray: false, modifier: modifierOf(type) };
}

/** Arrays of arrays would have to be of one length each: they are JSON. */
function arrayType({ type, isArray, modifier }: ColumnType): ColumnType {
  return isArray ? { type: "jsonb", isArray: false, modifier: -1 } : { type, isArray: true, modifier };
}

function scalarType(type: DataType): PostgresTypeName {
  switch (type.kind) {
    case "BOOLEAN":
      return "bool";
    case "TINYINT":
    case "UTINYINT":
    case "SMALLINT":
      return "int2";
    case "USMALLINT":
    case "INTEGER":
      return "int4";
    case "UINTEGER":
    case "BIGINT":
      return "int8";
    case "UBIGINT":
    case "HUGEINT":
    case "UHUGEINT":
    case "BIGNUM":
    case "DECIMAL":
      return "numeric";
    case "FLOAT":
      return "float4";
    case "DOUBLE":
      return "float8";
    case "UUID":
      return "uuid";
    case "BLOB":
      return "bytea";
    case "DATE":
      return "date";
    case "TIMESTAMP":
    case "TIMESTAMP_S":
    case "TIMESTAMP_MS":
    case "TIMESTAMP_NS":
      return "timestamp";
    case "TIMESTAMPTZ":
      return "timestamptz";
    case "JSON":
    case "VARIANT":
    case "STRUCT":
    case "MAP":
    case "UNION":
    case "LIST":
    case "ARRAY":
      return "jsonb";
    case "VARCHAR":
    case "ENUM":
    case "BIT":
    case "TIME":
    case "TIME_NS":
    case "TIMETZ":
    case "INTERVAL":
    case "GEOMETRY":
    case "SQLNULL":
      return "text";
  }
}

/** The catalog's decimals have as many digits as they need; Source: numerictypmodin of PostgreSQL's numeric.c */
function modifierOf(type: DataType): number {
  if (type.kind !== "DECIMAL" || isCatalogDecimal(type)) return -1;
  return ((type.width << 16) | type.scale) + 4;
}

export function typeOid({ type, isArray }: ColumnType): number {
  return isArray ? postgresTypes[type].arrayOid : postgresTypes[type].oid;
}

/** Of a value in bytes, -1 where it varies. */
export function typeSize({ type, isArray }: ColumnType): number {
  return isArray ? -1 : postgresTypes[type].size;
}
