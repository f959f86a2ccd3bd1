import type { Catalog, Naming, Table } from "../../catalog/catalog.js";
import { postgresNaming } from "../../catalog/postgres-naming.js";
import type { FilledColumn } from "../../execute/postgres/fill/table-filling.js";
import type { FieldDescription } from "../../protocol/row-description.js";
import type { Expression, Query, SelectItem } from "../../syntax/expression.js";
import type { StatementMentions } from "../../syntax/postgres/mentions.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import { blocksOf, expressionsOf } from "../../syntax/walk-query.js";
import { mentionsOf, stripeTable } from "./mentions-of.js";

/** The hidden and pseudo-columns that a statement names, which tables have for those alone who do. */
export type NamedColumns = ReadonlyMap<Table, readonly FilledColumn[]>;

interface MentionedTable {
  readonly table: Table;
  readonly naming: Naming;
}

export function namedColumns(statement: PostgresStatement, catalog: Catalog): NamedColumns {
  const names = namesIn(statement);
  const named = new Map<Table, readonly FilledColumn[]>();
  for (const { table, naming } of mentionedTables(mentionsOf(statement), catalog)) {
    const visible = new Set(visibleColumns(table).map((column) => nameOf(column, naming)));
    const further = furtherColumns(table).filter((column) => {
      const name = nameOf(column, naming);
      return names.has(name) && !visible.has(name);
    });
    if (further.length > 0) named.set(table, [...new Set([...(named.get(table) ?? []), ...further])]);
  }
  return named;
}

/**
 * Which of a statement's fields are its own: PostgreSQL's `*` takes the named columns as well, as a table of its has no column
 * that `*` leaves out. Undefined for all of them. What a select list names, anywhere, stays: a column too many is better
 * than one too few.
 */
export function shownFields(
  statement: PostgresStatement,
  fields: readonly FieldDescription[],
  { named, catalog }: { readonly named: NamedColumns; readonly catalog: Catalog },
): readonly number[] | undefined {
  if (named.size === 0) return undefined;
  const items = outputItems(statement);
  const first = items.findIndex(({ isSpread }) => isSpread);
  const last = items.findLastIndex(({ isSpread }) => isSpread);
  if (first === -1) return undefined;
  const end = fields.length - (items.length - 1 - last);
  const kept = selectedNames(queriesOf(statement), items);
  const others = mentionedTables(mentionsOf(statement), catalog);
  const isHidden = ({ name, tableOid, columnNumber }: FieldDescription): boolean =>
    tableOid !== 0 &&
    !kept.has(name) &&
    others.some(({ table, naming }) => {
      const isNamed = named.get(table)?.some((column) => nameOf(column, naming) === name) === true;
      return isNamed && columnNumber > visibleColumns(table).length;
    }) &&
    !others.some(({ table, naming }) => isVisibleAt({ table, naming }, { columnNumber, name }));
  const shown = fields.flatMap((field, index) => (index >= first && index < end && isHidden(field) ? [] : [index]));
  return shown.length === fields.length ? undefined : shown;
}

/** Names of the select lists within, and of what stands between stars. */
function selectedNames(queries: readonly Query[], items: readonly SelectItem[]): ReadonlySet<string> {
  const within = queries
    .flatMap(blocksOf)
    .flatMap((block) => block.items)
    .filter((item) => !items.includes(item));
  const between = items.slice(
    items.findIndex(({ isSpread }) => isSpread),
    items.findLastIndex(({ isSpread }) => isSpread),
  );
  const names = [...within, ...between].flatMap(({ expression, alias }) => [
    alias,
    expression.kind === "column" ? expression.name : undefined,
  ]);
  return new Set(names.flatMap((name) => name?.toLowerCase() ?? []));
}

function isVisibleAt(
  { table, naming }: MentionedTable,
  { columnNumber, name }: Pick<FieldDescription, "columnNumber" | "name">,
): boolean {
  const column = visibleColumns(table)[columnNumber - 1];
  return column !== undefined && nameOf(column, naming) === name;
}

/** Of a set operation, its first side's; of a write, what RETURNING gives. */
function outputItems(statement: PostgresStatement): readonly SelectItem[] {
  if (statement.kind === "insert" || statement.kind === "update" || statement.kind === "delete")
    return statement.returning ?? [];
  if (statement.kind !== "query") return [];
  let first = statement.query;
  while (first.kind === "set-operation") first = first.left;
  return first.items;
}

function namesIn(statement: PostgresStatement): ReadonlySet<string> {
  const nodes = [...queriesOf(statement).flatMap(expressionsOf), ...valuesOf(statement)].flatMap(columnNodes);
  return new Set(nodes.map(({ name }) => name.toLowerCase()));
}

function queriesOf(statement: PostgresStatement): readonly Query[] {
  switch (statement.kind) {
    case "query":
      return [statement.query];
    case "insert":
      return [
        ...statement.ctes.map(({ query }) => query),
        ...(statement.source.kind === "query" ? [statement.source.query] : []),
      ];
    case "update":
    case "delete":
      return statement.ctes.map(({ query }) => query);
    case "explain":
      return queriesOf(statement.statement);
    default:
      return [];
  }
}

/** What stands in a write outside of queries. */
function valuesOf(statement: PostgresStatement): readonly Expression[] {
  switch (statement.kind) {
    case "insert":
      return statement.source.kind === "values"
        ? statement.source.rows.flat().filter((value) => value !== undefined)
        : [];
    case "update":
      return [
        ...statement.assignments.flatMap(({ value }) => value ?? []),
        ...(statement.where ? [statement.where] : []),
      ];
    case "delete":
      return statement.where ? [statement.where] : [];
    case "explain":
      return valuesOf(statement.statement);
    default:
      return [];
  }
}

function mentionedTables(mentions: StatementMentions | undefined, catalog: Catalog): readonly MentionedTable[] {
  return (mentions?.relations ?? []).flatMap((relation) => {
    const table = stripeTable(catalog, relation);
    return table === undefined ? [] : [{ table, naming: postgresNaming(table, relation.name) }];
  });
}

const visibleColumns = (table: Table): readonly FilledColumn[] => table.columns.filter(({ hidden }) => !hidden);

const furtherColumns = (table: Table): readonly FilledColumn[] => [
  ...table.columns.filter(({ hidden }) => hidden),
  ...table.pseudoColumns,
];

/** As PostgreSQL folds it. */
const nameOf = ({ name, stripeName }: FilledColumn, naming: Naming): string =>
  naming === "sql" ? name.toLowerCase() : stripeName;
