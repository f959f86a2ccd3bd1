import type { SqlToken } from "./normalise.js";
import { normalise, ourName, ourToken } from "./normalise.js";
import { ParameterNumbering } from "./parameter-numbering.js";
import { readTokensIfWhole } from "./read-tokens.js";
import { keywordOf, nameOf } from "./token.js";

/** A view: a query by a name. */
export interface View {
  /** As it was created. */
  readonly name: string;
  /** Of a built-in view; a session's views stand in none. */
  readonly schema?: string;
  /** Its query, as it stood in the script. */
  readonly sql: string;
}

/** Views by their names in lower case, with their schema where they have one: "debtors", "metrics.mrr". */
export type Views = ReadonlyMap<string, View>;

export function viewKey({ schema, name }: Pick<View, "schema" | "name">): string {
  return (schema === undefined ? name : `${schema}.${name}`).toLowerCase();
}

/**
 * `SELECT … FROM v` -> `WITH "v" AS (its query) SELECT … FROM v`: what is said of a view's columns reaches the tables
 * beneath it as through any common table. Views that a view names stand within its own query. A name that the text gives a
 * common table of its own is that one. `FROM metrics.mrr` -> `WITH "metrics.mrr" AS (…) SELECT … FROM "metrics.mrr" AS mrr`.
 */
export function expandViews(tokens: readonly SqlToken[], views: Views): readonly SqlToken[] {
  const references = views.size === 0 ? [] : viewReferences(tokens, views);
  if (references.length === 0) return tokens;
  const named = new Set(references.map(({ view }) => view));
  const definitions = [...named].flatMap((view) => [
    comma,
    ourName(viewKey(view)),
    ourToken("word", "AS"),
    ourToken("open", "("),
    ...queryOf(view, views),
    ourToken("close", ")"),
  ]);
  const text = withoutSchemas(tokens, references);
  const [first] = text;
  if (first === undefined || keywordOf(first) !== "WITH") {
    return [ourToken("word", "WITH"), ...definitions.slice(1), ...spaced(text)];
  }
  const head = keywordOf(text[1]) === "RECURSIVE" ? 2 : 1;
  return [...text.slice(0, head), ...definitions.slice(1), comma, ...spaced(text.slice(head))];
}

/** The same for each subquery of an expression: `Id IN (SELECT Id FROM v)` -> `Id IN (WITH "v" AS (…) SELECT Id FROM v)`. */
export function expandViewsWithin(tokens: readonly SqlToken[], views: Views): readonly SqlToken[] {
  if (views.size === 0) return tokens;
  const result: SqlToken[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) continue;
    result.push(token);
    if (token.kind !== "open" || !queryWords.has(keywordOf(tokens[index + 1]) ?? "")) continue;
    const end = closeOf(tokens, index);
    result.push(...expandViews(tokens.slice(index + 1, end), views));
    index = end - 1;
  }
  return result;
}

const queryWords = new Set(["SELECT", "WITH", "FROM", "TABLE", "VALUES"]);

/** Place of the token that closes what one opens. */
function closeOf(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    const kind = tokens[index]?.kind;
    depth += Number(kind === "open") - Number(kind === "close");
    if (depth === 0) return index;
  }
  return tokens.length;
}

/** The views that a query names itself, as it stands in a script. */
export function viewsNamedIn(sql: string, views: Views): readonly View[] {
  return [...new Set(viewReferences(tokensOf(sql), views).map(({ view }) => view))];
}

const tokensOf = (sql: string): readonly SqlToken[] =>
  normalise(readTokensIfWhole(sql) ?? [], sql, new ParameterNumbering());

const comma = ourToken("operator", ",");

/** The first token of a text has nothing before it that it would have to be parted from. */
function spaced([first, ...others]: readonly SqlToken[]): readonly SqlToken[] {
  return first === undefined ? [] : [{ ...first, gap: first.gap === "" ? " " : first.gap }, ...others];
}

/** A view's tokens are no part of the script: errors have no place in them. It does not name itself. */
function queryOf(view: View, views: Views): readonly SqlToken[] {
  const others = new Map([...views].filter(([key]) => key !== viewKey(view)));
  return expandViews(
    tokensOf(view.sql).map((token) => ({ ...token, isOurs: true })),
    others,
  );
}

/** Where a text names a view, in one token or, with its schema, in three. */
interface ViewReference {
  readonly view: View;
  readonly index: number;
}

function viewReferences(tokens: readonly SqlToken[], views: Views): readonly ViewReference[] {
  const scopes = scopesOf(tokens);
  return tableIndexes(tokens).flatMap((index) => {
    const name = lowerName(tokens[index]);
    if (name === undefined) return [];
    const isQualified = tokens[index + 1]?.text === ".";
    const view = isQualified
      ? views.get(`${name}.${lowerName(tokens[index + 2])}`)
      : isCommon(name, scopes[index])
        ? undefined
        : views.get(name);
    return view === undefined ? [] : [{ view, index }];
  });
}

/** The common tables of a text, but those within its parentheses, in lower case. */
export function commonNames(tokens: readonly SqlToken[]): ReadonlySet<string> {
  return scopesOf(tokens)[0]?.names ?? new Set();
}

/** The common tables that a text or what stands in parentheses gives; those of what is around are seen in it too. */
interface CommonScope {
  readonly names: Set<string>;
  readonly around: CommonScope | undefined;
}

/** The scope of each token. */
function scopesOf(tokens: readonly SqlToken[]): readonly CommonScope[] {
  let scope: CommonScope = { names: new Set(), around: undefined };
  return tokens.map((token, index) => {
    if (token.kind === "open") scope = { names: new Set(), around: scope };
    else if (token.kind === "close") scope = scope.around ?? scope;
    else if (isCommonName(tokens, index)) addTo(scope.names, lowerName(token));
    return scope;
  });
}

function addTo(names: Set<string>, name: string | undefined): void {
  if (name !== undefined) names.add(name);
}

function isCommon(name: string, scope: CommonScope | undefined): boolean {
  return scope !== undefined && (scope.names.has(name) || isCommon(name, scope.around));
}

/** A common table stands in no schema: its name holds it, and an alias gives what columns are named by. */
function withoutSchemas(tokens: readonly SqlToken[], references: readonly ViewReference[]): readonly SqlToken[] {
  const qualified = new Map(
    references.flatMap(({ view, index }) => (view.schema === undefined ? [] : [[index, view]])),
  );
  if (qualified.size === 0) return tokens;
  return tokens.flatMap((token, index) => {
    const view = qualified.get(index);
    if (view !== undefined) {
      const alias = hasAlias(tokens, index + 3) ? [] : [ourToken("word", "AS"), ourName(view.name)];
      return [{ ...token, ...nameParts(viewKey(view)) }, ...alias];
    }
    return qualified.has(index - 1) || qualified.has(index - 2) ? [] : [token];
  });
}

const nameParts = (name: string): Pick<SqlToken, "kind" | "text" | "sql"> => {
  const { kind, text, sql } = ourName(name);
  return { kind, text, sql };
};

function hasAlias(tokens: readonly SqlToken[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind === "name") return true;
  const word = keywordOf(token);
  return word !== undefined && !clauseEnds.has(word) && !joinWords.has(word);
}

const joinWords = new Set(
  "JOIN INNER LEFT RIGHT FULL CROSS NATURAL ASOF POSITIONAL SEMI ANTI LATERAL PIVOT UNPIVOT TABLESAMPLE FETCH FOR RETURNING".split(
    " ",
  ),
);

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
