import { amount, column } from "../built-in-view.js";
import { currency, glossary, metric } from "./metric.js";

export const trialConversion = metric({
  name: "trial_conversion",
  description:
    "Trials by the month that they ended in. A trial converts when it has run to its end and the first invoice after it is paid, even where the subscription ends soon after; it is canceled where the subscription ended within it. The rate is of these two, in calendar months where Stripe's is of the last 30 days. A trial whose first invoice is not paid (yet) is open, and a subscription's latest trial is the only one that is known. A condition on month leaves out rows, not requests. Reads all subscriptions, and the invoices of those that had a trial.",
  sources: ["https://support.stripe.com/questions/calculating-trial-conversion-rate-in-billing", glossary],
  columns: [
    column("month", "TIMESTAMPTZ", "Begin of the month that the trials ended in, in the session's time zone."),
    currency,
    column("trials", "BIGINT", "Trials that ended."),
    column("converted", "BIGINT", "Of these, those that were paid for."),
    column("canceled", "BIGINT", "Of these, those that were canceled within the trial."),
    column("open", "BIGINT", "Of these, those whose first invoice is not paid."),
    column("conversion_rate", "DOUBLE", "converted / (converted + canceled); NULL where both are 0."),
  ],
  sql: `WITH trial AS (
  SELECT id AS subscription, currency, trial_end, CASE WHEN ended_at < trial_end THEN NULL ELSE id END AS billed,
    CASE WHEN ended_at < trial_end THEN ended_at ELSE trial_end END AS finished_at,
    CASE WHEN ended_at < trial_end THEN 1 ELSE 0 END AS canceled
  FROM subscriptions WHERE trial_end IS NOT NULL AND status <> 'trialing'
), first_invoice AS (
  SELECT t.subscription, i.status, row_number() OVER (PARTITION BY t.subscription ORDER BY i.created) AS place
  FROM trial t JOIN invoices i ON i.subscription = t.billed
  WHERE i.created >= t.trial_end
), outcome AS (
  SELECT date_trunc('month', t.finished_at) AS month, t.currency, t.canceled,
    CASE WHEN f.status = 'paid' THEN 1 ELSE 0 END AS converted
  FROM trial t LEFT JOIN first_invoice f ON f.subscription = t.subscription AND f.place = 1
)
SELECT month, currency, count(*) AS trials, CAST(sum(converted) AS BIGINT) AS converted,
  CAST(sum(canceled) AS BIGINT) AS canceled, CAST(count(*) - sum(converted) - sum(canceled) AS BIGINT) AS open,
  CAST(sum(converted) AS DOUBLE PRECISION) / nullif(sum(converted) + sum(canceled), 0) AS conversion_rate
FROM outcome GROUP BY month, currency`,
});

export const renewals = metric({
  name: "renewals",
  description:
    "What is to be billed next of each subscription that goes on: its items' amounts at the end of their current periods, before discounts, taxes and usage. Subscriptions that are set to end by then are left out, those on trial are in. Reads all subscriptions, and each tiered price once.",
  sources: [
    "https://docs.stripe.com/billing/subscriptions/overview",
    "https://docs.stripe.com/api/subscriptions/object",
  ],
  columns: [
    column("renews_at", "TIMESTAMPTZ", "When the item is billed next."),
    column("month", "TIMESTAMPTZ", "Begin of the month of that, in the session's time zone."),
    column("subscription", "VARCHAR", "Id of the subscription."),
    column("customer", "VARCHAR", "Id of its customer."),
    currency,
    column("product", "VARCHAR", "Id of the item's product."),
    column("quantity", "BIGINT", "The item's quantity."),
    amount("amount", "BIGINT", "What it is billed at, rounded to the minor unit."),
  ],
  sql: `SELECT a.current_period_end AS renews_at, date_trunc('month', a.current_period_end) AS month, a.subscription,
  s.customer, a.currency, a.product, a.quantity, CAST(floor(a.amount + 0.5) AS BIGINT) AS amount
FROM metrics.item_amounts a JOIN subscriptions s ON s.id = a.subscription
WHERE s.status IN ('active', 'past_due', 'trialing') AND NOT s.cancel_at_period_end
  AND coalesce(s.cancel_at > a.current_period_end, true)`,
});
