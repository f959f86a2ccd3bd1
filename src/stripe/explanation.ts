import type { StripeSqlErrorOptions } from "../error/stripe-sql-error.js";

/** What a failure is to the user. */
export type Explanation = Pick<StripeSqlErrorOptions, "sqlState" | "hint" | "retryable">;
