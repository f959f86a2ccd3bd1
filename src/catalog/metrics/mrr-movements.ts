import { amount, column } from "../built-in-view.js";
import { currency, glossary, historyMonth, metric } from "./metric.js";

/** MRR growth = (new + reactivation + expansion) - (churned + contraction). */
export const mrrMovements = metric({
  name: "mrr_movements",
  description:
    "Month by month, how MRR came from one level to the next, as Stripe's roll-forward reports have it: starting + new + reactivation + expansion - churned - contraction = ending. Every month since the first subscription of the currency is there, the running one up to now. A condition on month leaves out rows, not requests: a month's level is the sum of all changes before it. Reads all subscriptions, see metrics.subscription_mrr.",
  sources: [glossary],
  columns: [
    historyMonth,
    currency,
    amount("starting_mrr", "BIGINT", "MRR at the month's begin."),
    amount("new_mrr", "BIGINT", "Of customers who had never had any."),
    amount("reactivation_mrr", "BIGINT", "Of customers who came back."),
    amount("expansion_mrr", "BIGINT", "What customers with MRR added."),
    amount("contraction_mrr", "BIGINT", "What customers dropped who kept some."),
    amount("churned_mrr", "BIGINT", "What customers dropped who were left with none."),
    amount("ending_mrr", "BIGINT", "MRR at the month's end, or now."),
    column("starting_subscribers", "BIGINT", "Customers with MRR at the month's begin."),
    column("new_subscribers", "BIGINT", "Customers whose first MRR began."),
    column("reactivated_subscribers", "BIGINT", "Customers who came back, each time."),
    column("churned_subscribers", "BIGINT", "Customers whose MRR went to none, each time."),
    column("ending_subscribers", "BIGINT", "Customers with MRR at the month's end, or now."),
  ],
  sql: `WITH RECURSIVE months AS (
  SELECT currency, min(month) AS month FROM metrics.mrr_changes GROUP BY currency
  UNION ALL
  SELECT currency, month + INTERVAL '1 month' FROM months WHERE month + INTERVAL '1 month' <= now()
), sums AS (
  SELECT month, currency,
    sum(CASE WHEN kind = 'new' THEN change ELSE 0 END) AS new_mrr,
    sum(CASE WHEN kind = 'reactivation' THEN change ELSE 0 END) AS reactivation_mrr,
    sum(CASE WHEN kind = 'expansion' THEN change ELSE 0 END) AS expansion_mrr,
    sum(CASE WHEN kind = 'contraction' THEN -change ELSE 0 END) AS contraction_mrr,
    sum(CASE WHEN kind = 'churn' THEN -change ELSE 0 END) AS churned_mrr,
    sum(change) AS change,
    sum(CASE WHEN kind = 'new' THEN 1 ELSE 0 END) AS new_subscribers,
    sum(CASE WHEN kind = 'reactivation' THEN 1 ELSE 0 END) AS reactivated_subscribers,
    sum(CASE WHEN kind = 'churn' THEN 1 ELSE 0 END) AS churned_subscribers
  FROM metrics.mrr_changes GROUP BY month, currency
), levels AS (
  SELECT m.month, m.currency,
    coalesce(s.new_mrr, 0) AS new_mrr, coalesce(s.reactivation_mrr, 0) AS reactivation_mrr,
    coalesce(s.expansion_mrr, 0) AS expansion_mrr, coalesce(s.contraction_mrr, 0) AS contraction_mrr,
    coalesce(s.churned_mrr, 0) AS churned_mrr, coalesce(s.change, 0) AS change,
    coalesce(s.new_subscribers, 0) AS new_subscribers,
    coalesce(s.reactivated_subscribers, 0) AS reactivated_subscribers,
    coalesce(s.churned_subscribers, 0) AS churned_subscribers,
    sum(coalesce(s.change, 0)) OVER (PARTITION BY m.currency ORDER BY m.month) AS ending_mrr,
    sum(coalesce(s.new_subscribers + s.reactivated_subscribers - s.churned_subscribers, 0))
      OVER (PARTITION BY m.currency ORDER BY m.month) AS ending_subscribers
  FROM months m LEFT JOIN sums s ON s.month = m.month AND s.currency = m.currency
)
SELECT month, currency, CAST(ending_mrr - change AS BIGINT) AS starting_mrr, CAST(new_mrr AS BIGINT) AS new_mrr,
  CAST(reactivation_mrr AS BIGINT) AS reactivation_mrr, CAST(expansion_mrr AS BIGINT) AS expansion_mrr,
  CAST(contraction_mrr AS BIGINT) AS contraction_mrr, CAST(churned_mrr AS BIGINT) AS churned_mrr,
  CAST(ending_mrr AS BIGINT) AS ending_mrr,
  CAST(ending_subscribers - new_subscribers - reactivated_subscribers + churned_subscribers AS BIGINT)
    AS starting_subscribers,
  CAST(new_subscribers AS BIGINT) AS new_subscribers, CAST(reactivated_subscribers AS BIGINT) AS reactivated_subscribers,
  CAST(churned_subscribers AS BIGINT) AS churned_subscribers, CAST(ending_subscribers AS BIGINT) AS ending_subscribers
FROM levels`,
});
