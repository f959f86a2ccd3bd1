import type { Column, PseudoColumn, Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { FilterCondition, FilterField, FilterNode, FilterValue } from "../../syntax/filter-node.js";
import { parseFilterClause } from "../../syntax/parse-filter-clause.js";
import { quoteName, quoteText } from "../../value/quote.js";
import type { TypedField } from "./filter-value.js";
import { excerpt, printFilterValue } from "./filter-value.js";

/**
 * A connector's filter clause as the SQL condition that it means for a table, so that it goes the way of every WHERE.
 * Fields are the table's columns, in SQL's spelling or Stripe's. The text is printed from the parsed clause alone:
 * names of the catalog, quoted, and literals of the columns' types; nothing of the clause's own text gets into it.
 * Whatever does not fit is refused here, at its place in the clause.
 */
export function filterCondition(filterClause: string, table: Table): string {
  return printNode(parseFilterClause(filterClause), { table, isNegated: false });
}

interface Place {
  readonly table: Table;
  /** True under a NOT, however many there are. */
  readonly isNegated: boolean;
}

function printNode(node: FilterNode, place: Place): string {
  switch (node.kind) {
    case "and":
    case "or":
      return `(${node.operands.map((operand) => printNode(operand, place)).join(` ${node.kind.toUpperCase()} `)})`;
    case "not":
      return `NOT (${printNode(node.operand, { ...place, isNegated: true })})`;
    case "comparison":
    case "is-null":
    case "in":
    case "like":
    case "between":
      return printCondition(node, place);
  }
}

function printCondition(condition: FilterCondition, { table, isNegated }: Place): string {
  const field = bindField(condition.field, table);
  if (field.filter !== undefined && (isNegated || !isSent(condition, field.filter))) throw notSent(field, field.filter);
  if (field.type === "JSON" && hasOrder(condition)) throw withoutOrder(field);
  const value = (given: FilterValue) => printFilterValue(given, field);
  const { sql } = field;
  switch (condition.kind) {
    case "comparison":
      return `${sql} ${condition.operator} ${value(condition.value)}`;
    case "is-null":
      return `${sql} IS ${negation(condition)}NULL`;
    case "in":
      return `${sql} ${negation(condition)}IN (${condition.values.map(value).join(", ")})`;
    case "like":
      if (field.type !== "VARCHAR") throw notText(field);
      return `${sql} ${negation(condition)}LIKE ${value(condition.pattern)}`;
    case "between":
      return `${sql} ${negation(condition)}BETWEEN ${value(condition.low)} AND ${value(condition.high)}`;
  }
}

const negation = ({ negated }: { readonly negated: boolean }): string => (negated ? "NOT " : "");

/** Whether a request of Stripe's can say a condition on a filter that no row holds a value of. */
function isSent(condition: FilterCondition, filter: ListFilter): boolean {
  switch (condition.kind) {
    case "comparison":
      return condition.operator === "=" || (filter === "range" && condition.operator !== "<>");
    case "in":
      return !condition.negated;
    case "between":
      return filter === "range" && !condition.negated;
    case "is-null":
    case "like":
      return false;
  }
}

function hasOrder(condition: FilterCondition): boolean {
  if (condition.kind === "comparison") return condition.operator !== "=" && condition.operator !== "<>";
  return condition.kind === "between";
}

/** What a filter of Stripe's list takes. */
type ListFilter = "values" | "range";

interface BoundField extends TypedField {
  readonly sql: string;
  /** For a filter of Stripe's list that is no field of its rows. */
  readonly filter: ListFilter | undefined;
  readonly position: number;
}

function bindField({ name, key, position }: FilterField, table: Table): BoundField {
  const column = findColumn(name, table);
  if (column === undefined) throw unknownField(name, position, table);
  const sql = quoteName(column.name);
  const filter = column.kind === "column" ? undefined : listFilter(column, table);
  if (key === undefined) return { name: column.name, sql, type: column.type, filter, position };
  if (column.type !== "JSON") throw withoutKeys(column, position);
  const text = `(${sql} ->> ${quoteText(jsonKey(key))})`;
  return { name: excerpt(`${column.name}.${key}`), sql: text, type: "VARCHAR", filter, position };
}

function listFilter({ name }: PseudoColumn, { lists }: Table): ListFilter {
  const takesRange = lists.some(({ filters }) =>
    filters.some(({ column, operators }) => column === name && operators === "range"),
  );
  return takesRange ? "range" : "values";
}

function findColumn(name: string, { columns, pseudoColumns }: Table): Column | PseudoColumn | undefined {
  const wanted = name.toLowerCase();
  const all = [...columns, ...pseudoColumns];
  return (
    all.find((column) => column.name.toLowerCase() === wanted) ??
    all.find((column) => column.stripeName.toLowerCase() === wanted)
  );
}

/** The local engine reads $ and / at the start of a key as a path, and * as every key; in a JSON pointer they are plain. */
function jsonKey(key: string): string {
  return /^[\p{L}\p{N}_-]+$/u.test(key) ? key : `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function unknownField(name: string, position: number, table: Table): StripeSqlError {
  const entity = table.schema === "v2" ? `v2.${table.name}` : table.name;
  const names = [...table.columns.filter(({ hidden }) => !hidden), ...table.pseudoColumns].map((column) => column.name);
  const elsewhere = names.includes("Metadata") ? " A key of its metadata is named Metadata.order_id." : "";
  return new StripeSqlError(`field "${excerpt(name)}" does not exist in ${entity}`, {
    sqlState: SqlState.undefinedColumn,
    phase: "plan",
    position,
    hint: didYouMean(excerpt(name), names) ?? `DESCRIBE ${entity} lists its fields.${elsewhere}`,
  });
}

function withoutKeys({ name, type }: Pick<Column, "name" | "type">, position: number): StripeSqlError {
  return new StripeSqlError(`field "${name}" of type ${type} has no keys`, {
    sqlState: SqlState.datatypeMismatch,
    phase: "plan",
    position,
    hint: "A key after a dot is for a field of type JSON: Metadata.order_id = '6735'.",
  });
}

function withoutOrder({ name, position }: BoundField): StripeSqlError {
  return new StripeSqlError(`field "${name}" of type JSON has no order`, {
    sqlState: SqlState.datatypeMismatch,
    phase: "plan",
    position,
    hint: "Name a key of it: Metadata.order_id >= '67'.",
  });
}

function notText({ name, type, position }: BoundField): StripeSqlError {
  return new StripeSqlError(`LIKE is for texts, but field "${name}" is of type ${type}`, {
    sqlState: SqlState.datatypeMismatch,
    phase: "plan",
    position,
    hint: type === "JSON" ? "Name a key of it: Metadata.order_id LIKE '67%'." : "Compare it with =, <, > or BETWEEN.",
  });
}

function notSent({ name, position }: BoundField, filter: ListFilter): StripeSqlError {
  const operators = filter === "range" ? "=, <, <=, >, >=, IN or BETWEEN" : "= or IN";
  return new StripeSqlError(`field "${name}" can only be compared with ${operators}, and not under NOT`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    position,
    detail: `"${name}" is a filter of Stripe's list, not a field of its rows.`,
    hint: `Write ${name} = '…', joined to the other conditions by AND.`,
  });
}
