import * as grammar from "./generated/search-query.js";
import type { SearchQuery } from "./search-query.js";
import { runGrammar, syntaxError } from "./syntax-error.js";

const clauseLimit = 10;

/** A query in Stripe's Search language, with at most its 10 clauses. Fields and their operators are the reader's to judge. */
export function parseSearchQuery(text: string): SearchQuery {
  const query = runGrammar({
    text,
    parse: (input) => grammar.parse(input, { startRule: "Search" }),
    GrammarError: grammar.SyntaxError,
  });
  const excess = query.clauses[clauseLimit];
  if (excess === undefined) return query;
  throw syntaxError(`a search query has at most ${clauseLimit} clauses`, { position: excess.position });
}
