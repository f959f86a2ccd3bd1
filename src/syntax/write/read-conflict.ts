import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { quoteName } from "../../value/quote.js";
import type { FromItem } from "../expression.js";
import type { SqlToken } from "../normalise.js";
import { ourName, ourToken, printTokens } from "../normalise.js";
import type { ColumnName, ConflictKeys, MergeClause, MergeStatement, SqlExpression } from "../statement.js";
import type { RawConflict, RawExpression, RawInsert } from "../statement-tree.js";
import { syntaxError } from "../syntax-error.js";
import { keywordOf } from "../token.js";
import type { Pending, WriteExpressions } from "../write-expressions.js";
import { comma, inParentheses, nothing, words } from "../write-expressions.js";
import type { ParsedPlain } from "./parsed-write.js";
import { columnName, parsedWrite, statementBase, writtenTable } from "./parsed-write.js";
import { readAssignments } from "./read-assignments.js";
import { joinedWith, sourceItem } from "./read-merge.js";
import { readQuery } from "./read-query.js";

/**
 * An INSERT that looks for what is there already is a MERGE of its rows, which are called excluded:
 * `SELECT NULL, (value), returning FROM (SELECT row_number() OVER () AS "_row", * FROM (rows) AS "rows"(columns)) AS "excluded"
 * LEFT JOIN table AS alias ON (table.column = excluded.column AND …)`.
 */
export function readConflict(raw: RawInsert, conflict: RawConflict, expressions: WriteExpressions): ParsedPlain {
  requireTarget(conflict);
  if (raw.columns.length === 0 && raw.source.kind !== "default-values")
    throw syntaxError("ON CONFLICT needs an INSERT that names its columns", { position: conflict.start });
  const columns = raw.columns.map(columnName);
  const { table, alias } = writtenTable(raw);
  const source = numberedRows(rowsOf(raw, expressions), columns);
  const given = conflict.target.map((target) => expressions.tokens(target));
  const condition = matching(given, alias ?? table.name);
  const position = conflict.target[0]?.[0]?.start ?? conflict.start;
  const keys = given.map((tokens, index) =>
    expressions.valueOf(qualified(tokens, excluded), conflict.target[index]?.[0]?.start ?? position),
  );
  const update = readUpdate(conflict, expressions);
  const returning = expressions.returning(raw.returning);
  const { source: text, parameters } = expressions;
  const own = { kind: "merge", ...statementBase(raw, text, parameters), table, alias } as const;
  const { query, common } = expressions.gather(joinedWith({ table, alias }, source, condition));
  const insertion: MergeClause = {
    matching: "not matched",
    condition: undefined,
    action: inserting(columns),
    position,
  };
  return parsedWrite(own, { query }, (tree): MergeStatement => {
    const item = sourceItem(tree, position);
    const on = tree.from?.kind === "join" ? tree.from.on : undefined;
    const conflictKeys: ConflictKeys = {
      position,
      names: conflict.target.map((target) => textOf(target, text)),
      values: keys.map((key) => key(tree)),
      place: ofExcluded({ name: place, position }),
      columns,
      rows: rowsWithin(item),
    };
    return {
      ...own,
      common: common(tree),
      source: { sql: printTokens(source), item },
      condition: { sql: printTokens(condition), position, expression: on ?? nothing },
      clauses: [update(tree), insertion],
      conflict: conflictKeys,
      returning: returning(tree),
    };
  });
}

/** The part of the script that tokens are. */
function textOf(tokens: RawExpression, source: string): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first === undefined || last === undefined ? "" : source.slice(first.start, last.start + last.text.length);
}

const excluded = "excluded";
/** No column of Stripe's is called so. */
const place = "_row";

function requireTarget({ target, action, start }: RawConflict): void {
  if (target.length > 0) return;
  throw action.kind === "update"
    ? syntaxError("ON CONFLICT DO UPDATE needs to be told which columns", { position: start, hint: targetHint })
    : new StripeSqlError("ON CONFLICT without columns is not supported", {
        sqlState: SqlState.featureNotSupported,
        phase: "syntax",
        position: start,
        detail: "Stripe has no unique keys that it could mean.",
        hint: targetHint,
      });
}

const targetHint = "Write ON CONFLICT (Email), or whichever columns tell the rows apart.";

function rowsOf(raw: RawInsert, expressions: WriteExpressions): readonly SqlToken[] {
  switch (raw.source.kind) {
    case "default-values":
      throw syntaxError("ON CONFLICT needs rows of VALUES or of a query", {
        position: raw.conflict?.start ?? raw.start,
      });
    case "values": {
      expressions.common(raw.common);
      const rows = raw.source.rows.map((row) => row.map((value) => expressions.tokens(value)));
      const printed = rows.map((row) =>
        inParentheses(row.flatMap((value, index) => [...(index === 0 ? [] : [comma]), ...value])),
      );
      return [...words("VALUES"), ...printed.flatMap((row, index) => [...(index === 0 ? [] : [comma]), ...row])];
    }
    case "query": {
      expressions.common(raw.common);
      return readQuery(raw.source, [], expressions).tokens;
    }
  }
}

/** `(SELECT row_number() OVER () AS "_row", * FROM (rows) AS "rows"(columns)) AS "excluded"` */
function numberedRows(rows: readonly SqlToken[], columns: readonly ColumnName[]): readonly SqlToken[] {
  const names = columns.flatMap(({ name }, index) => [...(index === 0 ? [] : [comma]), ourName(name)]);
  return [
    ...inParentheses([
      ...words("SELECT row_number() OVER () AS"),
      ourName(place),
      comma,
      ...words("* FROM"),
      ...inParentheses(rows),
      ...words("AS"),
      ourName("rows"),
      ...inParentheses(names),
    ]),
    ...words("AS"),
    ourName(excluded),
  ];
}

/** The rows within what they are numbered by. */
function rowsWithin(item: FromItem): FromItem | undefined {
  return item.kind === "derived" && item.query.kind === "select" ? item.query.from : undefined;
}

/** `table.column = excluded.column AND …` */
function matching(given: readonly (readonly SqlToken[])[], table: string): readonly SqlToken[] {
  return given.flatMap((tokens, index) => [
    ...(index === 0 ? [] : words("AND")),
    ...inParentheses(qualified(tokens, table)),
    ourToken("operator", "="),
    ...inParentheses(qualified(tokens, excluded)),
  ]);
}

/** A name that is neither a function's nor a type's is a column's. */
function qualified(tokens: readonly SqlToken[], table: string): readonly SqlToken[] {
  return tokens.flatMap((token, index) => {
    const [before, after] = [tokens[index - 1], tokens[index + 1]];
    const isName = token.kind === "name" || (token.kind === "word" && !constants.has(keywordOf(token) ?? ""));
    const isColumn = isName && after?.text !== "(" && before?.text !== "." && before?.text !== "::";
    return isColumn
      ? [ourName(table), { ...ourToken("operator", "."), gap: "" as const }, { ...token, gap: "" as const }]
      : [token];
  });
}

const constants = new Set(["NULL", "TRUE", "FALSE"]);

function readUpdate({ action, start: position }: RawConflict, expressions: WriteExpressions): Pending<MergeClause> {
  const clause = { matching: "matched", position } as const;
  if (action.kind === "nothing") return () => ({ ...clause, condition: undefined, action: { kind: "nothing" } });
  const assignments = readAssignments(action.assignments, expressions);
  const condition = optionalValue(action.where, expressions);
  return (tree) => ({
    ...clause,
    condition: condition(tree),
    action: { kind: "update", assignments: assignments(tree) },
  });
}

function optionalValue(raw: RawExpression | null, expressions: WriteExpressions): Pending<SqlExpression | undefined> {
  return raw === null ? () => undefined : expressions.value(raw);
}

const inserting = (columns: readonly ColumnName[]): MergeClause["action"] => ({
  kind: "insert",
  columns,
  values: columns.map(ofExcluded),
});

function ofExcluded({ name, position }: ColumnName): SqlExpression {
  return {
    sql: { sql: `${quoteName(excluded)}.${quoteName(name)}`, places: [] },
    expression: { kind: "column", table: excluded, name, quoted: true, position: undefined },
    position,
  };
}
