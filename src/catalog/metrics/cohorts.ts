import { amount, column } from "../built-in-view.js";
import { currency, metric } from "./metric.js";

export const cohorts = metric({
  name: "cohorts",
  description:
    "Subscribers by the month in which their first MRR began, and how many of them had MRR at the end of each month since, the running one's as of now. Who comes back is again of the first cohort. Reads all subscriptions, whatever the conditions: see metrics.subscription_mrr.",
  sources: ["https://support.stripe.com/questions/subscriber-cohorts-and-cohort-retention-in-billing"],
  columns: [
    column("cohort", "TIMESTAMPTZ", "Begin of the month of their first MRR, in the session's time zone."),
    currency,
    column("month", "TIMESTAMPTZ", "Begin of the month at whose end they are counted."),
    column("months", "BIGINT", "How many months after the cohort's that is; 0 for the first."),
    column("subscribers", "BIGINT", "Customers of the cohort."),
    column("retained", "BIGINT", "Of these, who have MRR."),
    column("retention", "DOUBLE", "retained / subscribers"),
    amount("mrr", "BIGINT", "Their MRR."),
  ],
  sql: `WITH RECURSIVE joined AS (
  SELECT customer, currency, month AS cohort FROM metrics.mrr_changes WHERE kind = 'new'
), sizes AS (
  SELECT cohort, currency, count(*) AS subscribers FROM joined GROUP BY cohort, currency
), steps AS (
  SELECT cohort, currency, cohort AS month, 0 AS months, subscribers FROM sizes
  UNION ALL
  SELECT cohort, currency, month + INTERVAL '1 month', months + 1, subscribers
  FROM steps WHERE month + INTERVAL '1 month' <= now()
), sums AS (
  SELECT j.cohort, c.currency, c.month, sum(c.change) AS change,
    sum(CASE WHEN c.kind IN ('new', 'reactivation') THEN 1 WHEN c.kind = 'churn' THEN -1 ELSE 0 END) AS came
  FROM metrics.mrr_changes c JOIN joined j ON j.customer = c.customer AND j.currency = c.currency
  GROUP BY j.cohort, c.currency, c.month
), levels AS (
  SELECT t.cohort, t.currency, t.month, t.months, t.subscribers,
    sum(coalesce(s.came, 0)) OVER (PARTITION BY t.cohort, t.currency ORDER BY t.month) AS retained,
    sum(coalesce(s.change, 0)) OVER (PARTITION BY t.cohort, t.currency ORDER BY t.month) AS mrr
  FROM steps t LEFT JOIN sums s ON s.cohort = t.cohort AND s.currency = t.currency AND s.month = t.month
)
SELECT cohort, currency, month, CAST(months AS BIGINT) AS months, CAST(subscribers AS BIGINT) AS subscribers,
  CAST(retained AS BIGINT) AS retained, CAST(retained AS DOUBLE PRECISION) / subscribers AS retention,
  CAST(mrr AS BIGINT) AS mrr
FROM levels`,
});
