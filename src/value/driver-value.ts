import type { Cell } from "./cell.js";
import type { DataType, Field, ScalarKind } from "./data-type.js";
import { isCatalogDecimal } from "./data-type.js";
import { decimalText, scaledToDecimal } from "./decimal.js";
import type { Json } from "./json.js";
import { fractionDigits, timestampText } from "./timestamp-text.js";

/** What a row holds for a cell: a bigint only past 2^53, a Date, a decimal text, parsed JSON. */
export type DriverValue = bigint | Date | Json;

type Convert<Value> = (cell: Cell) => Value;

/** What programs are given for the cells of a type: chosen once, so that no decision is left for each row. */
export function driverConverter(type: DataType): Convert<DriverValue> {
  switch (type.kind) {
    case "BIGINT":
    case "UBIGINT":
    case "HUGEINT":
    case "UHUGEINT":
    case "BIGNUM":
      return (cell) => (typeof cell === "bigint" ? narrowBigint(cell) : jsonOf(cell));
    case "DECIMAL":
      return isCatalogDecimal(type) ? unlessNull((cell) => scaledToDecimal(integerOf(cell))) : nestedConverter(type);
    case "JSON":
      return type.isText ? unlessNull((cell) => JSON.parse(String(cell)) as Json) : jsonOf;
    case "TIMESTAMP":
    case "TIMESTAMP_S":
    case "TIMESTAMP_MS":
    case "TIMESTAMP_NS":
    case "TIMESTAMPTZ":
      return unlessNull(dateConverter(type.kind));
    case "FLOAT":
    case "DOUBLE":
      return jsonOf;
  }
  return nestedConverter(type);
}

function unlessNull<Value>(convert: Convert<Value>): Convert<Value | null> {
  return (cell) => (cell === null ? null : convert(cell));
}

/** Infinity and what no Date can hold are DuckDB's text. */
function dateConverter(kind: ScalarKind): Convert<Date | string> {
  const perMillisecond = 10 ** (fractionDigits(kind) - 3);
  return (cell) => {
    const milliseconds = Number(cell) / perMillisecond;
    return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds) : timestampText(kind, integerOf(cell));
  };
}

/** Within a list or a structure: JSON, whose whole numbers are numbers where they are safe. */
function presentConverter(type: DataType): Convert<Json> {
  switch (type.kind) {
    case "BIGINT":
    case "UBIGINT":
    case "HUGEINT":
    case "UHUGEINT":
    case "BIGNUM":
      return (cell) => (Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell));
    case "FLOAT":
    case "DOUBLE":
      return (cell) => (Number.isFinite(cell) ? Number(cell) : String(cell));
    case "DECIMAL":
      return (cell) => decimalText(integerOf(cell), type.scale);
    case "TIMESTAMP":
    case "TIMESTAMP_S":
    case "TIMESTAMP_MS":
    case "TIMESTAMP_NS":
    case "TIMESTAMPTZ":
      return (cell) => timestampText(type.kind, integerOf(cell));
    case "BLOB":
      return (cell) => (cell instanceof Uint8Array ? blobText(cell) : jsonOf(cell));
    case "LIST":
    case "ARRAY":
      return listConverter(type.element);
    case "STRUCT":
      return structConverter(type.fields);
    case "MAP":
      return mapConverter(type.key, type.value);
    case "UNION":
      return unionConverter(type.members);
  }
  return jsonOf;
}

function nestedConverter(type: DataType): Convert<Json> {
  const convert = presentConverter(type);
  return convert === jsonOf ? jsonOf : unlessNull(convert);
}

function listConverter(element: DataType): Convert<Json> {
  const convert = nestedConverter(element);
  return (cell) => cellsOf(cell).map(convert);
}

function structConverter(fields: readonly Field[]): Convert<Json> {
  const converters = fields.map(({ name, type }) => ({ name, convert: nestedConverter(type) }));
  return (cell) => {
    const cells = cellsOf(cell);
    return Object.fromEntries(converters.map(({ name, convert }, index) => [name, convert(cells[index] ?? null)]));
  };
}

function mapConverter(keyType: DataType, valueType: DataType): Convert<Json> {
  const convertKey = nestedConverter(keyType);
  const convertValue = nestedConverter(valueType);
  return (cell) =>
    cellsOf(cell).map((pair) => {
      const [key = null, value = null] = cellsOf(pair);
      return { key: convertKey(key), value: convertValue(value) };
    });
}

function unionConverter(members: readonly Field[]): Convert<Json> {
  const converters = new Map(members.map(({ name, type }) => [name, nestedConverter(type)]));
  return (cell) => {
    const [tag = null, value = null] = cellsOf(cell);
    return { tag: String(tag), value: converters.get(String(tag))?.(value) ?? null };
  };
}

const cellsOf = (cell: Cell): readonly Cell[] => (Array.isArray(cell) ? (cell as readonly Cell[]) : []);
const integerOf = (cell: Cell): bigint => (typeof cell === "bigint" ? cell : BigInt(Number(cell)));

/** Cells of the remaining types are NULL, texts, truth values, numbers and JSON: what a program takes as it is. */
const jsonOf = (cell: Cell): Json => cell as Json;

/** As DuckDB writes a BLOB: what is no printable ASCII character as `\xFF`. */
function blobText(bytes: Uint8Array): string {
  const isPlain = (byte: number): boolean => byte > 0x1f && byte < 0x7f && byte !== 0x22 && byte !== 0x27;
  return Array.from(bytes, (byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

/** A number where it is exact, else the bigint itself. */
function narrowBigint(value: bigint): number | bigint {
  const narrowed = Number(value);
  return Number.isSafeInteger(narrowed) ? narrowed : value;
}
