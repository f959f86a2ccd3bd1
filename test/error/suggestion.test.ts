import { expect, test } from "vitest";
import { didYouMean } from "../../src/error/suggestion.js";

const names = ["Customer", "CustomerSession", "metrics.mrr", "metrics.customer_churn", "metrics.arpu", "v2.Account"];

test.each([
  ["mrr", 'Did you mean "metrics.mrr"?'],
  ["customer_churn", 'Did you mean "metrics.customer_churn"?'],
  ["custmer", 'Did you mean "Customer"?'],
  ["Account", 'Did you mean "v2.Account"?'],
  ["shipment", undefined],
])("%s: %s", (name, hint) => {
  expect(didYouMean(name, names)).toBe(hint);
});
