import type { Cell } from "../../../value/cell.js";
import { decimalScale } from "../../../value/decimal.js";
import { exactText } from "../../../value/exact-number.js";
import type { SqlType } from "../../../value/sql-type.js";
import type { GrowingBuffer } from "./growing-buffer.js";

/** Writes a cell that is not NULL as a field: its length, and PostgreSQL's binary form of its type. */
type WriteField = (cell: Exclude<Cell, null>, out: GrowingBuffer) => void;

const longLength = 8;
const jsonbVersion = 1;

export const binaryFields: Readonly<Record<SqlType, WriteField>> = {
  VARCHAR: (cell, out) => out.textField(String(cell)),
  BIGINT: (cell, out) => {
    out.int32(longLength);
    out.int64(integerOf(cell));
  },
  BOOLEAN: (cell, out) => {
    out.int32(1);
    out.byte(cell === true ? 1 : 0);
  },
  DOUBLE: (cell, out) => {
    out.int32(longLength);
    out.float64(Number(cell));
  },
  TIMESTAMPTZ: (cell, out) => {
    out.int32(longLength);
    out.int64(sincePostgresEpoch(integerOf(cell)));
  },
  JSON: (cell, out) => out.textField(exactText(cell), jsonbVersion),
  DECIMAL: (cell, out) => writeNumeric(BigInt(integerOf(cell)), out),
};

function integerOf(cell: Cell): number | bigint {
  return typeof cell === "bigint" ? cell : Number(cell);
}

/** Microseconds from 1970 to 2000, where PostgreSQL's time begins. */
const epochMicroseconds = 946_684_800_000_000;

const infinity = 2n ** 63n - 1n;

/** PostgreSQL's infinities are the last numbers of 64 bits, as a cell's are but for minus infinity. */
function sincePostgresEpoch(microseconds: number | bigint): number | bigint {
  if (typeof microseconds === "number") return microseconds - epochMicroseconds;
  if (microseconds === infinity) return infinity;
  if (microseconds === -infinity) return -infinity - 1n;
  return microseconds - BigInt(epochMicroseconds);
}

/** NUMERIC is digits to the base of 10,000: three of them are the places behind the point. */
const base = 10_000n;
const fractionDigits = decimalScale / 4;
const negativeSign = 0x4000;

/**
 * NUMERIC's binary form: how many digits, the weight of the first, the sign, the decimal places to show, the digits.
 * The places are as many as the value needs.
 */
function writeNumeric(scaled: bigint, out: GrowingBuffer): void {
  const places = neededPlaces(scaled);
  const digits: number[] = [];
  for (let rest = scaled < 0n ? -scaled : scaled; rest > 0n; rest /= base) digits.unshift(Number(rest % base));
  const weight = digits.length - fractionDigits - 1;
  while (digits.at(-1) === 0) digits.pop();
  out.int32(longLength + 2 * digits.length);
  out.int16(digits.length);
  out.int16(digits.length === 0 ? 0 : weight);
  out.int16(scaled < 0n ? negativeSign : 0);
  out.int16(places);
  for (const digit of digits) out.int16(digit);
}

function neededPlaces(scaled: bigint): number {
  let places = decimalScale;
  for (let rest = scaled; places > 0 && rest % 10n === 0n; rest /= 10n) places -= 1;
  return places;
}
