import type { StripeSqlError } from "../../error/stripe-sql-error.js";

/** What became of one object of a write. */
export type WriteOutcome =
  | { readonly state: "written"; readonly id: string }
  | { readonly state: "failed"; readonly id: string | undefined; readonly error: StripeSqlError }
  | { readonly state: "not tried"; readonly id: string | undefined };
