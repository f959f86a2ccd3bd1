import { amount, column } from "../built-in-view.js";
import { currency, glossary, metric } from "./metric.js";

/**
 * A customer's MRR in a currency as it changes: what happens at one moment, as where one subscription follows another, is
 * one change. Source: https://support.stripe.com/questions/calculating-subscriber-churn-rate-in-billing
 */
export const mrrChanges = metric({
  name: "mrr_changes",
  description:
    "Each change of a customer's MRR in a currency. Churn is the way to none, which the last of several subscriptions takes; whoever comes back is a reactivation. What is told of subscriptions is told here: see metrics.subscription_mrr. Changes of a subscription's items in the past are not known. Reads all subscriptions.",
  sources: [glossary, "https://support.stripe.com/questions/calculating-subscriber-churn-rate-in-billing"],
  columns: [
    column("changed_at", "TIMESTAMPTZ", "When it changed."),
    column("month", "TIMESTAMPTZ", "Begin of the month that it changed in, in the session's time zone."),
    column("customer", "VARCHAR", "Id of the customer."),
    currency,
    column("kind", "VARCHAR", "One of new, expansion, contraction, churn or reactivation."),
    amount("change", "BIGINT", "By how much, less than 0 where it fell."),
    amount("mrr", "BIGINT", "The customer's MRR after it."),
  ],
  sql: `WITH moves AS (
  SELECT customer, currency, starts_at AS changed_at, mrr AS change FROM metrics.subscription_mrr
  UNION ALL
  SELECT customer, currency, ends_at, -mrr FROM metrics.subscription_mrr WHERE ends_at IS NOT NULL
), netted AS (
  SELECT customer, currency, changed_at, CAST(sum(change) AS BIGINT) AS change
  FROM moves GROUP BY customer, currency, changed_at HAVING sum(change) <> 0
), running AS (
  SELECT customer, currency, changed_at, change,
    CAST(sum(change) OVER (PARTITION BY customer, currency ORDER BY changed_at) AS BIGINT) AS mrr,
    row_number() OVER (PARTITION BY customer, currency ORDER BY changed_at) AS place
  FROM netted
)
SELECT changed_at, date_trunc('month', changed_at) AS month, customer, currency,
  CASE
    WHEN mrr = change AND place = 1 THEN 'new'
    WHEN mrr = change THEN 'reactivation'
    WHEN mrr = 0 THEN 'churn'
    WHEN change > 0 THEN 'expansion'
    ELSE 'contraction'
  END AS kind, change, mrr
FROM running`,
});
