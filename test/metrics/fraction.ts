/** An exact number, the denominator more than 0. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** Of a whole number, or of a decimal text as Stripe writes them. */
export function fraction(value: number | string | { toString(): string } | null | undefined): Fraction {
  const text = String(value ?? 0);
  const [whole = "0", decimals = ""] = text.split(".");
  return { over: BigInt(whole + decimals), under: 10n ** BigInt(decimals.length) };
}

export const times = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.over, under: a.under * b.under });
export const by = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.under, under: a.under * b.over });
export const plus = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
});

/** To the nearest whole number, halves up. */
export function rounded({ over, under }: Fraction): number {
  const twice = 2n * over + under;
  const quotient = twice / (2n * under);
  return Number(twice < 0n && twice % (2n * under) !== 0n ? quotient - 1n : quotient);
}
