import type Stripe from "stripe";
import { billedItems } from "./expected-mrr.js";
import { rounded } from "./fraction.js";
import type { RawAccount } from "./raw-account.js";
import type { Row } from "./rows.js";
import { grouped, monthOf, total } from "./rows.js";

const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
const ratio = (over: number, under: number): number | null => (under === 0 ? null : over / under);
const sumOf = <Key extends string>(own: readonly Readonly<Record<Key, number>>[], key: Key): number =>
  total(own, (one) => one[key]);

/** What the views about payments, invoices and the balance are to give, by their names. */
export function expectedPayments(account: RawAccount): Readonly<Record<string, readonly Row[]>> {
  return {
    ...ofCharges(account),
    ...ofInvoices(account),
    ...ofBalance(account),
    trial_conversion: trialRows(account),
    renewals: renewalRows(account),
  };
}

function ofCharges({ charges, disputes, refunds }: RawAccount): Readonly<Record<string, readonly Row[]>> {
  const opened = disputes.filter(({ status }) => !status.startsWith("warning"));
  const disputed = new Set(opened.map(({ charge }) => String(charge)));
  const paid = charges.filter(({ status }) => status === "succeeded");
  const happened = [
    ...paid.map(({ created, currency, id }) => ({ created, currency, payment: id, dispute: undefined })),
    ...opened.map((dispute) => ({ ...{ created: dispute.created, currency: dispute.currency }, payment: "", dispute })),
  ];
  return {
    failed_payments: grouped(
      charges.filter(({ status }) => status === "failed"),
      (one) => ({
        ...{ month: monthOf(one.created), currency: one.currency },
        ...{ failure_code: one.failure_code, reason: one.outcome?.reason ?? null },
      }),
      (own) => ({
        payments: own.length,
        customers: new Set(own.flatMap(({ customer }) => (customer === null ? [] : String(customer)))).size,
        amount: sumOf(own, "amount"),
      }),
    ),
    dispute_rate: grouped(
      happened,
      ({ created, currency }) => ({ month: monthOf(created), currency }),
      (own) => {
        const payments = own.filter(({ payment }) => payment !== "");
        const lost = payments.filter(({ payment }) => disputed.has(payment)).length;
        const open = own.flatMap(({ dispute }) => (dispute === undefined ? [] : [dispute]));
        return {
          ...{ payments: payments.length, disputed_payments: lost, disputes: open.length },
          disputed_amount: sumOf(open, "amount"),
          dispute_rate: ratio(lost, payments.length),
          dispute_activity: ratio(open.length, payments.length),
        };
      },
    ),
    refunds_by_month: grouped(
      refunds.filter(({ status }) => status !== "failed" && status !== "canceled"),
      ({ created, currency, reason }) => ({ month: monthOf(created), currency, reason }),
      (own) => ({ refund_count: own.length, amount: sumOf(own, "amount") }),
    ),
    revenue_by_country: grouped(
      paid,
      (one) => ({ month: monthOf(one.created), country: countryOf(one), currency: one.currency }),
      (own) => {
        const [amount, refunded] = [sumOf(own, "amount_captured"), sumOf(own, "amount_refunded")];
        return { payments: own.length, amount, refunded, revenue: amount - refunded };
      },
    ),
  };
}

const countryOf = ({ billing_details, payment_method_details }: Stripe.Charge): string | null =>
  billing_details.address?.country ?? payment_method_details?.card?.country ?? null;

function ofInvoices({ invoices, lines, taxRates }: RawAccount): Readonly<Record<string, readonly Row[]>> {
  const final = invoices.filter(({ status }) => status !== "draft" && status !== "void");
  const sold = invoices
    .filter(({ status }) => status === "paid")
    .flatMap((invoice) => (lines.get(invoice.id ?? "") ?? []).map((line) => ({ invoice, line })));
  const taxes = final.flatMap((invoice) =>
    (invoice.total_taxes ?? []).map((tax) => ({
      ...{ invoice, amount: tax.amount, taxable_amount: tax.taxable_amount ?? 0 },
      rate: taxRates.get(String(tax.tax_rate_details?.tax_rate)),
    })),
  );
  return {
    invoice_ageing: invoices.filter(({ status }) => status === "open").map(ageingRow),
    revenue_by_product: grouped(
      sold,
      ({ invoice, line }) => ({
        ...{ month: monthOf(invoice.created), product: String(line.pricing?.price_details?.product ?? "") || null },
        currency: line.currency,
      }),
      (own) => {
        const amount = total(own, ({ line }) => line.amount);
        const discount = total(own, ({ line }) => sumOf(line.discount_amounts ?? [], "amount"));
        const tax = total(own, ({ line }) => sumOf(line.taxes ?? [], "amount"));
        const within = total(own, ({ line }) =>
          sumOf(
            (line.taxes ?? []).filter(({ tax_behavior: behavior }) => behavior === "inclusive"),
            "amount",
          ),
        );
        return { line_count: own.length, amount, discount, tax, revenue: amount - discount - within };
      },
    ),
    coupon_usage: couponRows(final),
    tax_by_jurisdiction: grouped(
      taxes,
      ({ invoice, rate }) => ({
        ...{ month: monthOf(invoice.created), country: rate?.country ?? null, state: rate?.state ?? null },
        ...{ jurisdiction: rate?.jurisdiction ?? null, tax: rate?.display_name ?? null },
        ...{ percentage: rate?.percentage ?? null, currency: invoice.currency },
      }),
      (own) => ({
        invoices: new Set(own.map(({ invoice }) => invoice.id)).size,
        ...{ taxable_amount: sumOf(own, "taxable_amount"), amount: sumOf(own, "amount") },
      }),
    ),
  };
}

function ageingRow(invoice: Stripe.Invoice): Row {
  const due = invoice.due_date ?? invoice.status_transitions.finalized_at ?? invoice.created;
  const days = Math.max(0, Math.ceil((Date.now() / 1000 - due) / 86_400));
  const range = [
    [0, "not yet due"],
    [30, "1-30"],
    [60, "31-60"],
    [90, "61-90"],
    [120, "91-120"],
  ] as const;
  const bucket = range.find(([most]) => days <= most)?.[1] ?? "over 120";
  return {
    ...{ invoice: invoice.id ?? "", number: invoice.number, customer: String(invoice.customer) },
    ...{ customer_name: invoice.customer_name ?? null, currency: invoice.currency, created: time(invoice.created) },
    ...{ due_at: time(due), amount: invoice.amount_remaining, attempts: invoice.attempt_count },
    ...{ days_past_due: days, bucket },
  };
}

function couponRows(invoices: readonly Stripe.Invoice[]): readonly Row[] {
  const uses = invoices.flatMap((invoice) =>
    (invoice.total_discount_amounts ?? []).map(({ amount, discount }) => {
      const { source } = discount as Stripe.Discount;
      return { invoice, amount, coupon: String(source.coupon) };
    }),
  );
  return grouped(
    uses,
    ({ invoice, coupon }) => ({ month: monthOf(invoice.created), coupon, currency: invoice.currency }),
    (own) => {
      const used = new Map(own.map(({ invoice }) => [invoice.id, invoice]));
      return {
        ...{ invoices: used.size, customers: new Set(own.map(({ invoice }) => String(invoice.customer))).size },
        ...{ discount: sumOf(own, "amount"), paid: sumOf([...used.values()], "amount_paid") },
      };
    },
  );
}

function ofBalance({ movements, movementsOf, payouts }: RawAccount): Readonly<Record<string, readonly Row[]>> {
  const sums = (own: readonly Stripe.BalanceTransaction[]): Row => ({
    ...{ transactions: own.length, gross: sumOf(own, "amount"), fee: sumOf(own, "fee"), net: sumOf(own, "net") },
  });
  const automatic = payouts.filter((payout) => payout.automatic);
  return {
    balance_movements: grouped(
      movements,
      (one) => ({
        ...{ month: monthOf(one.created), currency: one.currency, reporting_category: one.reporting_category },
      }),
      sums,
    ),
    payout_reconciliation: automatic.flatMap((payout) =>
      grouped(
        (movementsOf.get(payout.id) ?? []).filter(({ type }) => !type.startsWith("payout")),
        (one) => ({
          ...{ payout: payout.id, created: time(payout.created), arrival_date: time(payout.arrival_date) },
          ...{ status: payout.status, currency: payout.currency, payout_amount: payout.amount },
          reporting_category: one.reporting_category,
        }),
        sums,
      ),
    ),
  };
}

function trialRows({ subscriptions, invoices }: RawAccount): readonly Row[] {
  const ended = subscriptions.flatMap((subscription) => {
    const { trial_end: end, ended_at: endedAt, status } = subscription;
    if (end === null || status === "trialing") return [];
    if (endedAt !== null && endedAt < end) return [{ subscription, at: endedAt, outcome: "canceled" }];
    const [first] = invoices
      .filter((one) => one.parent?.subscription_details?.subscription === subscription.id && one.created >= end)
      .sort((a, b) => a.created - b.created);
    return [{ subscription, at: end, outcome: first?.status === "paid" ? "converted" : "open" }];
  });
  return grouped(
    ended,
    ({ subscription, at }) => ({ month: monthOf(at), currency: subscription.currency }),
    (own) => {
      const count = (wanted: string) => own.filter(({ outcome }) => outcome === wanted).length;
      const [converted, canceled] = [count("converted"), count("canceled")];
      return {
        ...{ trials: own.length, converted, canceled, open: count("open") },
        conversion_rate: ratio(converted, converted + canceled),
      };
    },
  );
}

function renewalRows(account: RawAccount): readonly Row[] {
  const going = account.subscriptions.filter(
    (one) => ["active", "past_due", "trialing"].includes(one.status) && !one.cancel_at_period_end,
  );
  return going.flatMap((subscription) =>
    billedItems(subscription, account)
      .filter(({ item }) => subscription.cancel_at === null || subscription.cancel_at > item.current_period_end)
      .map(({ item, amount }) => ({
        ...{ renews_at: time(item.current_period_end), month: monthOf(item.current_period_end) },
        ...{ subscription: subscription.id, customer: String(subscription.customer), currency: subscription.currency },
        ...{ product: String(item.price.product), quantity: item.quantity ?? 0, amount: rounded(amount) },
      })),
  );
}
