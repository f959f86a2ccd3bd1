import type { DuckDBResult, DuckDBType, DuckDBValue, DuckDBValueConverter, Json as EngineJson } from "@duckdb/node-api";
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  JsonDuckDBValueConverter,
} from "@duckdb/node-api";
import { decimalScale, scaledToDecimal } from "../../value/decimal.js";
import { narrowBigint } from "../../value/driver-value.js";
import type { Json } from "../../value/json.js";

export interface EngineColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

/** Reads a result chunk by chunk into driver values, row by row. */
export async function* readEngineRows(
  fetchChunk: DuckDBResult["fetchChunk"],
  columns: readonly EngineColumn[],
): AsyncGenerator<readonly (readonly unknown[])[]> {
  const read = columns.map(({ type }) => valueReader(type));
  for (;;) {
    const chunk = await fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const values = chunk.getColumns();
    yield Array.from({ length: chunk.rowCount }, (_, row) =>
      read.map((readValue, column) => readValue(values[column]?.[row] ?? null)),
    );
  }
}

/** The driver's type name of an engine's type: the catalog's own where it is one of them. */
export function typeName(type: DuckDBType): string {
  if (type.alias === "JSON") return "JSON";
  switch (type.typeId) {
    case DuckDBTypeId.TIMESTAMP_TZ:
      return "TIMESTAMPTZ";
    case DuckDBTypeId.DECIMAL:
      return isCatalogDecimal(type) ? "DECIMAL" : String(type);
    default:
      return String(type);
  }
}

function isCatalogDecimal(type: DuckDBType): boolean {
  return String(type) === `DECIMAL(38,${decimalScale})`;
}

type ReadValue = (value: DuckDBValue) => unknown;

function valueReader(type: DuckDBType): ReadValue {
  const read = presentValueReader(type);
  return (value) => (value === null ? null : read(value));
}

function presentValueReader(type: DuckDBType): ReadValue {
  if (type.alias === "JSON") return (value) => parseJson(String(value));
  switch (type.typeId) {
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.UHUGEINT:
      return (value) => (typeof value === "bigint" ? narrowBigint(value) : value);
    case DuckDBTypeId.DECIMAL:
      return isCatalogDecimal(type)
        ? (value) => (value instanceof DuckDBDecimalValue ? scaledToDecimal(value.value) : value)
        : String;
    case DuckDBTypeId.TIMESTAMP_TZ:
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return timestamp;
    case DuckDBTypeId.DATE:
      return (value) => (value instanceof DuckDBDateValue ? value.toString() : value);
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
    case DuckDBTypeId.ARRAY:
    case DuckDBTypeId.UNION:
      return (value) => nestedValue(value, type, nestedValue);
    case DuckDBTypeId.INTERVAL:
    case DuckDBTypeId.TIME:
    case DuckDBTypeId.TIME_TZ:
    case DuckDBTypeId.UUID:
    case DuckDBTypeId.BLOB:
    case DuckDBTypeId.BIT:
      return String;
    default:
      return (value) => value;
  }
}

/** Within a list or a structure: JSON, whose whole numbers are numbers where they are safe. */
const nestedValue: DuckDBValueConverter<EngineJson> = (value, type, converter) => {
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  if (type.typeId === DuckDBTypeId.INTERVAL && value !== null) return String(value);
  return JsonDuckDBValueConverter(value, type, converter);
};

function timestamp(value: DuckDBValue): unknown {
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue)
    return dateOf(value.micros, 1000n, value);
  if (value instanceof DuckDBTimestampMillisecondsValue) return dateOf(value.millis, 1n, value);
  if (value instanceof DuckDBTimestampNanosecondsValue) return dateOf(value.nanos, 1_000_000n, value);
  if (value instanceof DuckDBTimestampSecondsValue) return dateOf(value.seconds * 1000n, 1n, value);
  return value;
}

/** Infinity and what no Date can hold keep DuckDB's text. */
function dateOf(units: bigint, perMillisecond: bigint, value: { toString(): string }): Date | string {
  const milliseconds = Number(units) / Number(perMillisecond);
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds) : value.toString();
}

function parseJson(text: string): Json {
  return JSON.parse(text) as Json;
}
