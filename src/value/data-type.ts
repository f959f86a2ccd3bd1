import { decimalScale } from "./decimal.js";
import { quoteName } from "./quote.js";
import type { SqlType } from "./sql-type.js";

/**
 * The type of a result's column: one of the catalog's, or another of DuckDB's. What its cells are is said at `Cell`.
 * Source: https://duckdb.org/docs/stable/sql/data_types/overview
 */
export type DataType =
  | { readonly kind: ScalarKind }
  /** `isText`: cells are the JSON's text, as the engine keeps it, rather than its parsed value, as Stripe's objects hold it. */
  | { readonly kind: "JSON"; readonly isText: boolean }
  | { readonly kind: "DECIMAL"; readonly width: number; readonly scale: number }
  | { readonly kind: "ENUM"; readonly values: readonly string[] }
  | { readonly kind: "LIST"; readonly element: DataType }
  | { readonly kind: "ARRAY"; readonly element: DataType; readonly length: number }
  | { readonly kind: "STRUCT"; readonly fields: readonly Field[] }
  | { readonly kind: "MAP"; readonly key: DataType; readonly value: DataType }
  | { readonly kind: "UNION"; readonly members: readonly Field[] };

export interface Field {
  readonly name: string;
  readonly type: DataType;
}

export type ScalarKind =
  | "BOOLEAN"
  | "TINYINT"
  | "SMALLINT"
  | "INTEGER"
  | "UTINYINT"
  | "USMALLINT"
  | "UINTEGER"
  | "BIGINT"
  | "UBIGINT"
  | "HUGEINT"
  | "UHUGEINT"
  | "BIGNUM"
  | "FLOAT"
  | "DOUBLE"
  | "VARCHAR"
  | "UUID"
  | "BIT"
  | "BLOB"
  | "DATE"
  | "TIME"
  | "TIME_NS"
  | "TIMETZ"
  | "TIMESTAMP"
  | "TIMESTAMP_S"
  | "TIMESTAMP_MS"
  | "TIMESTAMP_NS"
  | "TIMESTAMPTZ"
  | "INTERVAL"
  | "GEOMETRY"
  | "VARIANT"
  | "SQLNULL";

const catalogTypes: Readonly<Record<SqlType, DataType>> = {
  BIGINT: { kind: "BIGINT" },
  DOUBLE: { kind: "DOUBLE" },
  DECIMAL: { kind: "DECIMAL", width: 38, scale: decimalScale },
  VARCHAR: { kind: "VARCHAR" },
  BOOLEAN: { kind: "BOOLEAN" },
  TIMESTAMPTZ: { kind: "TIMESTAMPTZ" },
  JSON: { kind: "JSON", isText: false },
};

/** The type of a column of the catalog's, read from Stripe's objects. */
export function dataType(type: SqlType): DataType {
  return catalogTypes[type];
}

/** True for DECIMAL(38,12), which the catalog calls DECIMAL. */
export function isCatalogDecimal({ width, scale }: Extract<DataType, { kind: "DECIMAL" }>): boolean {
  return width === 38 && scale === decimalScale;
}

/** The name that programs see: the catalog's own where it is one of its types, else DuckDB's. */
export function printDataType(type: DataType): string {
  if (type.kind === "TIMESTAMPTZ" || type.kind === "JSON") return type.kind;
  return type.kind === "DECIMAL" && isCatalogDecimal(type) ? "DECIMAL" : engineName(type);
}

function engineName(type: DataType): string {
  switch (type.kind) {
    case "DECIMAL":
      return `DECIMAL(${type.width},${type.scale})`;
    case "ENUM":
      return `ENUM(${type.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ")})`;
    case "LIST":
      return `${engineName(type.element)}[]`;
    case "ARRAY":
      return `${engineName(type.element)}[${type.length}]`;
    case "STRUCT":
      return `STRUCT(${fieldList(type.fields)})`;
    case "MAP":
      return `MAP(${engineName(type.key)}, ${engineName(type.value)})`;
    case "UNION":
      return `UNION(${fieldList(type.members)})`;
    // DuckDB's JSON is a VARCHAR by another name, which its own texts leave out.
    case "JSON":
      return "VARCHAR";
    case "TIMESTAMPTZ":
      return "TIMESTAMP WITH TIME ZONE";
    case "TIMETZ":
      return "TIME WITH TIME ZONE";
  }
  const scalar: ScalarKind = type.kind;
  return scalar;
}

function fieldList(fields: readonly Field[]): string {
  return fields.map(({ name, type }) => `${quoteName(name)} ${engineName(type)}`).join(", ");
}
