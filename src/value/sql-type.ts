/**
 * The SQL types of catalog columns. BIGINT holds amounts and counts; DECIMAL is DECIMAL(38,12), wide
 * enough for Stripe's 12 decimal places; TIMESTAMPTZ is a Unix time in seconds at Stripe.
 */
export type SqlType = "BIGINT" | "DOUBLE" | "DECIMAL" | "VARCHAR" | "BOOLEAN" | "TIMESTAMPTZ" | "JSON";
