import type { ComparisonOperator } from "../syntax/expression.js";
import type { Scalar } from "./scalar.js";

/**
 * A condition on one table's columns, as far as a table can judge it. Each is true of a row only where the
 * SQL it was read from is; a NULL column satisfies none of them but "opaque".
 */
export type Predicate =
  | { readonly kind: "compare"; readonly column: string; readonly operator: ComparisonOperator; readonly value: Scalar }
  | { readonly kind: "any-of"; readonly column: string; readonly values: readonly Scalar[] }
  /** At least one branch holds; a branch is a conjunction. */
  | { readonly kind: "or"; readonly branches: readonly (readonly Predicate[])[] }
  /** No row satisfies it. */
  | { readonly kind: "never" }
  /** What no rule reads; names the columns it mentions. */
  | { readonly kind: "opaque"; readonly columns: readonly string[] };

/** How far a scan applies a predicate: fully; some rows too many; not at all. Never too few. */
export type Verdict = "exact" | "inexact" | "unsupported";

export const worstVerdict = (a: Verdict, b: Verdict): Verdict =>
  a === "unsupported" || b === "unsupported" ? "unsupported" : a === "inexact" || b === "inexact" ? "inexact" : "exact";
