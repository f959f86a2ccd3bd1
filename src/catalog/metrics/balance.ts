import { amount, column } from "../built-in-view.js";
import { createdMonth, currency, metric } from "./metric.js";

const categories = "https://docs.stripe.com/reports/reporting-categories";

export const balanceMovements = metric({
  name: "balance_movements",
  description:
    "What changed the balance, by month and reporting category, as Stripe's balance report groups it: gross - fee = net. A month is that of the transaction's creation, not of when it becomes available. Payouts are among the categories. Reads the balance transactions of the months that conditions leave.",
  sources: ["https://docs.stripe.com/reports/balance", categories],
  columns: [
    createdMonth("the transactions were created in"),
    currency,
    column("reporting_category", "VARCHAR", "charge, refund, dispute, fee, payout, …"),
    column("transactions", "BIGINT", "Balance transactions."),
    amount("gross", "BIGINT", "Their amounts."),
    amount("fee", "BIGINT", "Their fees."),
    amount("net", "BIGINT", "gross - fee, what the balance changed by."),
  ],
  sql: `SELECT date_trunc('month', created) AS month, currency, reporting_category, count(*) AS transactions,
  CAST(sum(amount) AS BIGINT) AS gross, CAST(sum(fee) AS BIGINT) AS fee, CAST(sum(net) AS BIGINT) AS net
FROM balance_transactions
GROUP BY date_trunc('month', created), currency, reporting_category`,
});

export const payoutReconciliation = metric({
  name: "payout_reconciliation",
  description:
    "What each automatic payout held, by reporting category: the net amounts of a payout add up to it. Manual and instant payouts are left out, as Stripe does not tell what they hold. Reads the payouts that conditions on created and payout leave, and the transactions of each by a list of its own: name a range.",
  sources: ["https://docs.stripe.com/reports/payout-reconciliation", categories],
  columns: [
    column("payout", "VARCHAR", "Id of the payout."),
    column("created", "TIMESTAMPTZ", "When it was created; conditions on it are sent along."),
    column("arrival_date", "TIMESTAMPTZ", "When it is to arrive at the bank."),
    column("status", "VARCHAR", "paid, in_transit, pending, failed or canceled."),
    currency,
    amount("payout_amount", "BIGINT", "What was paid out."),
    column("reporting_category", "VARCHAR", "charge, refund, dispute, fee, …"),
    column("transactions", "BIGINT", "Balance transactions of that category."),
    amount("gross", "BIGINT", "Their amounts."),
    amount("fee", "BIGINT", "Their fees."),
    amount("net", "BIGINT", "gross - fee"),
  ],
  sql: `SELECT p.id AS payout, p.created, p.arrival_date, p.status, p.currency, p.amount AS payout_amount,
  b.reporting_category, count(*) AS transactions, CAST(sum(b.amount) AS BIGINT) AS gross,
  CAST(sum(b.fee) AS BIGINT) AS fee, CAST(sum(b.net) AS BIGINT) AS net
FROM payouts p JOIN balance_transactions b ON b.payout = p.id
WHERE p.automatic AND b.type NOT IN ('payout', 'payout_cancel', 'payout_failure')
GROUP BY p.id, p.created, p.arrival_date, p.status, p.currency, p.amount, b.reporting_category`,
});
