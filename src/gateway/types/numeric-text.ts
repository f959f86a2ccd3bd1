import { SqlState } from "../../error/sql-state.js";
import { valueError } from "./value-error.js";

/** What PostgreSQL's numeric holds before and behind its point. */
const mostWholeDigits = 131_072;
const mostFractionDigits = 16_383;

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * The text that PostgreSQL prints of a number's, as numeric: without an exponent, with as many digits behind the point as
 * were written. Undefined where the text is no number; what is too large is the error 22003.
 */
export function numericText(text: string): string | undefined {
  const [, sign, whole = "", fraction = "", exponentText = "0"] = form.exec(text) ?? [];
  if (sign === undefined || whole.length + fraction.length === 0) return undefined;
  const exponent = Number(exponentText);
  const scale = Math.max(0, fraction.length - exponent);
  const significant = (whole + fraction).replace(/^0+/, "");
  const wholeDigits = significant.length - fraction.length + exponent;
  if (scale > mostFractionDigits || (significant !== "" && wholeDigits > mostWholeDigits)) throw overflow();
  if (significant === "") return scale === 0 ? "0" : `0.${"0".repeat(scale)}`;
  const digits = significant
    .padEnd(significant.length + scale - fraction.length + exponent, "0")
    .padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${sign === "-" ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : `.${digits.slice(point)}`}`;
}

function overflow() {
  return valueError("value overflows numeric format", SqlState.numericValueOutOfRange);
}
