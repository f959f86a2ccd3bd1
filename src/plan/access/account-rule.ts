import type { Conjunction } from "../predicate/conjunction.js";
import type { Constants } from "../scan/scan.js";

/** Pseudo-column of every table: the Connect account that its rows are read from. */
export const accountColumn = "AccountId";

/** A Connect account to ask, and what its rows hold for it; undefined: the connection's own. */
export interface Account {
  readonly accountId: string | undefined;
  readonly constants: Constants;
}

/**
 * `AccountId = 'acct_1'`, `AccountId IN (…)` -> the same requests as each of those accounts. The rows of an
 * account are those that it answers with, so the predicate is exact; it is marked as applied.
 */
export function accountsOf(conjunction: Conjunction, applied: Map<string, "exact" | "inexact">): readonly Account[] {
  const values = conjunction.domains.get(accountColumn)?.values;
  if (values === undefined) return [{ accountId: undefined, constants: {} }];
  applied.set(accountColumn, "exact");
  return values.map((value) => ({ accountId: String(value), constants: { [accountColumn]: value } }));
}
