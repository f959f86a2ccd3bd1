import type { SqlToken } from "./normalise.js";
import { ourToken } from "./normalise.js";
import { matchingClose } from "./operand.js";
import { keywordOf } from "./token.js";

/**
 * `PIVOT t ON c USING …` is several statements to DuckDB, as it looks for c's values first: it gives no tree of them.
 * With a list of values it is one. So `ON c` reads as `ON c IN (NULL)`, and `t ON c IN (SELECT …)` as
 * `t CROSS JOIN (SELECT …) ON c IN (NULL)`: the tree has all the tables, columns and conditions that the text has.
 */
export function withListedPivots(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const edits = tokens.flatMap((_, index) => (beginsPivot(tokens, index) ? pivotEdits(tokens, index) : []));
  if (edits.length === 0) return tokens;
  const edited: SqlToken[] = [];
  let from = 0;
  for (const edit of [...edits].sort((one, other) => one.index - other.index)) {
    // A pivot inside of a query that was moved is listed there.
    if (edit.index < from) continue;
    edited.push(...tokens.slice(from, edit.index), ...edit.tokens);
    from = edit.index + edit.replaced;
  }
  return [...edited, ...tokens.slice(from)];
}

/** Tokens for so many of the text from an index on. */
interface Edit {
  readonly index: number;
  readonly replaced: number;
  readonly tokens: readonly SqlToken[];
}

const pivotWords = new Set(["PIVOT", "PIVOT_WIDER"]);
/** Words right before a query. `FROM t PIVOT (…)` is none: it stands behind a table and has its values listed. */
const beforeQuery = new Set(["UNION", "EXCEPT", "INTERSECT", "ALL", "NAME", "AS", "SUMMARIZE", "DESCRIBE"]);

function beginsPivot(tokens: readonly SqlToken[], index: number): boolean {
  if (!pivotWords.has(keywordOf(tokens[index]) ?? "")) return false;
  const before = tokens[index - 1];
  if (before === undefined || before.kind === "open" || beforeQuery.has(keywordOf(before) ?? "")) return true;
  return before.text === ")" && endsCommonTable(tokens, index - 1);
}

/** `… AS [[NOT] MATERIALIZED] ( … )`: what follows WITH's last table is the query. */
function endsCommonTable(tokens: readonly SqlToken[], close: number): boolean {
  const open = tokens.findIndex((token, index) => token.text === "(" && matchingClose(tokens, index) === close);
  const word = keywordOf(tokens[open - 1]);
  return word === "AS" || word === "MATERIALIZED";
}

const clauseWords = new Set("USING GROUP ORDER LIMIT OFFSET UNION EXCEPT INTERSECT".split(" "));

function pivotEdits(tokens: readonly SqlToken[], start: number): readonly Edit[] {
  const on = nextAtLevel(tokens, start + 1, (token) => keywordOf(token) === "ON" || endsClause(token));
  if (keywordOf(tokens[on]) !== "ON") return [];
  const edits: Edit[] = [];
  let from = on + 1;
  for (;;) {
    const end = nextAtLevel(tokens, from, (token) => token.text === "," || endsClause(token));
    edits.push(...itemEdits(tokens, { on, from, end }));
    if (tokens[end]?.text !== ",") return edits;
    from = end + 1;
  }
}

function endsClause(token: SqlToken): boolean {
  return token.kind === "close" || clauseWords.has(keywordOf(token) ?? "");
}

/** Index of the first token outside of brackets that is sought; the text's end where there is none. */
function nextAtLevel(tokens: readonly SqlToken[], from: number, isSought: (token: SqlToken) => boolean): number {
  let index = from;
  for (;;) {
    const token = tokens[index];
    if (token === undefined || isSought(token)) return index;
    index = token.kind === "open" ? matchingClose(tokens, index) + 1 : index + 1;
  }
}

const noValues = [ourToken("open", "("), ourToken("word", "NULL"), ourToken("close", ")")];
const crossJoin = [ourToken("word", "CROSS"), ourToken("word", "JOIN")];
const queryWords = new Set(["SELECT", "WITH", "FROM", "VALUES", "TABLE"]);

/** Where a PIVOT's ON is, and from where to where one of its expressions goes. */
interface PivotItem {
  readonly on: number;
  readonly from: number;
  readonly end: number;
}

function itemEdits(tokens: readonly SqlToken[], { on, from, end }: PivotItem): readonly Edit[] {
  const list = nextAtLevel(tokens, from, (token) => keywordOf(token) === "IN" || token === tokens[end]);
  if (list >= end) return [{ index: end, replaced: 0, tokens: [ourToken("word", "IN"), ...noValues] }];
  if (!queryWords.has(keywordOf(tokens[list + 2]) ?? "")) return [];
  const query = withListedPivots(tokens.slice(list + 1, end));
  return [
    { index: on, replaced: 0, tokens: [...crossJoin, ...query] },
    { index: list + 1, replaced: end - list - 1, tokens: noValues },
  ];
}
