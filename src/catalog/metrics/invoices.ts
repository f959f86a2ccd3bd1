import { amount, column } from "../built-in-view.js";
import { createdMonth, currency, metric } from "./metric.js";

export const invoiceAgeing = metric({
  name: "invoice_ageing",
  description:
    "Open invoices, a row each, by how long they are past due: who owes what, since when. One without a due date, as those that are charged automatically, is due when it was finalized. Drafts, void and uncollectible invoices are no receivables. Reads the open invoices; conditions on created and customer are sent along.",
  sources: [
    "https://docs.stripe.com/invoicing/overview",
    "https://docs.stripe.com/revenue-recognition/reports/accounts-receivable-aging",
  ],
  columns: [
    column("invoice", "VARCHAR", "Id of the invoice."),
    column("number", "VARCHAR", "Its number."),
    column("customer", "VARCHAR", "Id of who owes it."),
    column("customer_name", "VARCHAR", "Their name, as the invoice has it."),
    currency,
    column("created", "TIMESTAMPTZ", "When it was created."),
    column("due_at", "TIMESTAMPTZ", "When it was or is to be paid."),
    amount("amount", "BIGINT", "What remains to be paid."),
    column("attempts", "BIGINT", "How often payment was tried."),
    column("days_past_due", "BIGINT", "Days since it was due, rounded up; 0 where it is not yet."),
    column("bucket", "VARCHAR", "One of not yet due, 1-30, 31-60, 61-90, 91-120, over 120."),
  ],
  sql: `WITH receivable AS (
  SELECT id AS invoice, number, customer, customer_name, currency, created, amount_remaining AS amount,
    attempt_count AS attempts, coalesce(due_date, status_transitions_finalized_at, created) AS due_at
  FROM invoices WHERE status = 'open'
), aged AS (
  SELECT invoice, number, customer, customer_name, currency, created, due_at, amount, attempts,
    CAST(greatest(ceil(extract(epoch FROM (now() - due_at)) / 86400.0), 0) AS BIGINT) AS days_past_due
  FROM receivable
)
SELECT invoice, number, customer, customer_name, currency, created, due_at, amount, attempts, days_past_due,
  CASE
    WHEN days_past_due = 0 THEN 'not yet due'
    WHEN days_past_due <= 30 THEN '1-30'
    WHEN days_past_due <= 60 THEN '31-60'
    WHEN days_past_due <= 90 THEN '61-90'
    WHEN days_past_due <= 120 THEN '91-120'
    ELSE 'over 120'
  END AS bucket
FROM aged`,
});

export const revenueByProduct = metric({
  name: "revenue_by_product",
  description:
    "What paid invoices billed for each product, by the month of the invoice's creation: the lines' amounts, what discounts took off them, and what taxes they hold or add. Later refunds and credit notes are not taken off; payments without an invoice have no product. Reads the paid invoices of the months that conditions leave, and further lines of those with more than ten.",
  sources: ["https://docs.stripe.com/api/invoice-line-item/object"],
  columns: [
    createdMonth("the invoices were created in"),
    column("product", "VARCHAR", "Id of the product; NULL for lines of none."),
    currency,
    column("line_count", "BIGINT", "Invoice lines."),
    amount("amount", "BIGINT", "Sum of the lines' amounts, inclusive taxes within."),
    amount("discount", "BIGINT", "Taken off by discounts."),
    amount("tax", "BIGINT", "Taxes of the lines, inclusive ones too."),
    amount("revenue", "BIGINT", "The amount less discounts and inclusive taxes."),
  ],
  sql: `WITH line AS (
  SELECT i.created, l.pricing_price_details_product AS product, l.currency, l.amount,
    coalesce((SELECT sum(CAST((l.discount_amounts->n.n)->>'amount' AS BIGINT))
      FROM generate_series(0, 19) AS n(n) WHERE (l.discount_amounts->n.n) IS NOT NULL), 0) AS discount,
    coalesce((SELECT sum(CAST((l.taxes->n.n)->>'amount' AS BIGINT))
      FROM generate_series(0, 19) AS n(n) WHERE (l.taxes->n.n) IS NOT NULL), 0) AS tax,
    coalesce((SELECT sum(CAST((l.taxes->n.n)->>'amount' AS BIGINT))
      FROM generate_series(0, 19) AS n(n) WHERE (l.taxes->n.n)->>'tax_behavior' = 'inclusive'), 0) AS inclusive_tax
  FROM invoices i JOIN invoice_line_items l ON l.invoice = i.id
  WHERE i.status = 'paid'
)
SELECT date_trunc('month', created) AS month, product, currency, count(*) AS line_count,
  CAST(sum(amount) AS BIGINT) AS amount, CAST(sum(discount) AS BIGINT) AS discount, CAST(sum(tax) AS BIGINT) AS tax,
  CAST(sum(amount - discount - inclusive_tax) AS BIGINT) AS revenue
FROM line GROUP BY date_trunc('month', created), product, currency`,
});

export const couponUsage = metric({
  name: "coupon_usage",
  description:
    "What each coupon took off invoices, by the month of their creation: drafts and void invoices are left out. A coupon that was deleted is still here by its id. Reads the invoices of the months that conditions leave.",
  sources: [
    "https://docs.stripe.com/billing/subscriptions/coupons",
    "https://docs.stripe.com/api/invoices/object#invoice_object-total_discount_amounts",
  ],
  columns: [
    createdMonth("the invoices were created in"),
    column("coupon", "VARCHAR", "Id of the coupon."),
    currency,
    column("invoices", "BIGINT", "Invoices that it was used on."),
    column("customers", "BIGINT", "Customers of these."),
    amount("discount", "BIGINT", "What it took off."),
    amount("paid", "BIGINT", "What was paid of these invoices so far."),
  ],
  sql: `WITH used AS (
  SELECT i.id, i.customer, i.created, i.currency, i.amount_paid,
    (i.total_discount_details->n.n)->'discount'->'source'->>'coupon' AS coupon,
    CAST((i.total_discount_details->n.n)->>'amount' AS BIGINT) AS discount
  FROM invoices i CROSS JOIN generate_series(0, 39) AS n(n)
  WHERE i.status NOT IN ('draft', 'void') AND (i.total_discount_details->n.n) IS NOT NULL
), by_invoice AS (
  SELECT id, customer, created, currency, coupon, amount_paid, sum(discount) AS discount
  FROM used GROUP BY id, customer, created, currency, coupon, amount_paid
)
SELECT date_trunc('month', created) AS month, coupon, currency, count(*) AS invoices,
  count(DISTINCT customer) AS customers, CAST(sum(discount) AS BIGINT) AS discount, CAST(sum(amount_paid) AS BIGINT) AS paid
FROM by_invoice GROUP BY date_trunc('month', created), coupon, currency`,
});

export const taxByJurisdiction = metric({
  name: "tax_by_jurisdiction",
  description:
    "Taxes on finalized invoices by the jurisdiction of their rate and the month of the invoice's creation: drafts and void invoices are left out, credit notes are not taken off. Taxes on payments without an invoice are not here. Reads the invoices of the months that conditions leave, and all tax rates.",
  sources: ["https://docs.stripe.com/tax/reports", "https://docs.stripe.com/api/tax_rates/object"],
  columns: [
    createdMonth("the invoices were created in"),
    column("country", "VARCHAR", "Country of the rate."),
    column("state", "VARCHAR", "State of the rate, where it is of one."),
    column("jurisdiction", "VARCHAR", "The rate's jurisdiction."),
    column("tax", "VARCHAR", "The rate's name: VAT, Sales Tax."),
    column("percentage", "DOUBLE", "The rate in percent."),
    currency,
    column("invoices", "BIGINT", "Invoices with that tax."),
    amount("taxable_amount", "BIGINT", "What was taxed, without the tax."),
    amount("amount", "BIGINT", "The tax, inclusive or on top."),
  ],
  sql: `WITH levied AS (
  SELECT i.id, i.created, i.currency, (i.total_taxes->n.n)->'tax_rate_details'->>'tax_rate' AS tax_rate,
    CAST((i.total_taxes->n.n)->>'amount' AS BIGINT) AS amount,
    CAST((i.total_taxes->n.n)->>'taxable_amount' AS BIGINT) AS taxable_amount
  FROM invoices i CROSS JOIN generate_series(0, 39) AS n(n)
  WHERE i.status NOT IN ('draft', 'void') AND (i.total_taxes->n.n) IS NOT NULL
)
SELECT date_trunc('month', l.created) AS month, r.country, r.state, r.jurisdiction, r.display_name AS tax, r.percentage,
  l.currency, count(DISTINCT l.id) AS invoices, CAST(sum(l.taxable_amount) AS BIGINT) AS taxable_amount,
  CAST(sum(l.amount) AS BIGINT) AS amount
FROM levied l LEFT JOIN tax_rates r ON r.id = l.tax_rate
GROUP BY date_trunc('month', l.created), r.country, r.state, r.jurisdiction, r.display_name, r.percentage, l.currency`,
});
