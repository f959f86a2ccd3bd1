import { blobText } from "./blob-text.js";
import type { Cell } from "./cell.js";
import type { DataType, Field } from "./data-type.js";
import { isCatalogDecimal } from "./data-type.js";
import { decimalText, scaledToDecimal } from "./decimal.js";
import { parseJson, programJson } from "./exact-number.js";
import { utc } from "./time-zone.js";
import { timestampText } from "./timestamp-text.js";

/**
 * What a row holds for a cell: a bigint only past 2^53, a Date for a time that has a zone, its text by ISO 8601 for one
 * that has none, a decimal text, parsed JSON.
 */
export type DriverValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | readonly unknown[]
  | { readonly [key: string]: unknown };

/** JSON whose numbers are plain. */
type PlainJson = null | boolean | number | string | readonly PlainJson[] | { readonly [key: string]: PlainJson };

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
      return type.isText ? unlessNull((cell) => jsonValue(parseJson(String(cell)))) : jsonValue;
    case "TIMESTAMP":
    case "TIMESTAMP_S":
    case "TIMESTAMP_MS":
    case "TIMESTAMP_NS":
      return unlessNull((cell) => timestampText(type.kind, integerOf(cell), isoInUtc));
    case "TIMESTAMPTZ":
      return unlessNull(dateOf);
    case "FLOAT":
    case "DOUBLE":
      return jsonOf;
  }
  return nestedConverter(type);
}

function unlessNull<Value>(convert: Convert<Value>): Convert<Value | null> {
  return (cell) => (cell === null ? null : convert(cell));
}

const isoInUtc = { style: "iso", zone: utc } as const;

/** Infinity and what no Date can hold are DuckDB's text; what is finer than a millisecond no Date holds. */
function dateOf(cell: Cell): Date | string {
  const milliseconds = Number(cell) / 1000;
  return Math.abs(milliseconds) <= 8.64e15
    ? new Date(Math.floor(milliseconds))
    : timestampText("TIMESTAMPTZ", integerOf(cell));
}

/** What JSON parses to, with plain numbers, is what programs take. */
const jsonValue = (value: unknown): DriverValue => programJson(value) as DriverValue;

/** Within a list or a structure: JSON, whose whole numbers are numbers where they are safe. */
function presentConverter(type: DataType): Convert<PlainJson> {
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

function nestedConverter(type: DataType): Convert<PlainJson> {
  const convert = presentConverter(type);
  return convert === jsonOf ? jsonOf : unlessNull(convert);
}

function listConverter(element: DataType): Convert<PlainJson> {
  const convert = nestedConverter(element);
  return (cell) => cellsOf(cell).map(convert);
}

function structConverter(fields: readonly Field[]): Convert<PlainJson> {
  const converters = fields.map(({ name, type }) => ({ name, convert: nestedConverter(type) }));
  return (cell) => {
    const cells = cellsOf(cell);
    return Object.fromEntries(converters.map(({ name, convert }, index) => [name, convert(cells[index] ?? null)]));
  };
}

function mapConverter(keyType: DataType, valueType: DataType): Convert<PlainJson> {
  const convertKey = nestedConverter(keyType);
  const convertValue = nestedConverter(valueType);
  return (cell) =>
    cellsOf(cell).map((pair) => {
      const [key = null, value = null] = cellsOf(pair);
      return { key: convertKey(key), value: convertValue(value) };
    });
}

function unionConverter(members: readonly Field[]): Convert<PlainJson> {
  const converters = new Map(members.map(({ name, type }) => [name, nestedConverter(type)]));
  return (cell) => {
    const [tag = null, value = null] = cellsOf(cell);
    return { tag: String(tag), value: converters.get(String(tag))?.(value) ?? null };
  };
}

const cellsOf = (cell: Cell): readonly Cell[] => (Array.isArray(cell) ? (cell as readonly Cell[]) : []);
const integerOf = (cell: Cell): bigint => (typeof cell === "bigint" ? cell : BigInt(Number(cell)));

/** Cells of the remaining types are NULL, texts, truth values, numbers and VARIANTs: what a program takes as it is. */
const jsonOf = (cell: Cell): PlainJson => cell as PlainJson;

/** A number where it is exact, else the bigint itself. */
function narrowBigint(value: bigint): number | bigint {
  const narrowed = Number(value);
  return Number.isSafeInteger(narrowed) ? narrowed : value;
}
