// What the sandbox holds: names for the statements to use, and the pages of a hundred that their tables and ranges are.

const day = (text) => Date.parse(`${text}T00:00:00Z`) / 1000;
export const pagesOf = (rows) => Math.max(1, Math.ceil(rows.length / 100));

async function all(resource, parameters = {}) {
  const rows = [];
  for await (const row of resource.list({ ...parameters, limit: 100 })) rows.push(row);
  return rows;
}

export async function readFacts(stripe) {
  const charges = await all(stripe.charges);
  const invoices = await all(stripe.invoices);
  const subscriptions = await all(stripe.subscriptions, { status: "all" });
  const customers = await all(stripe.customers);
  const transactions = await all(stripe.balanceTransactions);
  const intents = await all(stripe.paymentIntents);
  const disputes = await all(stripe.disputes);
  const products = await all(stripe.products);
  const payouts = await all(stripe.payouts);
  const payout = payouts.filter(({ automatic }) => automatic)[1].id;
  const within = (rows, from, until = "2100-01-01") =>
    pagesOf(rows.filter(({ created }) => created >= day(from) && created < day(until)));
  const ofStatus = (rows, status) => rows.filter((row) => row.status === status);
  const isDue = ({ due_date: due }) => due !== null && due >= day("2026-10-01") && due < day("2026-10-08");
  const active = ofStatus(subscriptions, "active");
  const prices = [await all(stripe.prices, { active: true }), await all(stripe.prices, { active: false })];
  return {
    /** Newest first. */
    objects: {
      charges,
      invoices,
      subscriptions,
      customers,
      transactions,
      intents,
      disputes,
      products,
      prices: prices.flat(),
      payouts,
    },
    pages: {
      charges: pagesOf(charges),
      customers: pagesOf(customers),
      invoices: pagesOf(invoices),
      subscriptions: pagesOf(subscriptions),
      transactions: pagesOf(transactions),
      intents: pagesOf(intents),
      disputes: pagesOf(disputes),
      products: pagesOf(products),
      prices: prices.map(pagesOf).reduce((sum, pages) => sum + pages),
      payout: pagesOf(await all(stripe.balanceTransactions, { payout })),
      open: pagesOf(ofStatus(invoices, "open")),
      draft: pagesOf(ofStatus(invoices, "draft")),
      trialing: pagesOf(ofStatus(subscriptions, "trialing")),
      active: pagesOf(active),
      canceled: pagesOf(ofStatus(subscriptions, "canceled")),
      due: pagesOf(invoices.filter(isDue)),
      lastDay: within(invoices, "2026-10-31"),
      transactionsOfYear: within(transactions, "2025-11-01"),
      chargesOfQuarter: within(charges, "2026-08-01"),
      chargesOfWeek: within(charges, "2026-10-25"),
      chargesOfOctober: within(charges, "2026-10-01", "2026-11-01"),
      chargesOf2026: within(charges, "2026-01-01", "2027-01-01"),
    },
    /** Objects that have more lines than the ten that come along. */
    cutInvoices: invoices.filter(({ lines }) => lines.has_more).length,
    counts: {
      customersOfCharges: new Set(charges.map(({ customer }) => customer)).size,
      invoices: invoices.length,
      active: active.length,
      lost: ofStatus(disputes, "lost").filter(({ reason }) => reason === "fraudulent").length,
      newestFailed: pagesUntil(charges, ({ status }) => status === "failed", 5),
      activePrices: new Set(active.flatMap(({ items }) => items.data.map(({ price }) => price.id))).size,
      products: products.length,
    },
    customer: charges.find(({ customer }) => customer).customer,
    email: customers[40].email,
    subscription: subscriptions[0].id,
    invoice: invoices[3].id,
    payout,
    transactions: transactions.slice(5, 8).map(({ id }) => id),
    chargeIds: charges
      .filter((_, index) => index % 2 === 0)
      .slice(0, 3500)
      .map(({ id }) => id),
    paymentIntent: charges[7].payment_intent,
    customers: [...new Set(charges.slice(10, 60).map(({ customer }) => customer))].slice(0, 11),
  };
}

/** Pages of a hundred until so many of the rows have come. */
export function pagesUntil(rows, isWanted, count) {
  let found = 0;
  const last = rows.findIndex((row) => {
    found += isWanted(row) ? 1 : 0;
    return found === count;
  });
  return pagesOf(rows.slice(0, last < 0 ? rows.length : last + 1));
}
