import { SqlState } from "../../error/sql-state.js";
import type { MessageBody } from "../../protocol/message-body.js";
import type { OutputBuffer } from "../../protocol/output-buffer.js";
import { valueError } from "./value-error.js";

// Digits of four decimal ones each, the weight of the first (10,000 to that power), the sign, and how many decimal
// digits stand behind the point. Source: numeric_send and numeric_recv of PostgreSQL's numeric.c

const base = 4;
const positive = 0x0000;
const negative = 0x4000;
const notFinite: Readonly<Record<number, string>> = { 49152: "NaN", 53248: "Infinity", 61440: "-Infinity" };

/** Writes a plain decimal text, "-12.50", as `numericText` gives it. */
export function encodeNumeric(text: string, output: OutputBuffer): void {
  const isNegative = text.startsWith("-");
  const [whole = "", fraction = ""] = (isNegative ? text.slice(1) : text).split(".");
  const wholeGroups = Math.ceil(whole.length / base);
  const fractionGroups = Math.ceil(fraction.length / base);
  const digits = whole.padStart(wholeGroups * base, "0") + fraction.padEnd(fractionGroups * base, "0");
  let first = 0;
  let end = wholeGroups + fractionGroups;
  while (first < end && group(digits, first) === 0) first += 1;
  while (end > first && group(digits, end - 1) === 0) end -= 1;
  output.int16(end - first);
  output.int16(first === end ? 0 : wholeGroups - 1 - first);
  output.int16(isNegative && first < end ? negative : positive);
  output.int16(fraction.length);
  for (let index = first; index < end; index += 1) output.int16(group(digits, index));
}

const group = (digits: string, index: number): number => Number(digits.slice(index * base, (index + 1) * base));

/** The text of a numeric, "NaN" and the infinities among them. */
export function decodeNumeric(body: MessageBody): string {
  const count = body.uint16();
  const weight = body.int16();
  const sign = body.uint16();
  const scale = body.uint16();
  if (sign !== positive && sign !== negative && notFinite[sign] === undefined) throw invalid("sign");
  if (scale > 0x3fff) throw invalid("scale");
  const groups = body.list(count, { bytesEach: 2, read: () => readGroup(body) });
  return notFinite[sign] ?? decimalText({ groups, weight, scale, isNegative: sign === negative });
}

function readGroup(body: MessageBody): string {
  const digit = body.int16();
  if (digit < 0 || digit > 9999) throw invalid("digit");
  return String(digit).padStart(base, "0");
}

interface Numeric {
  readonly groups: readonly string[];
  readonly weight: number;
  readonly scale: number;
  readonly isNegative: boolean;
}

/** What is written behind the scale is dropped, as PostgreSQL drops it. */
function decimalText({ groups, weight, scale, isNegative }: Numeric): string {
  const wholeDigits = (weight + 1) * base;
  const digits = groups.join("");
  const whole = wholeDigits <= 0 ? "" : digits.slice(0, wholeDigits).padEnd(wholeDigits, "0");
  const behind = wholeDigits <= 0 ? "0".repeat(-wholeDigits) + digits : digits.slice(wholeDigits);
  const fraction = behind.slice(0, scale).padEnd(scale, "0");
  const isZero = !/[1-9]/.test(whole + fraction);
  const shortest = whole.replace(/^0+(?=\d)/, "") || "0";
  return `${isNegative && !isZero ? "-" : ""}${shortest}${scale === 0 ? "" : `.${fraction}`}`;
}

function invalid(part: string) {
  return valueError(`invalid ${part} in external "numeric" value`, SqlState.invalidBinaryRepresentation);
}
