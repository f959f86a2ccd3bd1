import type { Cell } from "./cell.js";
import { scaledToDecimal } from "./decimal.js";
import type { Json } from "./json.js";
import type { SqlType } from "./sql-type.js";

/** What a row holds for a cell: a bigint only past 2^53, a Date, a decimal text, parsed JSON. */
export type DriverValue = null | boolean | number | bigint | string | Date | Json;

export function driverValue(type: SqlType, cell: Cell): DriverValue {
  if (cell === null) return null;
  switch (type) {
    case "TIMESTAMPTZ":
      return new Date(Number(cell) / 1000);
    case "DECIMAL":
      return typeof cell === "bigint" ? scaledToDecimal(cell) : cell;
    case "BIGINT":
      return typeof cell === "bigint" ? narrowBigint(cell) : cell;
    case "VARCHAR":
    case "BOOLEAN":
    case "DOUBLE":
    case "JSON":
      return cell;
  }
}

/** A number where it is exact, else the bigint itself. */
export function narrowBigint(value: bigint): number | bigint {
  const narrowed = Number(value);
  return Number.isSafeInteger(narrowed) ? narrowed : value;
}
