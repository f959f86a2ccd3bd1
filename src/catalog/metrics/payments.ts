import { amount, column } from "../built-in-view.js";
import { createdMonth, currency, metric } from "./metric.js";

export const failedPayments = metric({
  name: "failed_payments",
  description:
    "Charges that failed, by month and why: the code that Stripe gives, and the reason behind it (the issuer's decline code, or Radar's rule). Each attempt is one, so that a payment that was tried three times counts three. Reads the charges of the months that conditions leave.",
  sources: ["https://docs.stripe.com/declines", "https://docs.stripe.com/declines/codes"],
  columns: [
    createdMonth("the charges were made in"),
    currency,
    column("failure_code", "VARCHAR", "card_declined, expired_card, …"),
    column("reason", "VARCHAR", "insufficient_funds, do_not_honor, …; NULL where none is given."),
    column("payments", "BIGINT", "Charges that failed."),
    column("customers", "BIGINT", "Customers whose charges these are."),
    amount("amount", "BIGINT", "What was to be charged."),
  ],
  sql: `SELECT date_trunc('month', created) AS month, currency, failure_code, outcome_reason AS reason,
  count(*) AS payments, count(DISTINCT customer) AS customers, CAST(sum(amount) AS BIGINT) AS amount
FROM charges WHERE status = 'failed'
GROUP BY date_trunc('month', created), currency, failure_code, outcome_reason`,
});

export const disputeRate = metric({
  name: "dispute_rate",
  description:
    "Disputes by month, measured as Stripe does in two ways: dispute activity is the disputes of the month by its successful payments, dispute rate the share of the month's successful payments that have been disputed since, which goes on changing for some 120 days. Inquiries (warning_…) are no disputes. Reads the charges of the months that conditions leave, and disputes.",
  sources: ["https://docs.stripe.com/disputes/measuring", "https://docs.stripe.com/disputes/how-disputes-work"],
  columns: [
    createdMonth("payments, or disputes, are of"),
    currency,
    column("payments", "BIGINT", "Successful payments of the month."),
    column("disputed_payments", "BIGINT", "Of these, those that were disputed, whenever."),
    column("disputes", "BIGINT", "Disputes that were opened in the month."),
    amount("disputed_amount", "BIGINT", "What those disputes are about."),
    column("dispute_rate", "DOUBLE", "disputed_payments / payments; NULL without payments."),
    column("dispute_activity", "DOUBLE", "disputes / payments; NULL without payments."),
  ],
  sql: `WITH happened AS (
  SELECT created, currency, 1 AS payments,
    CASE WHEN id IN (SELECT charge FROM disputes WHERE status NOT LIKE 'warning%') THEN 1 ELSE 0 END AS disputed,
    0 AS disputes, 0 AS disputed_amount
  FROM charges WHERE status = 'succeeded'
  UNION ALL
  SELECT created, currency, 0, 0, 1, amount FROM disputes WHERE status NOT LIKE 'warning%'
)
SELECT date_trunc('month', created) AS month, currency, CAST(sum(payments) AS BIGINT) AS payments,
  CAST(sum(disputed) AS BIGINT) AS disputed_payments, CAST(sum(disputes) AS BIGINT) AS disputes,
  CAST(sum(disputed_amount) AS BIGINT) AS disputed_amount,
  CAST(sum(disputed) AS DOUBLE PRECISION) / nullif(sum(payments), 0) AS dispute_rate,
  CAST(sum(disputes) AS DOUBLE PRECISION) / nullif(sum(payments), 0) AS dispute_activity
FROM happened GROUP BY date_trunc('month', created), currency`,
});

export const refundsByMonth = metric({
  name: "refunds_by_month",
  description:
    "Refunds by the month that they were made in, whenever the payment was, and by the reason that was given. Failed and canceled ones are left out, pending ones are in. Reads the refunds of the months that conditions leave.",
  sources: ["https://docs.stripe.com/refunds", "https://docs.stripe.com/api/refunds/object"],
  columns: [
    createdMonth("the refunds were made in"),
    currency,
    column("reason", "VARCHAR", "duplicate, fraudulent, requested_by_customer, …; NULL where none was given."),
    column("refund_count", "BIGINT", "Refunds."),
    amount("amount", "BIGINT", "What they gave back."),
  ],
  sql: `SELECT date_trunc('month', created) AS month, currency, reason, count(*) AS refund_count,
  CAST(sum(amount) AS BIGINT) AS amount
FROM refunds WHERE coalesce(status, '') NOT IN ('failed', 'canceled')
GROUP BY date_trunc('month', created), currency, reason`,
});

export const revenueByCountry = metric({
  name: "revenue_by_country",
  description:
    "What successful charges brought in by the country of the payer: that of the billing address, or else of the card. By the month of the charge, what was captured, what has been refunded of it since, and the difference; fees and disputes are not taken off. Reads the charges of the months that conditions leave.",
  sources: ["https://docs.stripe.com/api/charges/object"],
  columns: [
    createdMonth("the charges were made in"),
    column("country", "VARCHAR", "Two letters (ISO 3166-1); NULL where neither is known."),
    currency,
    column("payments", "BIGINT", "Successful charges, uncaptured ones among them."),
    amount("amount", "BIGINT", "What was captured."),
    amount("refunded", "BIGINT", "What has been refunded of that."),
    amount("revenue", "BIGINT", "amount - refunded"),
  ],
  sql: `WITH paid AS (
  SELECT created, currency, amount_captured, amount_refunded,
    coalesce(billing_details_address_country, payment_method_details->'card'->>'country') AS country
  FROM charges WHERE status = 'succeeded'
)
SELECT date_trunc('month', created) AS month, country, currency, count(*) AS payments,
  CAST(sum(amount_captured) AS BIGINT) AS amount, CAST(sum(amount_refunded) AS BIGINT) AS refunded,
  CAST(sum(amount_captured - amount_refunded) AS BIGINT) AS revenue
FROM paid GROUP BY date_trunc('month', created), country, currency`,
});
