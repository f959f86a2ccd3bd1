import type { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Expression } from "../expression.js";
import type { SqlText } from "../sql-text.js";
import type * as shared from "../statement.js";
import type {
  ColumnTarget,
  DeleteStatement,
  InsertStatement,
  QueryStatement,
  UpdateStatement,
  WrittenValue,
} from "./postgres-statement.js";
import { notSupported } from "./read-write.js";
import type { TextPart } from "./write-parts.js";
import { writeParts } from "./write-parts.js";

type Planned = QueryStatement | InsertStatement | UpdateStatement | DeleteStatement;
type Shared = shared.SelectStatement | shared.InsertStatement | shared.UpdateStatement | shared.DeleteStatement;

/** The statement in the form that the planner takes of any dialect. Its texts stay PostgreSQL's. */
export function sharedStatement(statement: Planned): Shared {
  switch (statement.kind) {
    case "query":
      return selectOf(statement, { start: 0, end: statement.text.length }, statement.query);
    case "insert":
      return insertOf(statement);
    case "update":
      return updateOf(statement);
    case "delete":
      return deleteOf(statement);
  }
}

function baseOf({ text, offset, parameters }: Planned): shared.StatementBase {
  const count = parameters.at(-1) ?? 0;
  return { text, offset, parameters: Array.from({ length: count }, (_, index) => String(index + 1)) };
}

function selectOf(statement: Planned, part: TextPart, query: shared.SelectStatement["query"]): shared.SelectStatement {
  return { ...baseOf(statement), kind: "select", sql: sqlOf(statement, part), query };
}

function insertOf(statement: InsertStatement): shared.InsertStatement {
  const parts = writeParts(statement);
  const { source } = statement;
  if (statement.onConflict === "update") throw noUniqueKeys();
  if (source.kind !== "query") requireNoCommonTables(statement);
  return {
    ...baseOf(statement),
    kind: "insert",
    table: tableOf(statement),
    columns: statement.columns.map(columnOf),
    source: sourceOf(statement, parts),
    returning: returningOf(statement, parts.returning),
  };
}

type Parts = ReturnType<typeof writeParts>;

function sourceOf(statement: InsertStatement, { rows, query }: Parts): shared.InsertStatement["source"] {
  const { source } = statement;
  switch (source.kind) {
    case "default-values":
      return source;
    case "query": {
      const { ctes } = statement;
      const whole = ctes.length === 0 ? source.query : { ...source.query, ctes: [...ctes, ...source.query.ctes] };
      const part = query ?? { start: 0, end: statement.text.length };
      const select = selectOf(statement, part, whole);
      const common = ctes.length === 0 ? undefined : withOf(statement);
      return {
        kind: "query",
        select: common === undefined ? select : { ...select, sql: joined([common, select.sql]) },
      };
    }
    case "values":
      return {
        kind: "values",
        rows: source.rows.map((row, index) =>
          row.map((value, place) => writtenValue(statement, value, rows[index]?.[place])),
        ),
      };
  }
}

function updateOf(statement: UpdateStatement): shared.UpdateStatement {
  const parts = writeParts(statement);
  return {
    ...baseOf(statement),
    kind: "update",
    table: tableOf(statement),
    alias: statement.alias,
    assignments: statement.assignments.map(({ column, value }, index) => ({
      column: columnOf(column),
      value: writtenValue(statement, value, parts.assignments[index]),
    })),
    common: commonOf(statement, parts),
    source: tablesOf(statement, parts),
    where: whereOf(statement, parts.where),
    returning: returningOf(statement, parts.returning),
  };
}

function deleteOf(statement: DeleteStatement): shared.DeleteStatement {
  const parts = writeParts(statement);
  return {
    ...baseOf(statement),
    kind: "delete",
    table: tableOf(statement),
    alias: statement.alias,
    common: commonOf(statement, parts),
    source: tablesOf(statement, parts),
    where: whereOf(statement, parts.where),
    returning: returningOf(statement, parts.returning),
  };
}

function commonOf(statement: UpdateStatement | DeleteStatement, { common }: Parts): shared.UpdateStatement["common"] {
  return common === undefined ? undefined : { sql: sqlOf(statement, common), tables: statement.ctes };
}

/** The tables beside the one that is written. */
function tablesOf(statement: UpdateStatement | DeleteStatement, { source }: Parts): shared.UpdateStatement["source"] {
  if (statement.source === undefined || source === undefined) return undefined;
  return { sql: sqlOf(statement, source), item: statement.source };
}

function tableOf({ table, offset }: InsertStatement | UpdateStatement | DeleteStatement): shared.TableName {
  const { schema, namedSchema, name, position = offset } = table;
  return { schema, namedSchema, name, position };
}

/** A part of a column has no parameter of its own at Stripe. */
function columnOf({ name, position = 0, isPart }: ColumnTarget): shared.ColumnName {
  if (isPart)
    throw notSupported(`assigning to a part of "${name}"`, "Assign the whole value, as jsonb_set(…) gives it.");
  return { name, position };
}

const nullLiteral: Expression = { kind: "literal", value: { type: "null" } };

/** DEFAULT: Stripe's own, which it takes where a value is not given, or taken away. */
function writtenValue(statement: Planned, value: WrittenValue, part: TextPart | undefined): shared.SqlExpression {
  const position = statement.offset + (part?.start ?? 0);
  if (value === undefined || part === undefined)
    return { sql: { sql: "NULL", places: [] }, expression: value ?? nullLiteral, position };
  return { sql: sqlOf(statement, part), expression: value, position };
}

function whereOf(
  statement: UpdateStatement | DeleteStatement,
  part: TextPart | undefined,
): shared.SqlExpression | undefined {
  return statement.where === undefined ? undefined : writtenValue(statement, statement.where, part);
}

function returningOf(
  statement: InsertStatement | UpdateStatement | DeleteStatement,
  part: TextPart | undefined,
): shared.Returning | undefined {
  if (statement.returning === undefined || part === undefined) return undefined;
  return { sql: sqlOf(statement, part), position: statement.offset + part.start, items: statement.returning };
}

function withOf(statement: InsertStatement): SqlText {
  const at = statement.text.search(/\bINSERT\s+INTO\b/i);
  return sqlOf(statement, { start: 0, end: at });
}

function joined(texts: readonly SqlText[]): SqlText {
  let sql = "";
  const places = texts.flatMap((text) => {
    const start = sql.length;
    sql += text.sql;
    return text.places.map((place) => ({ ...place, start: place.start + start }));
  });
  return { sql, places };
}

function sqlOf({ text, offset }: Planned, { start, end }: TextPart): SqlText {
  return {
    sql: text.slice(start, end),
    places: [{ start: 0, length: end - start, position: offset + start }],
  };
}

function requireNoCommonTables({ ctes }: InsertStatement): void {
  if (ctes.length > 0) throw notSupported("WITH before INSERT", "Write the query in its place, as a subquery.");
}

function noUniqueKeys(): StripeSqlError {
  return notSupported(
    "ON CONFLICT DO UPDATE",
    "Stripe has no unique keys to conflict on: UPDATE the rows that are there, and INSERT the others.",
  );
}
