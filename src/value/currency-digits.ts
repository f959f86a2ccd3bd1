/**
 * Currencies whose amounts are whole units. UGX and ISK are not among them: they have no minor unit any more, but their
 * amounts are still given in hundredths, and so are those of HUF and TWD.
 * Source: https://docs.stripe.com/currencies (zero-decimal currencies, special cases)
 */
export const wholeUnits: readonly string[] = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");

/** Currencies whose amounts are thousandths. Source: https://docs.stripe.com/currencies (three-decimal currencies) */
export const thousandths: readonly string[] = "bhd jod kwd omr tnd".split(" ");

/** Digits behind the point of an amount in the currency itself: hundredths where Stripe says nothing else. */
export function currencyDigits(currency: string): 0 | 2 | 3 {
  const code = currency.toLowerCase();
  if (wholeUnits.includes(code)) return 0;
  return thousandths.includes(code) ? 3 : 2;
}

/**
 * The text of an amount in minor units as one of the currency itself: "1500" of usd is "15.00". Undefined for a text that
 * is no plain decimal number.
 */
export function inMajorUnits(amount: string, currency: string): string | undefined {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === "") return undefined;
  const digits = currencyDigits(currency);
  const padded = whole.padStart(digits + 1, "0");
  const point = padded.length - digits;
  const behind = padded.slice(point) + fraction;
  return `${sign}${padded.slice(0, point)}${behind === "" ? "" : `.${behind}`}`;
}
