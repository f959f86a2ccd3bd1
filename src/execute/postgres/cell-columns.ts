import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { decodeDataRow } from "../../protocol/decode-backend.js";
import type { Format } from "../../protocol/format-code.js";
import type { FieldDescription } from "../../protocol/row-description.js";
import type { Cell } from "../../value/cell.js";
import type { DataType } from "../../value/data-type.js";
import type { OutputColumn, Tuple } from "../row-source.js";

/** A column of PostgreSQL's, and how its values become cells. */
export interface CellColumn extends OutputColumn {
  /** To ask for it in. */
  readonly format: Format;
  readonly read: (bytes: Buffer) => Cell;
}

interface Reading {
  readonly type: DataType;
  readonly format: Format;
  readonly read: (bytes: Buffer) => Cell;
}

const text = (bytes: Buffer): string => bytes.toString("utf8");
const asText: Reading = { type: { kind: "VARCHAR" }, format: "text", read: text };

/** Microseconds from 1970 to 2000, where PostgreSQL counts from. */
const epochMicroseconds = 946_684_800_000_000n;
const epochDays = 10_957;
const dayMs = 86_400_000;

/** By the OID of the type, those that are not written as their texts. */
const readings: ReadonlyMap<number, Reading> = new Map<number, Reading>([
  [16, { type: { kind: "BOOLEAN" }, format: "text", read: (bytes) => text(bytes) === "t" }],
  [20, { type: { kind: "BIGINT" }, format: "text", read: wholeNumber }],
  [21, { type: { kind: "BIGINT" }, format: "text", read: wholeNumber }],
  [23, { type: { kind: "BIGINT" }, format: "text", read: wholeNumber }],
  [26, { type: { kind: "BIGINT" }, format: "text", read: wholeNumber }],
  [700, { type: { kind: "DOUBLE" }, format: "text", read: (bytes) => Number(text(bytes)) }],
  [701, { type: { kind: "DOUBLE" }, format: "text", read: (bytes) => Number(text(bytes)) }],
  [114, { type: { kind: "JSON", isText: true }, format: "text", read: text }],
  [3802, { type: { kind: "JSON", isText: true }, format: "text", read: text }],
  // What fills it up to its length is none of it, as PostgreSQL has it where it becomes a text.
  [1042, { type: { kind: "VARCHAR" }, format: "text", read: (bytes) => text(bytes).replace(/ +$/, "") }],
  // These are printed as the session wishes: their binary form is the same in any.
  [1082, { type: { kind: "DATE" }, format: "binary", read: (bytes) => dateText(bytes.readInt32BE()) }],
  [1114, { type: { kind: "TIMESTAMP" }, format: "binary", read: microseconds }],
  [1184, { type: { kind: "TIMESTAMPTZ" }, format: "binary", read: microseconds }],
]);

function wholeNumber(bytes: Buffer): Cell {
  const number = Number(text(bytes));
  return Number.isSafeInteger(number) ? number : BigInt(text(bytes));
}

function microseconds(bytes: Buffer): Cell {
  const counted = bytes.readBigInt64BE();
  if (counted === 2n ** 63n - 1n || counted === -(2n ** 63n)) return counted > 0n ? counted : -(2n ** 63n - 1n);
  return counted + epochMicroseconds;
}

function dateText(days: number): string {
  if (Math.abs(days) >= 2 ** 31 - 1) throw infiniteDate();
  return new Date((days + epochDays) * dayMs).toISOString().slice(0, 10);
}

function infiniteDate(): StripeSqlError {
  return new StripeSqlError("a date that is to be written is infinite", {
    sqlState: SqlState.invalidParameterValue,
    phase: "execute",
  });
}

export function cellColumns(fields: readonly FieldDescription[]): readonly CellColumn[] {
  return fields.map(({ name, typeOid }) => ({ name, ...(readings.get(typeOid) ?? asText) }));
}

/** The cells of a DataRow. */
export function readCells(body: Uint8Array, columns: readonly CellColumn[]): Tuple {
  const values = decodeDataRow(body);
  return columns.map(({ read }, index) => {
    const value = values[index] ?? null;
    return value === null ? null : read(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  });
}
