import type Stripe from "stripe";

/** What an account holds, as Stripe's API tells it. */
export interface RawAccount {
  readonly subscriptions: readonly Stripe.Subscription[];
  /** Of tiered prices, by id. */
  readonly tiers: ReadonlyMap<string, Stripe.Price>;
  readonly invoices: readonly Stripe.Invoice[];
  readonly lines: ReadonlyMap<string, readonly Stripe.InvoiceLineItem[]>;
  readonly charges: readonly Stripe.Charge[];
  readonly refunds: readonly Stripe.Refund[];
  readonly disputes: readonly Stripe.Dispute[];
  readonly taxRates: ReadonlyMap<string, Stripe.TaxRate>;
  readonly payouts: readonly Stripe.Payout[];
  readonly movements: readonly Stripe.BalanceTransaction[];
  readonly movementsOf: ReadonlyMap<string, readonly Stripe.BalanceTransaction[]>;
}

const all = { limit: 10_000 };

/** Reads it by the SDK alone. */
export async function readAccount(stripe: Stripe): Promise<RawAccount> {
  const subscriptions = await stripe.subscriptions
    .list({ status: "all", limit: 100, expand: ["data.discounts.source.coupon"] })
    .autoPagingToArray(all);
  const invoices = await stripe.invoices
    .list({ limit: 100, expand: ["data.total_discount_amounts.discount"] })
    .autoPagingToArray(all);
  const prices = await stripe.prices.list({ limit: 100, expand: ["data.tiers"] }).autoPagingToArray(all);
  const taxRates = await stripe.taxRates.list({ limit: 100 }).autoPagingToArray(all);
  const payouts = await stripe.payouts.list({ limit: 100 }).autoPagingToArray(all);
  const lines = new Map<string, readonly Stripe.InvoiceLineItem[]>();
  for (const { id = "", lines: shown } of invoices)
    lines.set(id, shown.has_more ? await stripe.invoices.listLineItems(id).autoPagingToArray(all) : shown.data);
  const movementsOf = new Map<string, readonly Stripe.BalanceTransaction[]>();
  for (const { id: payout } of payouts.filter(({ automatic }) => automatic))
    movementsOf.set(payout, await stripe.balanceTransactions.list({ payout, limit: 100 }).autoPagingToArray(all));
  return {
    subscriptions,
    tiers: new Map(prices.filter((price) => price.billing_scheme === "tiered").map((price) => [price.id, price])),
    invoices,
    lines,
    charges: await stripe.charges.list({ limit: 100 }).autoPagingToArray(all),
    refunds: await stripe.refunds.list({ limit: 100 }).autoPagingToArray(all),
    disputes: await stripe.disputes.list({ limit: 100 }).autoPagingToArray(all),
    taxRates: new Map(taxRates.map((rate) => [rate.id, rate])),
    payouts,
    movements: await stripe.balanceTransactions.list({ limit: 100 }).autoPagingToArray(all),
    movementsOf,
  };
}
