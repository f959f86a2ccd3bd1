import type { StripeSqlError } from "../../error/stripe-sql-error.js";

export type WriteAction = "inserted" | "updated" | "deleted";

/** What became of one object of a write. */
export type WriteOutcome =
  | {
      readonly state: "written";
      readonly id: string;
      /** What was done, of a statement that does several things: MERGE, INSERT … ON CONFLICT. */
      readonly action?: WriteAction;
    }
  | { readonly state: "failed"; readonly id: string | undefined; readonly error: StripeSqlError }
  | { readonly state: "not tried"; readonly id: string | undefined };
