import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Cell } from "../../value/cell.js";
import type { DataType } from "../../value/data-type.js";
import type { OutputColumn, Tuple } from "../row-source.js";

/** A column of PostgreSQL's, and how its values become cells. */
export interface CellColumn extends OutputColumn {
  /** The format code to ask for it in: 0 text, 1 binary. */
  readonly format: 0 | 1;
  readonly read: (bytes: Buffer) => Cell;
}

interface Reading {
  readonly type: DataType;
  readonly format: 0 | 1;
  readonly read: (bytes: Buffer) => Cell;
}

const text = (bytes: Buffer): string => bytes.toString("utf8");
const asText: Reading = { type: { kind: "VARCHAR" }, format: 0, read: text };

/** Microseconds from 1970 to 2000, where PostgreSQL counts from. */
const epochMicroseconds = 946_684_800_000_000n;
const epochDays = 10_957;
const dayMs = 86_400_000;

/** By the OID of the type, those that are not written as their texts. */
const readings: ReadonlyMap<number, Reading> = new Map<number, Reading>([
  [16, { type: { kind: "BOOLEAN" }, format: 0, read: (bytes) => text(bytes) === "t" }],
  [20, { type: { kind: "BIGINT" }, format: 0, read: wholeNumber }],
  [21, { type: { kind: "BIGINT" }, format: 0, read: wholeNumber }],
  [23, { type: { kind: "BIGINT" }, format: 0, read: wholeNumber }],
  [26, { type: { kind: "BIGINT" }, format: 0, read: wholeNumber }],
  [700, { type: { kind: "DOUBLE" }, format: 0, read: (bytes) => Number(text(bytes)) }],
  [701, { type: { kind: "DOUBLE" }, format: 0, read: (bytes) => Number(text(bytes)) }],
  [114, { type: { kind: "JSON", isText: true }, format: 0, read: text }],
  [3802, { type: { kind: "JSON", isText: true }, format: 0, read: text }],
  // These are printed as the session wishes: their binary form is the same in any.
  [1082, { type: { kind: "DATE" }, format: 1, read: (bytes) => dateText(bytes.readInt32BE()) }],
  [1114, { type: { kind: "TIMESTAMP" }, format: 1, read: microseconds }],
  [1184, { type: { kind: "TIMESTAMPTZ" }, format: 1, read: microseconds }],
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

/** The columns of a RowDescription, whole; none where there is none. */
export function cellColumns(description: Uint8Array | undefined): readonly CellColumn[] {
  if (description === undefined) return [];
  const bytes = Buffer.from(description.buffer, description.byteOffset, description.byteLength);
  const columns: CellColumn[] = [];
  for (let at = 7; columns.length < bytes.readUInt16BE(5); ) {
    const end = bytes.indexOf(0, at);
    columns.push({ name: bytes.toString("utf8", at, end), ...(readings.get(bytes.readUInt32BE(end + 7)) ?? asText) });
    // The name's end, table and column, then type, size, modifier and format.
    at = end + 1 + 6 + 12;
  }
  return columns;
}

/** The cells of a DataRow, whole. */
export function readCells(frame: Uint8Array, columns: readonly CellColumn[]): Tuple {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  let at = 7;
  return columns.map(({ read }) => {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    const value = bytes.subarray(at, at + length);
    at += length;
    return read(value);
  });
}
