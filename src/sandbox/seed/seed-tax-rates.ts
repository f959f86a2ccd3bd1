import type { JsonObject } from "../../value/json.js";
import { textField } from "../json-field.js";
import type { AppliedTax } from "../resources/invoice-totals.js";
import type { SeedContext } from "./seed-context.js";

/** Standard rates of value added tax, in percent. */
const valueAdded: readonly (readonly [country: string, percentage: number])[] = [
  ["DE", 19],
  ["FR", 20],
  ["NL", 21],
  ["ES", 21],
  ["IE", 23],
  ["SE", 25],
];

/** The tax rates of the countries that the business sells to. */
export function seedTaxRates(seed: SeedContext): {
  readonly valueAddedTaxes: ReadonlyMap<string, AppliedTax>;
  readonly salesTax: AppliedTax;
} {
  const valueAddedTaxes = new Map(
    valueAdded.map(([country, percentage]) => {
      const fields = { country, display_name: "VAT", inclusive: true, jurisdiction: country, tax_type: "vat" };
      return [country, addRate(seed, percentage, { ...fields, jurisdiction_level: "country" })];
    }),
  );
  const newYork = { country: "US", display_name: "Sales Tax", inclusive: false, jurisdiction: "New York", state: "NY" };
  return {
    valueAddedTaxes,
    salesTax: addRate(seed, 8.875, { ...newYork, jurisdiction_level: "state", tax_type: "sales_tax" }),
  };
}

function addRate(seed: SeedContext, percentage: number, fields: JsonObject): AppliedTax {
  const rate = seed.add("TaxRate", {
    active: true,
    created: seed.startSeconds,
    effective_percentage: percentage,
    metadata: {},
    percentage,
    rate_type: "percentage",
    ...fields,
  });
  return { rate: textField(rate, "id") ?? "", percentage, inclusive: fields["inclusive"] === true };
}
