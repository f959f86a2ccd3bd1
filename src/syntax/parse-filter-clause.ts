import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { FilterNode } from "./filter-node.js";
import * as grammar from "./generated/filter-clause.js";
import { runGrammar, syntaxError } from "./syntax-error.js";

const lengthLimit = 65_536;

/**
 * Reads a connector's filter clause, `Status = 'open' AND Total > 100`.
 * Error 42601 outside of the language, 54000 past 65,536 characters or a nesting of 100.
 */
export function parseFilterClause(text: string): FilterNode {
  if (text.length > lengthLimit) throw tooLong(text.length);
  rejectBrokenText(text);
  return runGrammar({
    text,
    parse: (input) => grammar.parse(input, { startRule: "Filter" }),
    GrammarError: grammar.SyntaxError,
    limits: ["filter is nested too deeply"],
  });
}

/** NUL ends a text for some of those that read it on, and half a surrogate pair would become another character. */
function rejectBrokenText(text: string): void {
  const match = /\0|\p{Surrogate}/u.exec(text);
  if (match === null) return;
  const found = match[0] === "\0" ? "a NUL character" : "half a surrogate pair";
  throw syntaxError(`filter holds ${found}`, { position: match.index });
}

function tooLong(length: number): StripeSqlError {
  return new StripeSqlError("filter is too long", {
    sqlState: SqlState.programLimitExceeded,
    phase: "syntax",
    detail: `It has ${length} characters; at most ${lengthLimit} are read.`,
  });
}
