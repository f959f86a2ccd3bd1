import type { Query } from "../expression.js";
import type { StatementToken } from "./statement-tokens.js";
import { statementTokens } from "./statement-tokens.js";

/** Where a subquery stands: in which text, and where something stands there that has its parenthesis next. */
interface QueryPlace {
  readonly text: string;
  readonly start: number | undefined;
}

const known = new WeakMap<Query, QueryPlace>();

/** Keeps where a subquery stands as long as that is kept, for it to be run apart from its statement. */
export function rememberPlace(query: Query, place: QueryPlace): void {
  known.set(query, place);
}

/**
 * The text of a subquery whose place was kept. Undefined for one with parameters, whose values belong to its statement.
 * Whoever asks knows that it names no common table of the queries around it.
 */
export function textOfQuery(query: Query): string | undefined {
  const { text, start } = known.get(query) ?? {};
  if (text === undefined || start === undefined) return undefined;
  const tokens = tokensOf(text);
  const open = tokens.findIndex((token) => token.start >= start && token.text === "(");
  const close = tokens.findIndex(
    (token, index) => index > open && token.text === ")" && token.depth === tokens[open]?.depth,
  );
  const within = tokens.slice(open + 1, close);
  const [first, last] = [within[0], within.at(-1)];
  if (open === -1 || first === undefined || last === undefined || !beginnings.has(first.text)) return undefined;
  return within.some(({ text: sign }) => sign === "$") ? undefined : text.slice(first.start, last.end);
}

const beginnings: ReadonlySet<string> = new Set(["SELECT", "WITH", "VALUES", "TABLE", "("]);

/** Of the text that was asked about last: one statement may have many subqueries. */
let lastTokens: { readonly text: string; readonly tokens: readonly StatementToken[] } | undefined;

function tokensOf(text: string): readonly StatementToken[] {
  if (lastTokens?.text !== text) lastTokens = { text, tokens: statementTokens(text) };
  return lastTokens.tokens;
}
