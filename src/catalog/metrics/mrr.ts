import { amount, column } from "../built-in-view.js";
import { billingAnalytics, currency, glossary, historyMonth, metric } from "./metric.js";

const history =
  "Every month since the currency's first subscription; a condition on month leaves out rows, not requests. Reads all subscriptions: what counts, and what cannot be known of the past, stands at metrics.subscription_mrr.";

export const mrr = metric({
  name: "mrr",
  description: `Monthly recurring revenue at the end of each month, the running one's as of now. ${history}`,
  sources: [glossary, billingAnalytics],
  columns: [
    historyMonth,
    currency,
    amount("mrr", "BIGINT", "Monthly recurring revenue."),
    amount("growth", "BIGINT", "What it changed by in the month."),
    column("subscribers", "BIGINT", "Customers who have any."),
  ],
  sql: `SELECT month, currency, ending_mrr AS mrr, ending_mrr - starting_mrr AS growth, ending_subscribers AS subscribers
FROM metrics.mrr_movements`,
});

/**
 * Stripe's rate is of thirty days that roll, this one of calendar months: churned subscribers by those there were at the
 * begin and those who came since.
 */
export const customerChurn = metric({
  name: "customer_churn",
  description: `Churn of subscribers by month: those who went to no MRR, by those there were at the month's begin and who came in it, back or for the first time. Stripe's own rate is of the last 30 days, this one of calendar months. ${history}`,
  sources: ["https://support.stripe.com/questions/calculating-subscriber-churn-rate-in-billing", glossary],
  columns: [
    historyMonth,
    currency,
    column("starting_subscribers", "BIGINT", "Customers with MRR at the month's begin."),
    column("new_subscribers", "BIGINT", "Customers who came, those who came back among them."),
    column("churned_subscribers", "BIGINT", "Customers whose MRR went to none, each time."),
    column("churn_rate", "DOUBLE", "The churned by all others; NULL where there are none."),
  ],
  sql: `SELECT month, currency, starting_subscribers, new_subscribers + reactivated_subscribers AS new_subscribers,
  churned_subscribers,
  CAST(churned_subscribers AS DOUBLE PRECISION)
    / nullif(starting_subscribers + new_subscribers + reactivated_subscribers, 0) AS churn_rate
FROM metrics.mrr_movements`,
});

export const revenueChurn = metric({
  name: "revenue_churn",
  description: `Churn of MRR by month: gross is what churned and contracted, by the MRR at the month's begin; net takes off what expanded and came back, and is less than 0 where that was more. ${history}`,
  sources: [glossary, "https://support.stripe.com/questions/calculating-churn-rate-in-billing"],
  columns: [
    historyMonth,
    currency,
    amount("starting_mrr", "BIGINT", "MRR at the month's begin."),
    amount("churned_mrr", "BIGINT", "What customers dropped who were left with none."),
    amount("contraction_mrr", "BIGINT", "What customers dropped who kept some."),
    amount("expansion_mrr", "BIGINT", "What customers with MRR added."),
    amount("reactivation_mrr", "BIGINT", "Of customers who came back."),
    column("gross_churn_rate", "DOUBLE", "(churned + contraction) / starting; NULL where that is 0."),
    column("net_churn_rate", "DOUBLE", "(churned + contraction - expansion - reactivation) / starting."),
  ],
  sql: `SELECT month, currency, starting_mrr, churned_mrr, contraction_mrr, expansion_mrr, reactivation_mrr,
  CAST(churned_mrr + contraction_mrr AS DOUBLE PRECISION) / nullif(starting_mrr, 0) AS gross_churn_rate,
  CAST(churned_mrr + contraction_mrr - expansion_mrr - reactivation_mrr AS DOUBLE PRECISION)
    / nullif(starting_mrr, 0) AS net_churn_rate
FROM metrics.mrr_movements`,
});

export const arpu = metric({
  name: "arpu",
  description: `Average revenue per user: the MRR at a month's end by the subscribers who make it up. ${history}`,
  sources: [glossary],
  columns: [
    historyMonth,
    currency,
    amount("mrr", "BIGINT", "Monthly recurring revenue."),
    column("subscribers", "BIGINT", "Customers who have any."),
    amount("arpu", "DOUBLE", "MRR by subscribers, in minor units; NULL where there are none."),
  ],
  sql: `SELECT month, currency, ending_mrr AS mrr, ending_subscribers AS subscribers,
  CAST(ending_mrr AS DOUBLE PRECISION) / nullif(ending_subscribers, 0) AS arpu
FROM metrics.mrr_movements`,
});

export const ltv = metric({
  name: "ltv",
  description: `Lifetime value of a subscriber: the month's ARPU by its churn rate, what a subscriber would bring if the month's churn went on. One month of a small business says little: average several. ${history}`,
  sources: [glossary],
  columns: [
    historyMonth,
    currency,
    amount("arpu", "DOUBLE", "MRR by subscribers, in minor units."),
    column("churn_rate", "DOUBLE", "Of subscribers, as in metrics.customer_churn."),
    amount("ltv", "DOUBLE", "arpu / churn_rate, in minor units; NULL where nobody churned."),
  ],
  sql: `SELECT a.month, a.currency, a.arpu, c.churn_rate, a.arpu / nullif(c.churn_rate, 0) AS ltv
FROM metrics.arpu a JOIN metrics.customer_churn c ON c.month = a.month AND c.currency = a.currency`,
});
