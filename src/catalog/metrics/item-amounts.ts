import { amount, column } from "../built-in-view.js";
import { currency, glossary, metric } from "./metric.js";

/**
 * What the months of a week and a day are is not documented: a year has 52 weeks and 365 days here. The interval's length
 * is kept as a fraction, times / months, so that no amount is rounded but once.
 */
export const itemAmounts = metric({
  name: "item_amounts",
  description:
    "What each item of each subscription is billed at each time, before discounts and taxes, and what that is in a month: a year is 12 months, 52 weeks or 365 days; rounded to the minor unit. Quantities, package sizes (transform_quantity), and graduated and volume tiers are applied. Metered prices are not here, as their amount is not known beforehand. The items and prices are those of now. Reads all subscriptions, and each tiered price once.",
  sources: [
    glossary,
    "https://docs.stripe.com/products-prices/pricing-models",
    "https://docs.stripe.com/api/prices/object",
  ],
  columns: [
    column("subscription", "VARCHAR", "Id of the subscription."),
    column("item", "VARCHAR", "Id of its item."),
    column("price", "VARCHAR", "Id of the item's price."),
    column("product", "VARCHAR", "Id of the price's product."),
    currency,
    column("quantity", "BIGINT", "The item's quantity."),
    amount("amount", "DOUBLE", "What it is billed at each time; whole where the price's unit amount is."),
    column("months", "DOUBLE", "Months from one billing to the next: 12 for a year, 12/52 for a week."),
    amount("monthly_amount", "BIGINT", "The amount in a month."),
    column("current_period_end", "TIMESTAMPTZ", "When the item is billed next."),
  ],
  sql: `WITH line AS (
  SELECT s.id AS subscription, s.currency, i.id AS item, i.price, i.quantity, i.current_period_end,
    i._json->'price' AS shown,
    CASE WHEN i._json->'price'->>'billing_scheme' = 'tiered' THEN i.price END AS tiered_price,
    CASE
      WHEN (i._json->'price'->'transform_quantity'->>'divide_by') IS NULL THEN CAST(i.quantity AS DOUBLE PRECISION)
      WHEN i._json->'price'->'transform_quantity'->>'round' = 'up' THEN ceil(CAST(i.quantity AS DOUBLE PRECISION)
        / CAST(i._json->'price'->'transform_quantity'->>'divide_by' AS BIGINT))
      ELSE floor(CAST(i.quantity AS DOUBLE PRECISION)
        / CAST(i._json->'price'->'transform_quantity'->>'divide_by' AS BIGINT))
    END AS units,
    CASE i._json->'price'->'recurring'->>'interval' WHEN 'week' THEN 52 WHEN 'day' THEN 365 ELSE 1 END AS times,
    CAST(i._json->'price'->'recurring'->>'interval_count' AS BIGINT)
      * CASE i._json->'price'->'recurring'->>'interval' WHEN 'month' THEN 1 ELSE 12 END AS months
  FROM subscriptions s JOIN subscription_items i ON i.subscription = s.id
  WHERE i._json->'price'->'recurring'->>'usage_type' = 'licensed'
), tier AS (
  SELECT l.item, p.tiers_mode, l.units, n.n,
    CAST(coalesce((p.tiers->n.n)->>'unit_amount_decimal', (p.tiers->n.n)->>'unit_amount', '0') AS DOUBLE PRECISION) AS unit,
    CAST(coalesce((p.tiers->n.n)->>'flat_amount_decimal', (p.tiers->n.n)->>'flat_amount', '0') AS DOUBLE PRECISION) AS flat,
    CASE WHEN n.n = 0 THEN 0 ELSE CAST((p.tiers->(n.n - 1))->>'up_to' AS DOUBLE PRECISION) END AS above,
    CAST((p.tiers->n.n)->>'up_to' AS DOUBLE PRECISION) AS up_to
  FROM line l JOIN prices p ON p.id = l.tiered_price CROSS JOIN generate_series(0, 99) AS n(n)
  WHERE (p.tiers->n.n) IS NOT NULL
), tiered AS (
  SELECT item, sum(CASE
      WHEN n > 0 AND units <= above THEN 0
      WHEN tiers_mode = 'graduated' THEN flat + unit * (least(units, coalesce(up_to, units)) - above)
      WHEN up_to IS NULL OR units <= up_to THEN flat + unit * units
      ELSE 0
    END) AS amount
  FROM tier GROUP BY item
), billed AS (
  SELECT l.subscription, l.item, l.price, l.shown->>'product' AS product, l.currency, l.quantity, l.times, l.months,
    l.current_period_end,
    coalesce(t.amount, l.units
      * CAST(coalesce(l.shown->>'unit_amount_decimal', l.shown->>'unit_amount', '0') AS DOUBLE PRECISION)) AS amount
  FROM line l LEFT JOIN tiered t ON t.item = l.item
)
SELECT subscription, item, price, product, currency, quantity, amount,
  CAST(months AS DOUBLE PRECISION) / times AS months,
  CAST(floor(amount * times / months + 0.5) AS BIGINT) AS monthly_amount, current_period_end
FROM billed`,
});
