/** The numbers of an axis, with as many digits as the steps between them have. */
export function stopTexts(stops: readonly number[]): readonly string[] {
  const step = (stops[1] ?? 1) - (stops[0] ?? 0);
  const digits = Math.max(0, Math.min(12, digitsBehindPoint(step)));
  return stops.map((stop) => numberText(stop, digits));
}

function digitsBehindPoint(step: number): number {
  const text = Number(step.toPrecision(6)).toExponential();
  const [mantissa = "", exponent = "0"] = text.split("e");
  return (mantissa.split(".")[1]?.length ?? 0) - Number(exponent);
}

/** "1,234.50"; of a number without digits of its own, four that say something. */
export function numberText(value: number, digits: number | undefined): string {
  if (Math.abs(value) >= 1e15) return value.toExponential(3);
  const fractions =
    digits === undefined
      ? { maximumSignificantDigits: Math.max(4, Math.floor(Math.log10(Math.abs(value) || 1)) + 3) }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat("en-US", fractions).format(value);
}
