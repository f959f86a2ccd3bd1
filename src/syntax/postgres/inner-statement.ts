import type { StatementToken } from "./statement-tokens.js";
import { statementTokens } from "./statement-tokens.js";

/** Where the statement stands that another holds, in the other's text: from `start` to before `end`. */
export interface InnerPlace {
  readonly start: number;
  readonly end: number;
}

type Holder = "DeclareCursorStmt" | "CopyStmt" | "PrepareStmt" | "ExplainStmt";

/** `DECLARE c CURSOR FOR …`, `COPY (…) TO`, `PREPARE p AS …`, `EXPLAIN …`: the words that come before are reserved. */
export function innerPlace(holder: Holder, statement: string): InnerPlace {
  const tokens = statementTokens(statement);
  const last = tokens.at(-1)?.end ?? statement.length;
  switch (holder) {
    case "DeclareCursorStmt":
      return { start: behindWord(tokens, "FOR"), end: last };
    case "PrepareStmt":
      return { start: behindWord(tokens, "AS"), end: last };
    case "CopyStmt":
      return withinParentheses(tokens, last);
    case "ExplainStmt":
      return { start: startOfExplained(tokens), end: last };
  }
}

function behindWord(tokens: readonly StatementToken[], word: string): number {
  const index = tokens.findIndex(({ text, depth }) => depth === 0 && text === word);
  return tokens[index + 1]?.start ?? 0;
}

function withinParentheses(tokens: readonly StatementToken[], last: number): InnerPlace {
  const open = tokens.findIndex(({ text }) => text === "(");
  const close = tokens.findIndex(({ text, depth }, index) => index > open && text === ")" && depth === 1);
  return { start: tokens[open + 1]?.start ?? 0, end: tokens[close - 1]?.end ?? last };
}

/** Behind `EXPLAIN (…)`, whose parentheses hold an option and no query, or `EXPLAIN ANALYZE VERBOSE`. */
function startOfExplained(tokens: readonly StatementToken[]): number {
  const [, first, second] = tokens;
  const queryWords = new Set(["SELECT", "WITH", "VALUES", "TABLE", "("]);
  if (first?.text === "(" && second !== undefined && !queryWords.has(second.text)) {
    const close = tokens.findIndex(({ text, depth }) => text === ")" && depth === 1);
    return tokens[close + 1]?.start ?? 0;
  }
  const index = tokens.findIndex(
    ({ text }, at) => at > 0 && text !== "ANALYZE" && text !== "ANALYSE" && text !== "VERBOSE",
  );
  return tokens[index]?.start ?? 0;
}
