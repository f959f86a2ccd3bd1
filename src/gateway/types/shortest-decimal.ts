/** A positive number as significand · 2^exponent, as its floating-point type holds it. */
export interface BinaryNumber {
  readonly significand: bigint;
  readonly exponent: number;
  /** Whether the next smaller number is only half as far as the next larger one: a power of two. */
  readonly isLowerCloser: boolean;
}

/** A decimal: its digits, the first of which is not 0, and the power of ten of the first. */
export interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * The decimal of the fewest digits that lies nearer to a number than to any other, the nearest of them, the even one of
 * two. What lies halfway to the next number does not count, though some readers would read it back: so PostgreSQL has it,
 * and JavaScript does not. Source: d2s.c and f2s.c of PostgreSQL (STRICTLY_SHORTEST is 0)
 */
export function shortestDecimal(number: BinaryNumber, fewestDigits = 1): Decimal {
  const { significand, exponent, isLowerCloser } = number;
  const value = scaled(significand * 4n, exponent - 2);
  const above = scaled(significand * 4n + 2n, exponent - 2);
  const below = scaled(significand * 4n - (isLowerCloser ? 1n : 2n), exponent - 2);
  const power = powerOfTen(value);
  for (let count = fewestDigits; ; count += 1) {
    const unit = count - 1 - power;
    const found = candidates(value, unit).find(
      (candidate) =>
        isBelow(below, candidate, unit) && !isBelow(above, candidate, unit) && !isAt(above, candidate, unit),
    );
    if (found !== undefined) return normalised(found, power - count + 1);
  }
}

/** number · 2^exponent */
function scaled(number: bigint, exponent: number): Fraction {
  return exponent >= 0
    ? { numerator: number << BigInt(exponent), denominator: 1n }
    : { numerator: number, denominator: 1n << BigInt(-exponent) };
}

/** The power of ten of the first digit. */
function powerOfTen({ numerator, denominator }: Fraction): number {
  const guess = String(numerator).length - String(denominator).length;
  const isTooLarge =
    guess >= 0 ? numerator < denominator * 10n ** BigInt(guess) : numerator * 10n ** BigInt(-guess) < denominator;
  return isTooLarge ? guess - 1 : guess;
}

/** A fraction in units of 10^-unit. */
function inUnits({ numerator, denominator }: Fraction, unit: number): Fraction {
  return unit >= 0
    ? { numerator: numerator * 10n ** BigInt(unit), denominator }
    : { numerator, denominator: denominator * 10n ** BigInt(-unit) };
}

/** The whole numbers of units around a value, the nearer one first. */
function candidates(value: Fraction, unit: number): readonly bigint[] {
  const { numerator, denominator } = inUnits(value, unit);
  const floor = numerator / denominator;
  const twiceRest = (numerator - floor * denominator) * 2n;
  const isUp = twiceRest > denominator || (twiceRest === denominator && floor % 2n === 1n);
  return isUp ? [floor + 1n, floor] : [floor, floor + 1n];
}

function isBelow(bound: Fraction, candidate: bigint, unit: number): boolean {
  const { numerator, denominator } = inUnits(bound, unit);
  return numerator < candidate * denominator;
}

function isAt(bound: Fraction, candidate: bigint, unit: number): boolean {
  const { numerator, denominator } = inUnits(bound, unit);
  return numerator === candidate * denominator;
}

function normalised(number: bigint, power: number): Decimal {
  const digits = String(number);
  return { digits: digits.replace(/0+$/, ""), exponent: power + digits.length - 1 };
}
