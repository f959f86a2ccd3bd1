import { amount, column } from "../built-in-view.js";
import { billingAnalytics, currency, glossary, metric } from "./metric.js";

/**
 * MRR is what active and past due subscriptions come to in a month: trials, usage, taxes and free plans are none of it,
 * and of discounts only those that last.
 */
export const subscriptionMrr = metric({
  name: "subscription_mrr",
  description:
    "MRR of each subscription that has or had any, and from when to when it counts: its items' monthly amounts (metrics.item_amounts) less the coupons that last forever, in their order, as once and repeating ones leave MRR as it is. It counts from its start, or its trial's end, until it has ended or was paused; active and past due ones still do. Stripe tells a subscription as it now is: its present items and discounts stand for all of its past. It does not tell since when one is unpaid, nor of every pause when it began: those are left out, as are incomplete, expired and trialing ones. Where only collection is paused, it counts. Not taken off: discounts of single items and of the customer, amounts in another currency, and a coupon's limit to some products is not seen. Reads all subscriptions, and each tiered price once.",
  sources: [glossary, billingAnalytics],
  columns: [
    column("subscription", "VARCHAR", "Id of the subscription."),
    column("customer", "VARCHAR", "Id of its customer."),
    currency,
    column("status", "VARCHAR", "The subscription's status now."),
    column("starts_at", "TIMESTAMPTZ", "From when on it counts: its start, or the end of its trial."),
    column("ends_at", "TIMESTAMPTZ", "When it ended or was paused; NULL while it counts."),
    amount("mrr", "BIGINT", "What it comes to in a month, more than 0."),
  ],
  sql: `WITH RECURSIVE monthly AS (
  SELECT subscription, min(months) AS months, CAST(sum(monthly_amount) AS BIGINT) AS mrr
  FROM metrics.item_amounts GROUP BY subscription
), discounted AS (
  SELECT s.id AS subscription, s.currency, s.discount_details, m.months, 0 AS place, m.mrr
  FROM subscriptions s JOIN monthly m ON m.subscription = s.id
  UNION ALL
  SELECT subscription, currency, discount_details, months, place + 1, CASE
      WHEN ((discount_details->place)->'source'->'coupon'->>'duration') <> 'forever' THEN mrr
      WHEN ((discount_details->place)->'source'->'coupon'->>'percent_off') IS NOT NULL THEN CAST(floor(mrr * (10000
        - floor(CAST((discount_details->place)->'source'->'coupon'->>'percent_off' AS DOUBLE PRECISION) * 100 + 0.5))
        / 10000.0 + 0.5) AS BIGINT)
      WHEN ((discount_details->place)->'source'->'coupon'->>'currency') = currency THEN greatest(0, mrr - CAST(floor(
        CAST((discount_details->place)->'source'->'coupon'->>'amount_off' AS BIGINT) / months + 0.5) AS BIGINT))
      ELSE mrr
    END
  FROM discounted WHERE (discount_details->place) IS NOT NULL
), ranked AS (
  SELECT subscription, mrr, row_number() OVER (PARTITION BY subscription ORDER BY place DESC) AS rank FROM discounted
), spans AS (
  SELECT s.id AS subscription, s.customer, s.currency, s.status, m.mrr,
    greatest(s.start_date, coalesce(s.trial_end, s.start_date)) AS starts_at,
    CASE WHEN s.status = 'paused' THEN s.status_details_paused_transitioned_at ELSE s.ended_at END AS ends_at
  FROM subscriptions s JOIN ranked m ON m.subscription = s.id
  WHERE s.status IN ('active', 'past_due', 'canceled', 'paused') AND m.rank = 1 AND m.mrr > 0
)
SELECT subscription, customer, currency, status, starts_at, ends_at, mrr
FROM spans
WHERE CASE WHEN status IN ('active', 'past_due') THEN true ELSE starts_at < ends_at END`,
});
