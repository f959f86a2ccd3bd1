import type { JsonObject } from "../../value/json.js";
import type { AppliedDiscount } from "./discounts.js";
import { discountOf } from "./discounts.js";

/** A tax on every line of an invoice. */
export interface AppliedTax {
  /** Id of the tax rate. */
  readonly rate: string;
  readonly percentage: number;
  /** True where the lines' amounts contain it. */
  readonly inclusive: boolean;
}

/** What the lines of an invoice come to. */
export interface InvoiceTotals {
  readonly subtotal: number;
  readonly subtotalExcludingTax: number;
  readonly discount: number;
  readonly total: number;
  readonly totalExcludingTax: number;
  readonly discountAmounts: readonly JsonObject[];
  readonly taxes: readonly JsonObject[];
  /** Line by line: its part of each discount, and its tax. Both add up to the invoice's. */
  readonly shares: readonly {
    readonly discountAmounts: readonly JsonObject[];
    readonly taxes: readonly JsonObject[];
  }[];
}

/** Discounts come off before tax. Source: https://docs.stripe.com/tax/calculating#discounts */
export function totalsOf(
  lineAmounts: readonly number[],
  discounts: readonly AppliedDiscount[],
  tax?: AppliedTax,
): InvoiceTotals {
  const subtotal = sum(lineAmounts);
  const discountAmounts = amountsOff(subtotal, discounts);
  const parts = discountAmounts.map(({ amount }) => divided(amount, lineAmounts));
  const shares = lineAmounts.map((amount, line) => {
    const own = discountAmounts.map(({ discount }, index) => ({ amount: parts[index]?.[line] ?? 0, discount }));
    const taxable = amount - sum(own.map((part) => part.amount));
    return { discountAmounts: own, taxes: tax === undefined ? [] : [taxFields(tax, taxable)] };
  });
  const discount = sum(discountAmounts.map(({ amount }) => amount));
  const taxes = tax === undefined ? [] : [summedTax(shares.flatMap((share) => share.taxes))];
  const taxAmount = sum(taxes.map(({ amount }) => amount));
  const isIncluded = tax?.inclusive === true;
  return {
    subtotal,
    subtotalExcludingTax: isIncluded ? subtotal - sum(lineAmounts.map((amount) => taxOn(tax, amount))) : subtotal,
    discount,
    total: subtotal - discount + (isIncluded ? 0 : taxAmount),
    totalExcludingTax: subtotal - discount - (isIncluded ? taxAmount : 0),
    discountAmounts,
    taxes,
    shares,
  };
}

/** Each discount takes off what the ones before it have left. */
function amountsOff(
  subtotal: number,
  discounts: readonly AppliedDiscount[],
): readonly { readonly amount: number; readonly discount: string }[] {
  let left = Math.max(0, subtotal);
  return discounts.map(({ id, coupon }) => {
    const amount = discountOf(coupon, left);
    left -= amount;
    return { amount, discount: id };
  });
}

interface TaxFields {
  readonly [key: string]: JsonObject[string];
  readonly amount: number;
  readonly taxable_amount: number;
}

function taxFields(tax: AppliedTax, taxable: number): TaxFields {
  const amount = taxOn(tax, taxable);
  return {
    amount,
    tax_behavior: tax.inclusive ? "inclusive" : "exclusive",
    tax_rate_details: { tax_rate: tax.rate },
    taxability_reason: "standard_rated",
    taxable_amount: tax.inclusive ? taxable - amount : taxable,
    type: "tax_rate_details",
  };
}

/** Of lines of one tax. */
function summedTax(lines: readonly TaxFields[]): TaxFields {
  const amount = sum(lines.map((line) => line.amount));
  return { ...lines[0], amount, taxable_amount: sum(lines.map((line) => line.taxable_amount)) };
}

function taxOn({ percentage, inclusive }: AppliedTax, amount: number): number {
  const part = percentage / (inclusive ? 100 + percentage : 100);
  return Math.round(amount * part);
}

/** An amount by weights, in whole units; the last ones take what rounding leaves. */
function divided(amount: number, weights: readonly number[]): readonly number[] {
  let [leftAmount, leftWeight] = [amount, sum(weights)];
  return weights.map((weight) => {
    const part = leftWeight === 0 ? 0 : Math.round((leftAmount * weight) / leftWeight);
    leftAmount -= part;
    leftWeight -= weight;
    return part;
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The invoice's amounts for its lines, as the fields state them before any payment. */
export function amountFields(totals: InvoiceTotals): JsonObject {
  const due = Math.max(0, totals.total);
  return {
    amount_due: due,
    amount_paid: 0,
    amount_remaining: due,
    subtotal: totals.subtotal,
    subtotal_excluding_tax: totals.subtotalExcludingTax,
    total: totals.total,
    total_excluding_tax: totals.totalExcludingTax,
    total_discount_amounts: totals.discountAmounts,
    total_taxes: totals.taxes,
    total_pretax_credit_amounts: [],
  };
}
