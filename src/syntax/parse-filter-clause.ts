import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { FilterNode } from "./filter-node.js";
import * as grammar from "./generated/filter-clause.js";
import { runGrammar } from "./syntax-error.js";

const lengthLimit = 65_536;

/**
 * Reads a connector's filter clause, `Status = 'open' AND Total > 100`.
 * Error 42601 outside of the language, 54000 past 65,536 characters.
 */
export function parseFilterClause(text: string): FilterNode {
  if (text.length > lengthLimit) throw tooLong(text.length);
  return runGrammar({
    text,
    parse: (input) => grammar.parse(input, { startRule: "Filter" }),
    GrammarError: grammar.SyntaxError,
  });
}

function tooLong(length: number): StripeSqlError {
  return new StripeSqlError("filter is too long", {
    sqlState: SqlState.programLimitExceeded,
    phase: "syntax",
    detail: `It has ${length} characters; at most ${lengthLimit} are read.`,
  });
}
