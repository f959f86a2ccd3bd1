import { invalidRequest } from "../refusals.js";

/** Smallest charge by currency, in its minor unit. Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const minimums: Readonly<Record<string, number>> = { usd: 50, eur: 50, gbp: 30, cad: 50, aud: 50, chf: 50, jpy: 50 };

export function checkCurrency(currency: string): string {
  const lower = currency.toLowerCase();
  if (/^[a-z]{3}$/.test(lower)) return lower;
  throw invalidRequest(`Invalid currency: ${currency}. Stripe currently supports these currencies: usd, eur, gbp, …`, {
    param: "currency",
  });
}

export function checkAmount(amount: number, currency: string, param: string): void {
  if (amount < 1) {
    throw invalidRequest("This value must be greater than or equal to 1.", {
      code: "parameter_invalid_integer",
      param,
    });
  }
  if (amount > 99_999_999) {
    throw invalidRequest("Amount must be no more than 99999999.", { code: "amount_too_large", param });
  }
  const minimum = minimums[currency];
  if (minimum === undefined || amount >= minimum) return;
  throw invalidRequest(`Amount must be at least ${formatMoney(minimum, currency)}`, {
    code: "amount_too_small",
    param,
  });
}

/** "$0.50 usd" where Stripe writes it so, else "0.50 eur". */
export function formatMoney(amount: number, currency: string): string {
  const sign = { usd: "$", eur: "€", gbp: "£" }[currency] ?? "";
  return `${sign}${(amount / 100).toFixed(2)} ${currency}`;
}
