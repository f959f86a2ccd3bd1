import type { BuiltInView } from "../built-in-view.js";
import { column } from "../built-in-view.js";

/** The schema of the views that answer what is often asked. */
const metricsSchema = "metrics";

export function metric(view: Omit<BuiltInView, "schema">): BuiltInView {
  return { schema: metricsSchema, ...view };
}

export const currency = column("currency", "VARCHAR", "Amounts are in its minor unit; currencies are never added up.");

/** The month that objects were created in, to which conditions are sent as bounds of `created`. */
export const createdMonth = (what: string) =>
  column("month", "TIMESTAMPTZ", `Begin of the month that ${what}, in the session's time zone.`);

/** Months of history, which is told from its begin on. */
export const historyMonth = column("month", "TIMESTAMPTZ", "Begin of the month, in the session's time zone.");

export const glossary = "https://docs.stripe.com/billing/subscriptions/analytics/glossary";
export const billingAnalytics = "https://support.stripe.com/questions/billing-analytics";
