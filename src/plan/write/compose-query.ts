import { emptyBlock } from "../../syntax/empty-block.js";
import type { Query, SelectItem } from "../../syntax/expression.js";
import type { SqlText } from "../../syntax/sql-text.js";
import { composeSql } from "../../syntax/sql-text.js";
import type { SqlExpression, TableName } from "../../syntax/statement.js";
import { quoteName } from "../../value/quote.js";

/** A query of ours over a statement's own expressions: its text for the local engine, and the same as a tree. */
export interface ComposedQuery {
  readonly sql: SqlText;
  readonly query: Query;
}

interface SelectParts {
  /** The text of the items. */
  readonly list: SqlText;
  readonly items: readonly SelectItem[];
  readonly table: TableName;
  readonly alias: string | undefined;
  readonly where: SqlExpression | undefined;
}

/** `SELECT list FROM table AS alias WHERE …` */
export function composeSelect({ list, items, table, alias, where }: SelectParts): ComposedQuery {
  const condition = where === undefined ? [] : [" WHERE ", where.sql];
  return {
    sql: composeSql(["SELECT ", list, ` FROM ${tableSql(table, alias)}`, ...condition]),
    query: {
      ...emptyBlock,
      items,
      from: { ...table, kind: "table", alias, columns: [], sampled: false },
      where: where?.expression,
    },
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
export function separated(texts: readonly SqlText[]): readonly (SqlText | string)[] {
  return texts.flatMap((text, index) => (index === 0 ? [text] : [", ", text]));
}

function tableSql({ schema, namedSchema = schema, name }: TableName, alias: string | undefined): string {
  const prefix = namedSchema === undefined ? "" : `${quoteName(namedSchema)}.`;
  return `${prefix}${quoteName(name)}${alias === undefined ? "" : ` AS ${quoteName(alias)}`}`;
}
