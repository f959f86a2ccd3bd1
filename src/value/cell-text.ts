import { blobText } from "./blob-text.js";
import type { Cell } from "./cell.js";
import type { DataType, Field } from "./data-type.js";
import { isCatalogDecimal } from "./data-type.js";
import { decimalText, scaledToDecimal } from "./decimal.js";
import { exactText } from "./exact-number.js";
import type { TimeZone } from "./time-zone.js";
import type { TimeStyle } from "./timestamp-text.js";
import { timestampText } from "./timestamp-text.js";

/**
 * How values are written. "sql": as PostgreSQL prints them; "iso": the same with times by ISO 8601; "json": as JSON,
 * times by ISO 8601, and whole numbers past 2^53 and what is no finite number as texts, as JSON's readers round them.
 * Lists and structures are JSON in every style.
 */
export type TextStyle = TimeStyle | "json";

export interface TextFormat {
  readonly style: TextStyle;
  /** In which TIMESTAMPTZ is written. */
  readonly zone: TimeZone;
}

type Write = (cell: Exclude<Cell, null>) => string;

/** Writes the cells of a type without loss; NULL is null, or the JSON of it. Chosen once, so that no decision is left for each row. */
export function cellWriter(type: DataType, { style, zone }: TextFormat): (cell: Cell) => string | null {
  const write = style === "json" ? jsonWriter(type, zone) : plainWriter(type, { style, zone });
  const ofNull = style === "json" ? "null" : null;
  return (cell) => (cell === null ? ofNull : write(cell));
}

interface PlainFormat {
  readonly style: TimeStyle;
  readonly zone: TimeZone;
}

function plainWriter(type: DataType, format: PlainFormat): Write {
  switch (type.kind) {
    case "DECIMAL":
      return isCatalogDecimal(type)
        ? (cell) => scaledToDecimal(integerOf(cell))
        : (cell) => decimalText(integerOf(cell), type.scale);
    case "TIMESTAMP":
    case "TIMESTAMP_S":
    case "TIMESTAMP_MS":
    case "TIMESTAMP_NS":
    case "TIMESTAMPTZ":
      return (cell) => timestampText(type.kind, integerOf(cell), format);
    case "BLOB":
      return (cell) => (cell instanceof Uint8Array ? blobText(cell) : String(cell));
    case "JSON":
    case "LIST":
    case "ARRAY":
    case "STRUCT":
    case "MAP":
    case "UNION":
    case "VARIANT":
      return jsonWriter(type, format.zone);
  }
  return String;
}

/** The JSON text of the cells of a type. */
function jsonWriter(type: DataType, zone: TimeZone): Write {
  switch (type.kind) {
    case "BOOLEAN":
    case "TINYINT":
    case "SMALLINT":
    case "INTEGER":
    case "UTINYINT":
    case "USMALLINT":
    case "UINTEGER":
      return String;
    case "BIGINT":
    case "UBIGINT":
    case "HUGEINT":
    case "UHUGEINT":
    case "BIGNUM":
      return (cell) => (Number.isSafeInteger(Number(cell)) ? String(cell) : `"${cell}"`);
    case "FLOAT":
    case "DOUBLE":
      return (cell) => (Number.isFinite(cell) ? JSON.stringify(cell) : `"${cell}"`);
    case "JSON":
      return type.isText ? (cell) => compactJson(String(cell)) : exactText;
    case "VARIANT":
      return exactText;
    case "LIST":
    case "ARRAY":
      return listWriter(type.element, zone);
    case "STRUCT":
      return structWriter(type.fields, zone);
    case "MAP":
      return mapWriter(type, zone);
    case "UNION":
      return unionWriter(type.members, zone);
  }
  const write = plainWriter(type, { style: "iso", zone });
  return (cell) => JSON.stringify(write(cell));
}

function nestedWriter(type: DataType, zone: TimeZone): (cell: Cell) => string | null {
  return cellWriter(type, { style: "json", zone });
}

function listWriter(element: DataType, zone: TimeZone): Write {
  const write = nestedWriter(element, zone);
  return (cell) => `[${cellsOf(cell).map(write).join(",")}]`;
}

function structWriter(fields: readonly Field[], zone: TimeZone): Write {
  const writers = fields.map(({ name, type }) => ({ key: JSON.stringify(name), write: nestedWriter(type, zone) }));
  return (cell) => {
    const cells = cellsOf(cell);
    return `{${writers.map(({ key, write }, index) => `${key}:${write(cells[index] ?? null)}`).join(",")}}`;
  };
}

function mapWriter({ key, value }: Extract<DataType, { kind: "MAP" }>, zone: TimeZone): Write {
  const writeKey = nestedWriter(key, zone);
  const writeValue = nestedWriter(value, zone);
  const writePair = (pair: Cell): string => {
    const [own = null, held = null] = cellsOf(pair);
    return `{"key":${writeKey(own)},"value":${writeValue(held)}}`;
  };
  return (cell) => `[${cellsOf(cell).map(writePair).join(",")}]`;
}

function unionWriter(members: readonly Field[], zone: TimeZone): Write {
  const writers = new Map(members.map(({ name, type }) => [name, nestedWriter(type, zone)]));
  return (cell) => {
    const [tag = null, value = null] = cellsOf(cell);
    return `{"tag":${JSON.stringify(tag)},"value":${writers.get(String(tag))?.(value) ?? "null"}}`;
  };
}

/** JSON's text on one line: white space between its parts is dropped, that within its texts is escaped there already. */
function compactJson(text: string): string {
  return /\s/.test(text) ? text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1") : text;
}

const cellsOf = (cell: Cell): readonly Cell[] => (Array.isArray(cell) ? (cell as readonly Cell[]) : []);
const integerOf = (cell: Cell): bigint => (typeof cell === "bigint" ? cell : BigInt(Number(cell)));
