import type { Naming, Table, WriteEndpoint } from "../../catalog/catalog.js";
import type { Expression } from "../../syntax/expression.js";
import type { SqlText } from "../../syntax/sql-text.js";
import { composeSql } from "../../syntax/sql-text.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import { quoteName } from "../../value/quote.js";
import { findRelationColumn, relationColumnName } from "../names/relation.js";
import { findAnyColumn } from "../predicate/conjunction.js";
import type { Assignment } from "./assignment.js";
import type { ComposedItem } from "./compose-query.js";
import type { AssignedStructure } from "./exact-structure.js";
import type { Slot } from "./write-plan.js";

/** The table that is written, as a query over it has it. */
export interface NamedTarget {
  readonly table: Table;
  readonly naming: Naming;
  /** What its columns are qualified by; undefined where no other table stands beside it. */
  readonly called: string | undefined;
}

/** What a statement's expressions call the table that it writes. */
export const targetName = ({
  table,
  alias,
}: {
  readonly table: { readonly name: string };
  readonly alias: string | undefined;
}): string => alias ?? table.name;

/** A column of the written table's. */
export function targetColumn(name: string, { table, naming, called }: NamedTarget): ComposedItem {
  const column = findAnyColumn(table, name);
  return columnItem(column === undefined ? name : relationColumnName(column, naming), called);
}

export function columnItem(name: string, table: string | undefined): ComposedItem {
  return {
    sql: `${table === undefined ? "" : `${quoteName(table)}.`}${quoteName(name)}`,
    expression: { kind: "column", table, name, quoted: true, position: undefined },
  };
}

/** Whether an expression names a column of the written table's, as far as its text tells. */
export function namesColumn(expression: Expression, name: string, { table, naming, called }: NamedTarget): boolean {
  return columnNodes(expression).some(
    (node) =>
      (node.table === undefined || node.table.toLowerCase() === called?.toLowerCase()) &&
      findRelationColumn({ kind: "table", table, naming }, node.name)?.name === name,
  );
}

export function keySlots({ keys }: Pick<WriteEndpoint, "keys">): readonly Slot[] {
  return keys.map(({ placeholder, column }): Slot => ({ kind: "key", placeholder, name: column }));
}

/** Where the values of assignments go, and behind them what the object holds of the structures among them. */
export function assignedSlots(assignments: readonly Assignment[]): readonly Slot[] {
  return [
    ...assignments.map(slotOf),
    ...structuresOf(assignments).map((structure): Slot => ({ kind: "current", structure })),
  ];
}

function slotOf(assignment: Assignment): Slot {
  switch (assignment.kind) {
    case "value":
      return { kind: "parameter", parameter: assignment.parameter };
    case "exact":
      return { kind: "parameter", parameter: assignment.structure.parameter };
    case "merge":
      return { kind: "merge", parameter: assignment.parameter, patch: assignment.patch };
  }
}

export function structuresOf(assignments: readonly Assignment[]): readonly AssignedStructure[] {
  return assignments.flatMap((assignment) => (assignment.kind === "exact" ? [assignment.structure] : []));
}

/** What the object holds of a structure. */
export function currentItem({ parameter: { path } }: AssignedStructure, target: NamedTarget): ComposedItem {
  const { table, naming, called } = target;
  const column = table.columns.find(({ type, path: other }) => type === "JSON" && isSamePath(path, other));
  if (column !== undefined) return columnItem(relationColumnName(column, naming), called);
  return path.reduce(keyItem, targetColumn(wholeObject, target));
}

const wholeObject = "_json";

const keyItem = ({ sql, expression }: ComposedItem, key: string): ComposedItem => ({
  sql: composeSql([sql, `->'${key}'`]),
  expression: {
    kind: "json-access",
    operand: expression,
    key: { kind: "literal", value: { type: "string", value: key } },
    asText: false,
  },
});

/** A patch that is known is not computed: it may be of a column that rows have in parts alone. */
export function valueItem(assignment: Assignment): ComposedItem {
  const { value } = assignment;
  if (assignment.kind !== "merge") return { sql: composeSql(["(", value.sql, ")"]), expression: value.expression };
  return {
    sql: `(${mentioned(value.sql)}NULL)`,
    expression: { kind: "literal", value: { type: "null" } },
  };
}

/** DuckDB binds no `$2` in a text without `$1`. */
function mentioned({ sql }: SqlText): string {
  return [...new Set(sql.match(/\$\d+/g) ?? [])].map((parameter) => `(${parameter} IS NULL) AND `).join("");
}

const isSamePath = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, index) => key === other[index]);
