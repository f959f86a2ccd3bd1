/** Digits after the point in a DECIMAL column: DECIMAL(38,12). Stripe gives at most 12. */
export const decimalScale = 12;
const unit = 10n ** BigInt(decimalScale);

/** A decimal text as an integer number of 10^-12; undefined where it is no plain decimal or has more digits. */
export function decimalToScaled(text: string): bigint | undefined {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text.trim());
  const fraction = withoutTrailingZeros(match?.[3] ?? "");
  if (match === null || fraction.length > decimalScale) return undefined;
  const magnitude = BigInt(match[2] ?? "0") * unit + BigInt(fraction.padEnd(decimalScale, "0"));
  return match[1] === "-" ? -magnitude : magnitude;
}

/** In one pass from the end: an expression would begin anew at each zero of a long text. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charAt(end - 1) === "0") end -= 1;
  return digits.slice(0, end);
}

/** The shortest decimal text of a number of 10^-12: "10.5", "-0.25", "7". */
export function scaledToDecimal(scaled: bigint): string {
  return decimalText(scaled, decimalScale).replace(/\.?0+$/, "");
}

/** The text of a number of 10^-scale with all of its digits: "10.50" where the scale is 2. */
export function decimalText(scaled: bigint, scale: number): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${scaled < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : `.${digits.slice(point)}`}`;
}
