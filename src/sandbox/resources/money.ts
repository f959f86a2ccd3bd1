import { invalidRequest } from "../refusals.js";

/** Smallest charge by currency, in its minor unit. Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const minimums: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
};

/** Source: https://docs.stripe.com/currencies#presentment-currencies */
const currencies: ReadonlySet<string> = new Set(
  (
    "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf " +
    "clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils " +
    "inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk " +
    "mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp " +
    "sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw"
  ).split(" "),
);

/** Stripe takes upper case too, and answers in lower. */
export function checkCurrency(currency: string): string {
  const lower = currency.toLowerCase();
  if (currencies.has(lower)) return lower;
  throw invalidRequest(
    `Invalid currency: ${lower}. Stripe currently supports these currencies: ${[...currencies].join(", ")}`,
    { param: "currency" },
  );
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
