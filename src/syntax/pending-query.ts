import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Query } from "./expression.js";
import { withListedPivots } from "./listed-pivots.js";
import type { SqlToken } from "./normalise.js";
import { printTokens } from "./normalise.js";
import { readPlainSelect } from "./plain/read-plain-select.js";
import type { SqlText } from "./sql-text.js";

/** A query's tree, or the text that an engine is still to read. */
export interface PendingQuery {
  readonly unparsed: SqlText | undefined;
  /** The tree; `read` is an engine's of `unparsed`. */
  tree(read: Query | undefined): Query;
}

/** Reads a query where node-sql-parser can be trusted with it, and leaves any other to an engine. */
export function pendingQuery(tokens: readonly SqlToken[]): PendingQuery {
  const plain = readPlainSelect(tokens);
  if (plain !== undefined) return { unparsed: undefined, tree: () => plain };
  return { unparsed: printTokens(withListedPivots(tokens)), tree: (read) => read ?? missingTree() };
}

function missingTree(): never {
  throw new StripeSqlError("a statement was completed without its tree", {
    sqlState: SqlState.internalError,
    phase: "syntax",
  });
}
