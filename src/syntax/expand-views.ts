import type { SqlToken } from "./normalise.js";
import { normalise, ourName, ourToken } from "./normalise.js";
import { ParameterNumbering } from "./parameter-numbering.js";
import { readTokensIfWhole } from "./read-tokens.js";
import { keywordOf, nameOf } from "./token.js";

/** A view: a query by a name. */
export interface View {
  /** As it was created. */
  readonly name: string;
  /** Its query, as it stood in the script. */
  readonly sql: string;
}

/** Views by their names in lower case. */
export type Views = ReadonlyMap<string, View>;

/**
 * `SELECT … FROM v` -> `WITH "v" AS (its query) SELECT … FROM v`: what is said of a view's columns reaches the tables
 * beneath it as through any common table. Views that a view names stand within its own query. A name that the text gives a
 * common table of its own is that one.
 */
export function expandViews(tokens: readonly SqlToken[], views: Views): readonly SqlToken[] {
  const named = views.size === 0 ? [] : namedViews(tokens, views);
  if (named.length === 0) return tokens;
  const definitions = named.flatMap((view) => [
    comma,
    ourName(view.name),
    ourToken("word", "AS"),
    ourToken("open", "("),
    ...queryOf(view, views),
    ourToken("close", ")"),
  ]);
  const [first] = tokens;
  if (first === undefined || keywordOf(first) !== "WITH") {
    return [ourToken("word", "WITH"), ...definitions.slice(1), ...spaced(tokens)];
  }
  const head = keywordOf(tokens[1]) === "RECURSIVE" ? 2 : 1;
  return [...tokens.slice(0, head), ...definitions.slice(1), comma, ...spaced(tokens.slice(head))];
}

const comma = ourToken("operator", ",");

/** The first token of a text has nothing before it that it would have to be parted from. */
function spaced([first, ...others]: readonly SqlToken[]): readonly SqlToken[] {
  return first === undefined ? [] : [{ ...first, gap: first.gap === "" ? " " : first.gap }, ...others];
}

/** A view's tokens are no part of the script: errors have no place in them. It does not name itself. */
function queryOf({ name, sql }: View, views: Views): readonly SqlToken[] {
  const others = new Map([...views].filter(([key]) => key !== name.toLowerCase()));
  const tokens = normalise(readTokensIfWhole(sql) ?? [], sql, new ParameterNumbering());
  return expandViews(
    tokens.map((token) => ({ ...token, isOurs: true })),
    others,
  );
}

function namedViews(tokens: readonly SqlToken[], views: Views): readonly View[] {
  const own = new Set(tokens.flatMap((token, index) => (isCommonName(tokens, index) ? lowerName(token) : [])));
  const named = new Set<View>();
  for (const index of tableIndexes(tokens)) {
    const name = lowerName(tokens[index]);
    const view = name === undefined || own.has(name) ? undefined : views.get(name);
    if (view !== undefined && tokens[index + 1]?.text !== ".") named.add(view);
  }
  return [...named];
}

/** `name AS (`, `name AS MATERIALIZED (`, `name (a, b) AS (` are no views; the last is left to the engine. */
function isCommonName(tokens: readonly SqlToken[], index: number): boolean {
  const before = keywordOf(tokens[index - 1]);
  const isListed = before === "WITH" || before === "RECURSIVE" || tokens[index - 1]?.text === ",";
  return isListed && keywordOf(tokens[index + 1]) === "AS" && tokens[index + 2]?.kind !== "string";
}

const lowerName = (token: SqlToken | undefined): string | undefined =>
  token?.kind === "word" || token?.kind === "name" ? nameOf(token).toLowerCase() : undefined;

const clauseEnds = new Set(
  "WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET UNION EXCEPT INTERSECT SELECT ON USING SET".split(" "),
);

/** Where a table may be named: behind FROM and JOIN, behind commas between, and in parentheses there. */
function tableIndexes(tokens: readonly SqlToken[]): readonly number[] {
  const around: boolean[] = [];
  let isFrom = false;
  return tokens.flatMap((token, index) => {
    const isTable = isTablePlace(tokens[index - 1], isFrom);
    if (token.kind === "open") around.push(isFrom);
    else if (token.kind === "close") isFrom = around.pop() ?? false;
    else isFrom = keywordOf(token) === "FROM" || (isFrom && !clauseEnds.has(keywordOf(token) ?? ""));
    return isTable ? [index] : [];
  });
}

function isTablePlace(before: SqlToken | undefined, isFrom: boolean): boolean {
  if (tableWords.has(keywordOf(before) ?? "")) return true;
  return isFrom && (before?.text === "," || before?.kind === "open");
}

const tableWords = new Set(["FROM", "JOIN", "TABLE"]);
