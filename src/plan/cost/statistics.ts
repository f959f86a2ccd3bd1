import type { Table } from "../../catalog/catalog.js";
import type { Facts } from "../../value/list-facts.js";

/** A table as one account sees it. */
export interface RowsOf {
  readonly schema: Table["schema"];
  readonly table: string;
  /** Connect account; undefined: the connection's own. */
  readonly accountId: string | undefined;
}

/** What was seen of Stripe's data, for estimates: it may have changed since. */
export interface Statistics {
  /** Rows of the table when it was last read whole; undefined where it never was. */
  rows(of: RowsOf): number | undefined;
  /**
   * What was learned of a list when it was read to its end, by the name that `list-text.ts` gives it; undefined where
   * nothing was. The same object is given as long as nothing else is learned.
   */
  fact<Kind extends keyof Facts>(of: RowsOf, kind: Kind, name: string): Facts[Kind] | undefined;
  /** How many test clocks an account has; undefined where it was not asked yet. */
  testClocks(accountId: string | undefined): number | undefined;
  /** Why a list is not to be relied on in what is named; undefined where nothing speaks against it. */
  doubtOf(of: RowsOf, relied: ReliedOn): DoubtReason | undefined;
}

/** What a plan may rely on a list for: to apply a filter, by its parameter's name, or to give newest rows first; or on Search. */
export type ReliedOn =
  | { readonly kind: "filter"; readonly parameter: string }
  | { readonly kind: "order" }
  | { readonly kind: "search" };

/**
 * "contradicted": rows came that the request had excluded, or in another order. "refused": Stripe does not take the
 * parameter. "unproven": the list contradicted another of its requests in this statement.
 */
export type DoubtReason = "contradicted" | "refused" | "unproven";

/** What an answer of Stripe's gave reason to. */
export interface Doubt {
  readonly of: RowsOf;
  readonly relied: ReliedOn;
  readonly reason: Exclude<DoubtReason, "unproven">;
  /** False where the refusal is of one value, so that another may be taken. */
  readonly lasting: boolean;
}

/** Knows of nothing. */
export const noStatistics: Statistics = {
  rows: () => undefined,
  fact: () => undefined,
  testClocks: () => undefined,
  doubtOf: () => undefined,
};
