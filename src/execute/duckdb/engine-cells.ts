import type { DuckDBValue } from "@duckdb/node-api";
import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  JsonDuckDBValueConverter,
  VARIANT,
} from "@duckdb/node-api";
import type { Cell } from "../../value/cell.js";
import type { DataType, Field } from "../../value/data-type.js";
import type { OutputColumn } from "../row-source.js";

/** Reads the cell of a value of the engine's; of NULL it is asked too. */
export type ReadEngineValue = (value: DuckDBValue) => Cell;

/** The readers of a result's columns. */
export function engineReaders(columns: readonly OutputColumn[]): readonly ReadEngineValue[] {
  return columns.map(({ type }) => valueReader(type));
}

function valueReader(type: DataType): ReadEngineValue {
  switch (type.kind) {
    case "LIST":
    case "ARRAY":
      return listReader(type.element);
    case "STRUCT":
      return structReader(type.fields);
    case "MAP":
      return mapReader(type.key, type.value);
    case "UNION":
      return unionReader(type.members);
    case "VARIANT":
      return (value) => JsonDuckDBValueConverter(value, VARIANT, JsonDuckDBValueConverter) as Cell;
  }
  return scalarCell;
}

/** Numbers, texts and truth values are cells already; what has no number of its own is its text. */
function scalarCell(value: DuckDBValue): Cell {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return value.micros;
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds;
  if (value instanceof DuckDBDateValue) return dateText(value);
  if (value instanceof DuckDBBlobValue) return value.bytes;
  return value.toString();
}

/** The binding prints infinity as the day that stands for it. */
function dateText(value: DuckDBDateValue): string {
  if (Math.abs(value.days) !== infiniteDays) return value.toString();
  return value.days > 0 ? "infinity" : "-infinity";
}

const infiniteDays = 2 ** 31 - 1;

function listReader(element: DataType): ReadEngineValue {
  const read = valueReader(element);
  return (value) =>
    value instanceof DuckDBListValue || value instanceof DuckDBArrayValue ? value.items.map(read) : null;
}

function structReader(fields: readonly Field[]): ReadEngineValue {
  const readers = fields.map(({ name, type }) => ({ name, read: valueReader(type) }));
  return (value) =>
    value instanceof DuckDBStructValue ? readers.map(({ name, read }) => read(value.entries[name] ?? null)) : null;
}

function mapReader(key: DataType, value: DataType): ReadEngineValue {
  const readKey = valueReader(key);
  const readValue = valueReader(value);
  return (map) =>
    map instanceof DuckDBMapValue ? map.entries.map((entry) => [readKey(entry.key), readValue(entry.value)]) : null;
}

function unionReader(members: readonly Field[]): ReadEngineValue {
  const readers = new Map(members.map(({ name, type }) => [name, valueReader(type)]));
  return (value) =>
    value instanceof DuckDBUnionValue ? [value.tag, readers.get(value.tag)?.(value.value) ?? null] : null;
}
