import type { EncodeValue } from "../../protocol/backend-writer.js";
import type { Format } from "../../protocol/format-code.js";
import type { Cell } from "../../value/cell.js";
import { cellWriter } from "../../value/cell-text.js";
import type { DataType } from "../../value/data-type.js";
import { isCatalogDecimal } from "../../value/data-type.js";
import { decimalText, scaledToDecimal } from "../../value/decimal.js";
import { parseJson } from "../../value/exact-number.js";
import type { Json } from "../../value/json.js";
import type { TimeZone } from "../../value/time-zone.js";
import { arrayText } from "./array-text.js";
import { columnType } from "./column-type.js";
import { dateValueText, encodeDate } from "./date-value.js";
import { float4Text, float8Text } from "./float-text.js";
import { hexOf } from "./hex.js";
import { jsonbText, jsonbVersion, tooDeep } from "./jsonb-text.js";
import { encodeNumeric } from "./numeric-binary.js";
import type { PostgresTypeName } from "./postgres-type.js";
import { postgresTypes } from "./postgres-type.js";
import { encodeText } from "./text-value.js";
import { encodeTimestamp, timestampText } from "./timestamp-value.js";
import { invalidSyntax } from "./value-error.js";

export interface CellFormat {
  readonly format: Format;
  /** In which timestamps with a zone are printed. */
  readonly zone: TimeZone;
}

type PresentCell = Exclude<Cell, null>;

/**
 * Writes the cells of a type as PostgreSQL writes the values of `columnType`'s, under DateStyle ISO and bytea_output hex.
 * Chosen once, so that no decision is left for each row. A cell that PostgreSQL's type cannot hold is an error of its own.
 */
export function cellEncoder(type: DataType, { format, zone }: CellFormat): EncodeValue<Cell> {
  const { type: name, isArray } = columnType(type);
  if (isArray && (type.kind === "LIST" || type.kind === "ARRAY")) {
    return format === "text" ? arrayTextEncoder(type.element, zone) : arrayBinaryEncoder(type.element, { name, zone });
  }
  return format === "text" ? textEncoder(type, zone) : binaryEncoder(type, { name, zone });
}

function textEncoder(type: DataType, zone: TimeZone): EncodeValue<Cell> {
  const write = textWriter(type, zone);
  return (cell, output) => encodeText(write(cell), output);
}

/** The text of a type's cells. */
function textWriter(type: DataType, zone: TimeZone): (cell: PresentCell) => string {
  switch (columnType(type).type) {
    case "bool":
      return (cell) => (cell === true ? "t" : "f");
    case "float4":
      return (cell) => float4Text(Number(cell));
    case "float8":
      return (cell) => float8Text(Number(cell));
    case "numeric":
      return numericWriter(type);
    case "timestamptz":
      return (cell) => timestampText(typeof cell === "number" ? cell : integerOf(cell), zone);
    case "timestamp": {
      const microseconds = microsecondsOf(type);
      return (cell) => timestampText(microseconds(cell));
    }
    case "date":
      return (cell) => dateValueText(encodeDate(String(cell)));
    case "bytea":
      return (cell) => `\\x${hexOf(bytesOf(cell))}`;
    case "jsonb":
      return jsonbWriter(type, zone);
    case "int2":
    case "int4":
    case "int8":
    case "text":
    case "uuid":
    case "name":
    case "json":
    case "varchar":
    case "bpchar":
      return String;
  }
}

interface BinaryType {
  readonly name: PostgresTypeName;
  readonly zone: TimeZone;
}

function binaryEncoder(type: DataType, { name, zone }: BinaryType): EncodeValue<Cell> {
  switch (name) {
    case "bool":
      return (cell, output) => output.byte(cell === true ? 1 : 0);
    case "int2":
      return (cell, output) => output.int16(Number(cell));
    case "int4":
      return (cell, output) => output.int32(Number(cell));
    case "int8":
      return (cell, output) => output.int64(integerOf(cell));
    case "float4":
      return (cell, output) => output.float32(Number(cell));
    case "float8":
      return (cell, output) => output.float64(Number(cell));
    case "numeric": {
      const write = numericWriter(type);
      return (cell, output) => encodeNumeric(write(cell), output);
    }
    case "timestamptz":
      return (cell, output) => output.int64(encodeTimestamp(integerOf(cell)));
    case "timestamp": {
      const microseconds = microsecondsOf(type);
      return (cell, output) => output.int64(encodeTimestamp(microseconds(cell)));
    }
    case "date":
      return (cell, output) => output.int32(encodeDate(String(cell)));
    case "bytea":
      return (cell, output) => output.bytes(bytesOf(cell));
    case "uuid":
      return (cell, output) => output.bytes(Buffer.from(String(cell).replaceAll("-", ""), "hex"));
    case "jsonb": {
      const write = jsonbWriter(type, zone);
      return (cell, output) => {
        output.byte(jsonbVersion);
        encodeText(write(cell), output);
      };
    }
    case "text":
    case "name":
    case "json":
    case "varchar":
    case "bpchar":
      return textEncoder(type, zone);
  }
}

/** The catalog's decimals end with their last digit that counts, others have all of their scale. */
function numericWriter(type: DataType): (cell: PresentCell) => string {
  if (type.kind !== "DECIMAL") return (cell) => integerOf(cell).toString();
  if (isCatalogDecimal(type)) return (cell) => scaledToDecimal(integerOf(cell));
  return (cell) => decimalText(integerOf(cell), type.scale);
}

/** Of a type without a zone; what is finer is dropped. */
function microsecondsOf(type: DataType): (cell: PresentCell) => bigint {
  switch (type.kind) {
    case "TIMESTAMP_S":
      return (cell) => scaled(integerOf(cell), (units) => units * 1_000_000n);
    case "TIMESTAMP_MS":
      return (cell) => scaled(integerOf(cell), (units) => units * 1000n);
    case "TIMESTAMP_NS":
      return (cell) => scaled(integerOf(cell), (units) => (units - (((units % 1000n) + 1000n) % 1000n)) / 1000n);
  }
  return integerOf;
}

const infinity = 2n ** 63n - 1n;
const scaled = (units: bigint, scale: (units: bigint) => bigint): bigint =>
  units === infinity || units === -infinity ? units : scale(units);

/** Stripe's JSON is parsed already, the engine's is a text; what has parts is JSON by its own writer. */
function jsonbWriter(type: DataType, zone: TimeZone): (cell: PresentCell) => string {
  if (type.kind === "JSON" && !type.isText) return (cell) => jsonbText(cell as Json);
  if (type.kind === "JSON") return (cell) => jsonbText(jsonOf(String(cell)));
  if (type.kind === "VARIANT") return (cell) => jsonbText(cell as Json);
  const write = cellWriter(type, { style: "json", zone });
  return (cell) => jsonbText(jsonOf(write(cell) ?? "null"));
}

function jsonOf(text: string): Json {
  try {
    return parseJson(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidSyntax("json", text);
    // The reader of exact numbers goes down by the text's own depth.
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
}

function arrayTextEncoder(element: DataType, zone: TimeZone): EncodeValue<Cell> {
  const write = textWriter(element, zone);
  return (cell, output) => {
    const elements = cellsOf(cell).map((item) => (item === null ? null : write(item)));
    encodeText(arrayText(elements), output);
  };
}

/** Dimensions, whether one is NULL, the elements' type, of each dimension its length and first position; the elements. */
function arrayBinaryEncoder(element: DataType, { name, zone }: BinaryType): EncodeValue<Cell> {
  const encode = binaryEncoder(element, { name, zone });
  const { oid } = postgresTypes[name];
  return (cell, output) => {
    const cells = cellsOf(cell);
    output.int32(cells.length === 0 ? 0 : 1);
    output.int32(cells.includes(null) ? 1 : 0);
    output.int32(oid);
    if (cells.length === 0) return;
    output.int32(cells.length);
    output.int32(1);
    for (const item of cells) {
      const start = output.length;
      output.int32(-1);
      if (item === null) continue;
      encode(item, output);
      output.setInt32(start, output.length - start - 4);
    }
  };
}

const integerOf = (cell: Cell): bigint => (typeof cell === "bigint" ? cell : BigInt(Number(cell)));
const cellsOf = (cell: Cell): readonly Cell[] => (Array.isArray(cell) ? (cell as readonly Cell[]) : []);
const bytesOf = (cell: PresentCell): Uint8Array =>
  cell instanceof Uint8Array ? cell : new TextEncoder().encode(String(cell));
