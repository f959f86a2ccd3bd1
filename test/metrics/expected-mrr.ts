import type Stripe from "stripe";
import type { Fraction } from "./fraction.js";
import { by, fraction, plus, rounded, times } from "./fraction.js";
import type { RawAccount } from "./raw-account.js";
import type { Row } from "./rows.js";
import { groups, monthAfter, monthOf, monthsUpTo } from "./rows.js";

/** A subscription with MRR, and the seconds between which it counts. */
interface Paying {
  readonly id: string;
  readonly customer: string;
  readonly currency: string;
  readonly status: string;
  readonly from: number;
  readonly until: number | undefined;
  readonly mrr: number;
}

interface Billed {
  readonly item: Stripe.SubscriptionItem;
  readonly amount: Fraction;
  readonly months: Fraction;
}

const monthsOf: Readonly<Record<string, Fraction>> = {
  day: { over: 12n, under: 365n },
  week: { over: 12n, under: 52n },
  month: fraction(1),
  year: fraction(12),
};

/** Licensed items with what they cost a period. */
export function billedItems(subscription: Stripe.Subscription, account: RawAccount): readonly Billed[] {
  return subscription.items.data.flatMap((item) => {
    const { recurring } = item.price;
    if (recurring === null || recurring.usage_type === "metered") return [];
    const months = times(fraction(recurring.interval_count), monthsOf[recurring.interval] ?? fraction(1));
    return [{ item, months, amount: amountOf(item, account) }];
  });
}

function amountOf({ price, quantity = 0 }: Stripe.SubscriptionItem, account: RawAccount): Fraction {
  if (price.billing_scheme === "tiered") {
    const tiered = account.tiers.get(price.id);
    return tiered?.tiers_mode === "volume"
      ? volume(tiered.tiers ?? [], quantity)
      : graduated(tiered?.tiers ?? [], quantity);
  }
  const unit = fraction(price.unit_amount_decimal ?? price.unit_amount);
  return times(unit, fraction(packages(price, quantity)));
}

function packages({ transform_quantity: transform }: Stripe.Price, quantity: number): number {
  if (transform === null) return quantity;
  const whole = quantity / transform.divide_by;
  return transform.round === "up" ? Math.ceil(whole) : Math.floor(whole);
}

function volume(tiers: readonly Stripe.Price.Tier[], quantity: number): Fraction {
  const tier = tiers.find(({ up_to: upTo }) => upTo === null || quantity <= upTo);
  return plus(fraction(tier?.flat_amount), times(fraction(tier?.unit_amount), fraction(quantity)));
}

function graduated(tiers: readonly Stripe.Price.Tier[], quantity: number): Fraction {
  let [sum, below] = [fraction(0), 0];
  for (const tier of tiers) {
    const top = Math.min(quantity, tier.up_to ?? quantity);
    sum = plus(sum, plus(fraction(tier.flat_amount), times(fraction(tier.unit_amount), fraction(top - below))));
    if (top === quantity) return sum;
    below = top;
  }
  return sum;
}

function paying(account: RawAccount): readonly Paying[] {
  return account.subscriptions.flatMap((subscription) => {
    const span = spanOf(subscription);
    const mrr = mrrOf(subscription, account);
    if (span === undefined || mrr <= 0) return [];
    const { id, currency, status } = subscription;
    return [{ id, customer: String(subscription.customer), currency, status, ...span, mrr }];
  });
}

function spanOf(subscription: Stripe.Subscription): { from: number; until: number | undefined } | undefined {
  const from = Math.max(subscription.start_date, subscription.trial_end ?? 0);
  switch (subscription.status) {
    case "active":
    case "past_due":
      return { from, until: undefined };
    case "canceled": {
      const until = subscription.ended_at ?? 0;
      return until > from ? { from, until } : undefined;
    }
    default:
      // Incomplete and trialing ones do not count yet; of unpaid and paused ones nobody tells since when.
      return undefined;
  }
}

function mrrOf(subscription: Stripe.Subscription, account: RawAccount): number {
  const items = billedItems(subscription, account);
  let mrr = items.reduce((sum, { amount, months }) => sum + rounded(by(amount, months)), 0);
  const shortest = items.map(({ months }) => months).sort((a, b) => (a.over * b.under < b.over * a.under ? -1 : 1))[0];
  for (const discount of subscription.discounts) {
    const coupon = typeof discount === "string" ? undefined : discount.source.coupon;
    if (coupon === null || typeof coupon !== "object" || coupon.duration !== "forever") continue;
    if (coupon.percent_off !== null)
      mrr = rounded(
        times(fraction(mrr), by(fraction(100 * 100 - Math.round(coupon.percent_off * 100)), fraction(10_000))),
      );
    else if (coupon.currency === subscription.currency && shortest !== undefined)
      mrr = Math.max(0, mrr - rounded(by(fraction(coupon.amount_off), shortest)));
  }
  return mrr;
}

interface Change {
  readonly at: number;
  readonly customer: string;
  readonly currency: string;
  readonly kind: string;
  readonly before: number;
  readonly after: number;
}

/** What a customer pays a month just before and at each moment at which something begins or ends. */
function changesOf(subscriptions: readonly Paying[]): readonly Change[] {
  return groups(subscriptions, ({ customer, currency }) => `${customer} ${currency}`).flatMap((own) => {
    const moments = [...new Set(own.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until])))];
    const levelAt = (at: number) => sum(own.filter(({ from, until }) => from <= at && (until ?? Infinity) > at));
    const levelBefore = (at: number) => sum(own.filter(({ from, until }) => from < at && (until ?? Infinity) >= at));
    let isKnown = false;
    return moments
      .sort((a, b) => a - b)
      .flatMap((at) => {
        const [before, after] = [levelBefore(at), levelAt(at)];
        const kind = kindOf(before, after, isKnown);
        isKnown ||= after > 0;
        const { customer = "", currency = "" } = own[0] ?? {};
        return before === after ? [] : [{ at, customer, currency, kind, before, after }];
      });
  });
}

function kindOf(before: number, after: number, isKnown: boolean): string {
  if (before === 0) return isKnown ? "reactivation" : "new";
  if (after === 0) return "churn";
  return after > before ? "expansion" : "contraction";
}

const sum = (subscriptions: readonly Paying[]): number => subscriptions.reduce((total, { mrr }) => total + mrr, 0);

/** What the views about MRR are to give, by their names. */
export function expectedMrr(account: RawAccount): Readonly<Record<string, readonly Row[]>> {
  const subscriptions = paying(account);
  const changes = changesOf(subscriptions);
  const months = monthlyRows(subscriptions, changes);
  return {
    subscription_mrr: subscriptions.map(({ id, customer, currency, status, from, until, mrr }) => ({
      ...{ subscription: id, customer, currency, status, mrr },
      ...{ starts_at: time(from), ends_at: until === undefined ? null : time(until) },
    })),
    mrr_changes: changes.map(({ at, customer, currency, kind, before, after }) => ({
      ...{ changed_at: time(at), month: monthOf(at), customer, currency, kind, change: after - before, mrr: after },
    })),
    mrr_movements: months,
    mrr: months.map((row) => ({
      ...{ month: row.month, currency: row.currency, mrr: row.ending_mrr },
      ...{ growth: row.ending_mrr - row.starting_mrr, subscribers: row.ending_subscribers },
    })),
    arpu: months.map((row) => ({
      ...{ month: row.month, currency: row.currency, mrr: row.ending_mrr, subscribers: row.ending_subscribers },
      arpu: ratio(row.ending_mrr, row.ending_subscribers),
    })),
    customer_churn: months.map((row) => ({
      ...{ month: row.month, currency: row.currency, starting_subscribers: row.starting_subscribers },
      ...{ new_subscribers: cameIn(row), churned_subscribers: row.churned_subscribers, churn_rate: churnRate(row) },
    })),
    revenue_churn: months.map(({ month, currency, ...row }) => {
      const lost = row.churned_mrr + row.contraction_mrr;
      return {
        ...{ month, currency, starting_mrr: row.starting_mrr, churned_mrr: row.churned_mrr },
        contraction_mrr: row.contraction_mrr,
        expansion_mrr: row.expansion_mrr,
        reactivation_mrr: row.reactivation_mrr,
        gross_churn_rate: ratio(lost, row.starting_mrr),
        net_churn_rate: ratio(lost - row.expansion_mrr - row.reactivation_mrr, row.starting_mrr),
      };
    }),
    ltv: months.map((row) => {
      const [arpu, churn] = [ratio(row.ending_mrr, row.ending_subscribers), churnRate(row)];
      const ltv = arpu === null || churn === null ? null : ratio(arpu, churn);
      return { month: row.month, currency: row.currency, arpu, churn_rate: churn, ltv };
    }),
    cohorts: cohortRows(subscriptions, changes),
    item_amounts: account.subscriptions.flatMap((subscription) =>
      billedItems(subscription, account).map(({ item, amount, months: length }) => ({
        ...{ subscription: subscription.id, item: item.id, price: item.price.id, product: String(item.price.product) },
        ...{ currency: subscription.currency, quantity: item.quantity ?? 0, amount: number(amount) },
        ...{ months: number(length), monthly_amount: rounded(by(amount, length)) },
        current_period_end: time(item.current_period_end),
      })),
    ),
  };
}

const number = ({ over, under }: Fraction): number => Number(over) / Number(under);
const time = (seconds: number): string => new Date(seconds * 1000).toISOString();
const ratio = (over: number, under: number): number | null => (under === 0 ? null : over / under);

type Month = ReturnType<typeof monthlyRows>[number];

const cameIn = (row: Month): number => row.new_subscribers + row.reactivated_subscribers;
const churnRate = (row: Month): number | null => ratio(row.churned_subscribers, row.starting_subscribers + cameIn(row));

/** Levels are looked at just before each month's begin and end, and movements are those in between. */
function monthlyRows(subscriptions: readonly Paying[], changes: readonly Change[]) {
  return groups(changes, ({ currency }) => currency).flatMap((own) => {
    const currency = own[0]?.currency ?? "";
    const first = Math.min(...own.map(({ at }) => at));
    return monthsUpTo(monthOf(first), Date.now()).map((month) => {
      const [begin, end] = [seconds(month), seconds(monthAfter(month))];
      const within = own.filter(({ at }) => at >= begin && at < end);
      const moved = (kind: string) =>
        within
          .filter((one) => one.kind === kind)
          .reduce((total, { before, after }) => total + Math.abs(after - before), 0);
      const count = (kind: string) => within.filter((one) => one.kind === kind).length;
      const level = (at: number) =>
        subscriptions.filter((one) => one.currency === currency && one.from < at && (one.until ?? Infinity) >= at);
      const customers = (at: number) => new Set(level(at).map(({ customer }) => customer)).size;
      return {
        ...{ month, currency, starting_mrr: sum(level(begin)) },
        ...{ new_mrr: moved("new"), reactivation_mrr: moved("reactivation"), expansion_mrr: moved("expansion") },
        ...{ contraction_mrr: moved("contraction"), churned_mrr: moved("churn"), ending_mrr: sum(level(end)) },
        ...{ starting_subscribers: customers(begin), new_subscribers: count("new") },
        ...{ reactivated_subscribers: count("reactivation"), churned_subscribers: count("churn") },
        ending_subscribers: customers(end),
      };
    });
  });
}

function cohortRows(subscriptions: readonly Paying[], changes: readonly Change[]): readonly Row[] {
  const joined = changes.filter(({ kind }) => kind === "new");
  return groups(joined, ({ at, currency }) => `${monthOf(at)} ${currency}`).flatMap((members) => {
    const { at = 0, currency = "" } = members[0] ?? {};
    const names = new Set(members.map(({ customer }) => customer));
    return monthsUpTo(monthOf(at), Date.now()).map((month, months) => {
      const end = seconds(monthAfter(month));
      const still = subscriptions.filter(
        (one) =>
          names.has(one.customer) && one.currency === currency && one.from < end && (one.until ?? Infinity) >= end,
      );
      const retained = new Set(still.map(({ customer }) => customer)).size;
      return {
        ...{ cohort: monthOf(at), currency, month, months, subscribers: names.size, retained },
        ...{ retention: retained / names.size, mrr: sum(still) },
      };
    });
  });
}

const seconds = (month: string): number => Date.parse(month) / 1000;
