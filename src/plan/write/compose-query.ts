import { emptyBlock } from "../../syntax/empty-block.js";
import type { Expression, Query, SelectItem } from "../../syntax/expression.js";
import type { SqlText } from "../../syntax/sql-text.js";
import { composeSql } from "../../syntax/sql-text.js";
import type { CommonTables, SqlExpression, TableName, WriteSource } from "../../syntax/statement.js";
import { quoteName } from "../../value/quote.js";

/** A query of ours over a statement's own expressions: its text for the local engine, and the same as a tree. */
export interface ComposedQuery {
  readonly sql: SqlText;
  readonly query: Query;
}

interface SelectParts {
  /** WITH before it; undefined where there is none. */
  readonly common?: CommonTables | undefined;
  /** The text of the items. */
  readonly list: SqlText;
  readonly items: readonly SelectItem[];
  readonly from: WriteSource;
  readonly where: Pick<SqlExpression, "sql" | "expression"> | undefined;
  /** One column that the rows are ordered by. */
  readonly order?: Pick<SqlExpression, "sql" | "expression"> | undefined;
}

/** `WITH … SELECT list FROM … WHERE … ORDER BY …` */
export function composeSelect({ common, list, items, from, where, order }: SelectParts): ComposedQuery {
  const condition = where === undefined ? [] : [" WHERE ", where.sql];
  const ordered = order === undefined ? [] : [" ORDER BY ", order.sql];
  const orderBy = order && [{ expression: order.expression, direction: "ascending", nulls: undefined } as const];
  return {
    sql: composeSql([...commonText(common), "SELECT ", list, " FROM ", from.sql, ...condition, ...ordered]),
    query: {
      ...emptyBlock,
      ctes: common?.tables ?? [],
      items,
      from: from.item,
      where: where?.expression,
      orderBy: orderBy ?? [],
    },
  };
}

/** WITH and its common tables, for the query that follows. */
export const commonText = (common: CommonTables | undefined): readonly (SqlText | string)[] =>
  common === undefined ? [] : [common.sql, " "];

/** A value and the place that it stands at among a query's columns, by which it is called. */
export interface ComposedItem {
  readonly sql: string | SqlText;
  readonly expression: Expression;
}

/** Items under the names of their places: `a AS "0", b AS "1"`. */
export function numberedItems(given: readonly ComposedItem[]): Pick<SelectParts, "list" | "items"> {
  const texts = given.map(({ sql }, index) => composeSql([sql, ` AS "${index}"`]));
  const items = given.map(({ expression }, index) => ({
    expression,
    alias: String(index),
    heading: undefined,
    isSpread: false,
  }));
  return { list: composeSql(separated(texts)), items };
}

/** A table alone. */
export function fromTable(table: TableName, alias: string | undefined): WriteSource {
  return {
    sql: { sql: tableSql(table, alias), places: [] },
    item: { ...table, kind: "table", alias, columns: [], sampled: false },
  };
}

/** `left, right`, or a join of them. */
export function fromJoin(
  left: WriteSource,
  right: WriteSource,
  by?: { readonly join: "inner" | "left" | "full"; readonly on: Pick<SqlExpression, "sql" | "expression"> },
): WriteSource {
  const joined = { kind: "join", left: left.item, right: right.item, using: [], natural: false } as const;
  if (by === undefined)
    return { sql: composeSql([left.sql, ", ", right.sql]), item: { ...joined, join: "cross", on: undefined } };
  const words = ` ${by.join.toUpperCase()} JOIN `;
  return {
    sql: composeSql([left.sql, words, right.sql, " ON (", by.on.sql, ")"]),
    item: { ...joined, join: by.join, on: by.on.expression },
  };
}

/** `VALUES (…), (…)` */
export function composeValues(rows: readonly (readonly SqlExpression[])[]): ComposedQuery {
  const texts = rows.map((row) => composeSql(["(", ...separated(row.map(({ sql }) => sql)), ")"]));
  const values = rows.map((row) => row.map(({ expression }) => expression));
  return {
    sql: composeSql(["VALUES ", ...separated(texts)]),
    query: {
      ...emptyBlock,
      items: [{ expression: { kind: "star", table: undefined }, alias: undefined, heading: undefined, isSpread: true }],
      from: { kind: "values", rows: values, alias: undefined, columns: [] },
    },
  };
}

/** Texts with commas between them. */
function separated(texts: readonly SqlText[]): readonly (SqlText | string)[] {
  return texts.flatMap((text, index) => (index === 0 ? [text] : [", ", text]));
}

function tableSql({ schema, namedSchema = schema, name }: TableName, alias: string | undefined): string {
  const prefix = namedSchema === undefined ? "" : `${quoteName(namedSchema)}.`;
  return `${prefix}${quoteName(name)}${alias === undefined ? "" : ` AS ${quoteName(alias)}`}`;
}
