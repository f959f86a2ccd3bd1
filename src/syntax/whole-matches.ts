import { readTokensIfWhole } from "./read-tokens.js";
import type { Token } from "./token.js";
import { keywordOf } from "./token.js";

/**
 * What a statement means otherwise than in PostgreSQL though it is written alike: `~` compares the whole text, and
 * SIMILAR TO takes a regular expression. Undefined where it has neither.
 */
export function noticeOfWholeMatches(text: string): string | undefined {
  if (!/~|\bsimilar\b/i.test(text)) return undefined;
  const tokens = readTokensIfWhole(text) ?? [];
  if (tokens.some((token, index) => /^!?~$/.test(token.text) && isOperand(tokens[index - 1])))
    return "~ compares the whole text, as in DuckDB: regexp_matches(text, 'pattern') finds the pattern anywhere";
  if (tokens.some((token, index) => keywordOf(token) === "SIMILAR" && keywordOf(tokens[index + 1]) === "TO"))
    return "SIMILAR TO takes a regular expression, as in DuckDB: % and _ mean nothing in it, LIKE has them";
  return undefined;
}

/** Whether an operator behind a token has it as its left side: `~5` alone turns the bits of a number. */
function isOperand(token: Token | undefined): boolean {
  if (token === undefined || token.kind === "operator" || token.kind === "open") return false;
  return !beforeExpression.has(keywordOf(token) ?? "");
}

const beforeExpression: ReadonlySet<string> = new Set(
  "SELECT DISTINCT WHERE AND OR NOT ON HAVING QUALIFY BY WHEN THEN ELSE CASE IN BETWEEN LIKE RETURNING SET VALUES IS".split(
    " ",
  ),
);
