import { thousandths, wholeUnits } from "../../value/currency-digits.js";
import { decimalScale } from "../../value/decimal.js";

const listed = (currencies: readonly string[]): string => `(${currencies.map((one) => `'${one}'`).join(", ")})`;

/**
 * `money(amount, currency)`: an amount in its currency's minor unit as an exact DECIMAL of the currency itself, by hundreds
 * where Stripe says nothing else; NULL where either is.
 */
export const moneyMacro = `CREATE TEMP MACRO money(amount, currency) AS CAST(
  CAST(amount AS DECIMAL(34,${decimalScale})) * CASE
    WHEN currency IS NULL THEN NULL
    WHEN lower(currency) IN ${listed(wholeUnits)} THEN 1.000
    WHEN lower(currency) IN ${listed(thousandths)} THEN 0.001
    ELSE 0.010
  END AS DECIMAL(38,${decimalScale}))`;

/** True for a text that may call it. */
export function namesMoney(sql: string): boolean {
  return /\bmoney"?\s*\(/i.test(sql);
}
