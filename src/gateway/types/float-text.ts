import type { BinaryNumber, Decimal } from "./shortest-decimal.js";
import { shortestDecimal } from "./shortest-decimal.js";

/** A double's text as PostgreSQL prints it: the fewest digits that lead back to it, an exponent from 15 digits on. */
export function float8Text(value: number): string {
  return floatText(value, { decimalOf: doubleDecimal, mostDigits: 15 });
}

/** The same of a single-precision number, which is given as the double of its value. */
export function float4Text(value: number): string {
  return floatText(Math.fround(value), { decimalOf: (single) => shortestDecimal(singleParts(single)), mostDigits: 6 });
}

/** JavaScript's own digits are PostgreSQL's as long as none of them can lie halfway between two doubles. */
function doubleDecimal(value: number): Decimal {
  const [, first = "", rest = "", power = ""] = /^(\d)(?:\.(\d+))?e(.+)$/.exec(value.toExponential()) ?? [];
  const decimal = { digits: first + rest, exponent: Number(power) };
  return value < 2 ** 53 ? decimal : shortestDecimal(doubleParts(value), decimal.digits.length);
}

function doubleParts(value: number): BinaryNumber {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  return binaryNumber(bits, { fractionBits: 52, bias: 1075 });
}

function singleParts(value: number): BinaryNumber {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return binaryNumber(BigInt(view.getUint32(0)), { fractionBits: 23, bias: 150 });
}

interface Layout {
  readonly fractionBits: number;
  /** Of the exponent of the whole significand. */
  readonly bias: number;
}

/** The parts of a positive number. Source: IEEE 754, 3.4 */
function binaryNumber(bits: bigint, { fractionBits, bias }: Layout): BinaryNumber {
  const hidden = 1n << BigInt(fractionBits);
  const fraction = bits & (hidden - 1n);
  const power = Number(bits >> BigInt(fractionBits));
  if (power === 0) return { significand: fraction, exponent: 1 - bias, isLowerCloser: false };
  return { significand: fraction | hidden, exponent: power - bias, isLowerCloser: fraction === 0n && power > 1 };
}

interface FloatStyle {
  readonly decimalOf: (value: number) => Decimal;
  /** From this power of ten on the text has an exponent. */
  readonly mostDigits: number;
}

/** Source: double_to_shortest_decimal_bufn of PostgreSQL's d2s.c */
function floatText(value: number, { decimalOf, mostDigits }: FloatStyle): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const { digits, exponent } = decimalOf(Math.abs(value));
  const isPlain = exponent >= -4 && exponent < mostDigits;
  return `${value < 0 ? "-" : ""}${isPlain ? plainText(digits, exponent) : scientificText(digits, exponent)}`;
}

function plainText(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const behind = digits.slice(exponent + 1);
  return `${whole}${behind === "" ? "" : `.${behind}`}`;
}

function scientificText(digits: string, exponent: number): string {
  const fraction = digits.slice(1);
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits.charAt(0)}${fraction === "" ? "" : `.${fraction}`}e${exponent < 0 ? "-" : "+"}${power}`;
}
