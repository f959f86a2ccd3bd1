import type Stripe from "stripe";

/** What .slt files name as `${…}`: reckoned from Stripe's own objects, so that no expectation is a recording. */
export type SltFacts = ReadonlyMap<string, string>;

/** Puts facts for their names; an unknown name is an error. */
export function fillFacts(text: string, facts: SltFacts): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = facts.get(name);
    if (value === undefined) throw new Error(`no fact "${name}"`);
    return value;
  });
}

/** Reads the sandbox's objects by the SDK's own auto-pagination and reckons every fact in plain TypeScript. */
export async function readFacts(stripe: Stripe): Promise<SltFacts> {
  const business = await readBusiness(stripe);
  return new Map<string, string>(
    Object.entries({
      ...customerFacts(business),
      ...billingFacts(business),
      ...paymentFacts(business),
      ...ledgerFacts(business),
    }).map(([name, value]) => [name, String(value)]),
  );
}

type Facts = Readonly<Record<string, string | number>>;

type Business = Awaited<ReturnType<typeof readBusiness>>;

async function readBusiness(stripe: Stripe) {
  const invoices = await all(stripe.invoices.list({ limit: 100 }));
  return {
    customers: await all(stripe.customers.list({ limit: 100 })),
    invoices,
    lineCounts: await Promise.all(invoices.map((invoice) => countLines(stripe, invoice))),
    subscriptions: await all(stripe.subscriptions.list({ limit: 100, status: "all" })),
    charges: await all(stripe.charges.list({ limit: 100 })),
    intents: await all(stripe.paymentIntents.list({ limit: 100 })),
    products: await all(stripe.products.list({ limit: 100 })),
    activePrices: await all(stripe.prices.list({ limit: 100, active: true })),
    inactivePrices: await all(stripe.prices.list({ limit: 100, active: false })),
    refunds: await all(stripe.refunds.list({ limit: 100 })),
    disputes: await all(stripe.disputes.list({ limit: 100 })),
    transactions: await all(stripe.balanceTransactions.list({ limit: 100 })),
    payouts: await all(stripe.payouts.list({ limit: 100 })),
    balance: await stripe.balance.retrieve(),
  };
}

async function all<T>(list: AsyncIterable<T>): Promise<readonly T[]> {
  const rows: T[] = [];
  for await (const row of list) rows.push(row);
  return rows;
}

/** Stripe embeds the first ten lines. */
async function countLines(stripe: Stripe, { id, lines }: Stripe.Invoice): Promise<number> {
  return lines.has_more ? (await all(stripe.invoices.listLineItems(id, { limit: 100 }))).length : lines.data.length;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const countsBy = (values: readonly (string | null)[]): string =>
  [...new Set(values)]
    .sort()
    .map((value) => `${value} | ${values.filter((other) => other === value).length}`)
    .join("\n");
const mostFrequent = (values: readonly string[]): string =>
  [...values].sort(
    (a, b) => values.filter((value) => value === b).length - values.filter((value) => value === a).length,
  )[0] ?? "";

function customerFacts({ customers }: Business): Facts {
  const [newest, second] = customers;
  const middle = customers[30];
  return {
    customers: customers.length,
    newestCustomer: newest?.id ?? "",
    secondCustomer: second?.id ?? "",
    middleCustomer: middle?.id ?? "",
    middleEmail: middle?.email ?? "",
    middleCreated: iso(middle?.created ?? 0),
    middleSecond: middle?.created ?? 0,
    customersBeforeMiddle: customers.filter(({ created }) => created < (middle?.created ?? 0)).length,
    customersByCountry: countsBy(customers.map(({ address }) => address?.country ?? null)),
    oldestCustomerId: customers.at(-1)?.id ?? "",
    newestFiveIds: customers
      .slice(0, 5)
      .map(({ id }) => id)
      .join("\n"),
    sixthToEighthIds: customers
      .slice(5, 8)
      .map(({ id }) => id)
      .join("\n"),
  };
}

function billingFacts(business: Business): Facts {
  const { invoices, lineCounts, subscriptions, products, activePrices, inactivePrices } = business;
  const long = invoices.findIndex(({ lines }) => lines.has_more);
  const discounted = invoices.filter(({ total_discount_amounts: amounts }) => (amounts ?? []).length > 0);
  return {
    invoices: invoices.length,
    invoicesByStatus: countsBy(invoices.map(({ status }) => status)),
    openInvoices: invoices.filter(({ status }) => status === "open").length,
    openInvoiceIds: invoices
      .filter(({ status }) => status === "open")
      .map(({ id }) => id)
      .join("\n"),
    paidTotal: sum(invoices.filter(({ status }) => status === "paid").map((invoice) => invoice.amount_paid)),
    invoicesDue: invoices.filter(({ due_date: due }) => due !== null).length,
    oldestInvoice: invoices.at(-1)?.id ?? "",
    longInvoice: invoices[long]?.id ?? "",
    longInvoiceLines: lineCounts[long] ?? 0,
    linesOfAllInvoices: sum(lineCounts),
    discountedInvoices: discounted.length,
    discountTotal: sum(
      discounted.flatMap(({ total_discount_amounts: amounts }) => (amounts ?? []).map(({ amount }) => amount)),
    ),
    subscriptions: subscriptions.length,
    subscriptionsByStatus: countsBy(subscriptions.map(({ status }) => status)),
    notActive: subscriptions.filter(({ status }) => status !== "active").length,
    canceled: subscriptions.filter(({ status }) => status === "canceled").length,
    cancelAtPeriodEnd: subscriptions.filter((subscription) => subscription.cancel_at_period_end).length,
    subscriptionItems: sum(subscriptions.map(({ items }) => items.data.length)),
    subscriptionOfTwo: subscriptions.find(({ items }) => items.data.length > 1)?.id ?? "",
    busySubscriber: mostFrequent(subscriptions.map(({ customer }) => String(customer))),
    products: products.length,
    inactiveProducts: products.filter(({ active }) => !active).length,
    prices: activePrices.length + inactivePrices.length,
    inactivePrices: inactivePrices.length,
    recurringPrices: [...activePrices, ...inactivePrices].filter(({ recurring }) => recurring !== null).length,
  };
}

function paymentFacts({ customers, charges, intents, refunds, disputes }: Business): Facts {
  const payer = mostFrequent(charges.map(({ customer }) => String(customer)));
  const emailOf = (id: unknown): string => customers.find((customer) => customer.id === id)?.email ?? "";
  const highest = Math.max(...charges.map(({ amount }) => amount));
  const failed = charges.filter(({ status }) => status === "failed");
  return {
    charges: charges.length,
    // One pair matches; every other row of both stands alone.
    fullJoinRows: charges.length + customers.length - 1,
    chargesFrom102: charges.length - 101,
    failedCharges: failed.length,
    newestFailedIds: failed
      .slice(0, 5)
      .map(({ id }) => id)
      .join("\n"),
    refundedCharges: charges.filter(({ refunded }) => refunded).length,
    partlyRefunded: charges.filter(({ refunded, amount_refunded: amount }) => !refunded && amount > 0).length,
    disputedCharges: charges.filter(({ disputed }) => disputed).length,
    firstCharge: charges.at(-1)?.id ?? "",
    firstPayerEmail: emailOf(charges.at(-1)?.customer),
    highestCharges: charges.filter(({ amount }) => amount === highest).length,
    payer,
    payerEmail: emailOf(payer),
    payerCharges: charges
      .filter(({ customer }) => customer === payer)
      .map(({ id }) => id)
      .join("\n"),
    payerChargeCount: charges.filter(({ customer }) => customer === payer).length,
    payerIntentCount: intents.filter(({ customer }) => customer === payer).length,
    chargedEuros: sum(charges.filter(({ currency, paid }) => currency === "eur" && paid).map(({ amount }) => amount)),
    intents: intents.length,
    intentsByStatus: countsBy(intents.map(({ status }) => status)),
    received: sum(intents.map(({ amount_received: amount }) => amount)),
    refunds: refunds.length,
    refundTotal: sum(refunds.map(({ amount }) => amount)),
    disputes: disputes.length,
    lostDisputes: disputes.filter(({ status }) => status === "lost").length,
    lostFraud: disputes.filter(({ status, reason }) => status === "lost" && reason === "fraudulent").length,
  };
}

function ledgerFacts({ transactions, payouts, balance }: Business): Facts {
  const payout = payouts.find(({ automatic, status }) => automatic && status === "paid");
  const refunds = transactions.filter(({ type }) => type === "refund");
  return {
    transactions: transactions.length,
    transactionsByType: countsBy(transactions.map(({ type }) => type)),
    newestTransactionIds: transactions
      .slice(0, 5)
      .map(({ id }) => id)
      .join("\n"),
    newestRefundTransactions: refunds
      .slice(0, 5)
      .map(({ id }) => id)
      .join("\n"),
    oldestTransaction: transactions.at(-1)?.id ?? "",
    feeDetails: sum(transactions.map(({ fee_details: details }) => details.length)),
    fees: sum(transactions.map(({ fee }) => fee)),
    netOfUsd: sum(transactions.filter(({ currency }) => currency === "usd").map(({ net }) => net)),
    balanceOfUsd: sum(
      [...balance.available, ...balance.pending]
        .filter(({ currency }) => currency === "usd")
        .map(({ amount }) => amount),
    ),
    currencies: balance.available.length,
    payouts: payouts.length,
    payout: payout?.id ?? "",
    payoutAmount: payout?.amount ?? 0,
  };
}
