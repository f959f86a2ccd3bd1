import type { Column, PseudoColumn, Table } from "../catalog/catalog.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import type { FilterCondition, FilterField, FilterNode, FilterValue } from "../syntax/filter-node.js";
import { parseFilterClause } from "../syntax/parse-filter-clause.js";
import type { SqlType } from "../value/sql-type.js";

/**
 * A connector's filter clause as the SQL condition that it means for a table, so that it goes the way of every WHERE.
 * Fields are the table's columns, in SQL's spelling or Stripe's. The text is printed from the parsed clause alone:
 * names of the catalog, quoted, and literals, quoted; nothing of the clause's own text gets into it.
 */
export function filterCondition(filterClause: string, table: Table): string {
  return printNode(parseFilterClause(filterClause), table);
}

function printNode(node: FilterNode, table: Table): string {
  switch (node.kind) {
    case "and":
    case "or":
      return `(${node.operands.map((operand) => printNode(operand, table)).join(` ${node.kind.toUpperCase()} `)})`;
    case "not":
      return `NOT (${printNode(node.operand, table)})`;
    case "comparison":
    case "is-null":
    case "in":
    case "like":
    case "between":
      return printCondition(node, bindField(node.field, table));
  }
}

function printCondition(condition: FilterCondition, { sql, type, position }: BoundField): string {
  const value = (given: FilterValue) => printValue(given, type);
  switch (condition.kind) {
    case "comparison":
      return `${sql} ${condition.operator} ${value(condition.value)}`;
    case "is-null":
      return `${sql} IS ${negation(condition)}NULL`;
    case "in":
      return `${sql} ${negation(condition)}IN (${condition.values.map(value).join(", ")})`;
    case "like":
      if (type !== "VARCHAR") throw notText(condition.field, type, position);
      return `${sql} ${negation(condition)}LIKE ${value(condition.pattern)}`;
    case "between":
      return `${sql} ${negation(condition)}BETWEEN ${value(condition.low)} AND ${value(condition.high)}`;
  }
}

const negation = ({ negated }: { readonly negated: boolean }): string => (negated ? "NOT " : "");

interface BoundField {
  readonly sql: string;
  readonly type: SqlType;
  readonly position: number;
}

/** `Metadata.order_id` is the text under a key of a JSON column. */
function bindField({ name, key, position }: FilterField, table: Table): BoundField {
  const column = findColumn(name, table);
  if (column === undefined) throw unknownField(name, position, table);
  if (key === undefined) return { sql: quoteName(column.name), type: column.type, position };
  if (column.type !== "JSON") throw withoutKeys(column, position);
  return { sql: `(${quoteName(column.name)} ->> ${quoteText(key)})`, type: "VARCHAR", position };
}

function findColumn(name: string, { columns, pseudoColumns }: Table): Column | PseudoColumn | undefined {
  const wanted = name.toLowerCase();
  const all = [...columns, ...pseudoColumns];
  return (
    all.find((column) => column.name.toLowerCase() === wanted) ??
    all.find((column) => column.stripeName.toLowerCase() === wanted)
  );
}

/**
 * A value in the type of the field that it is compared with: `AddressPostalCode = 94043` compares texts,
 * `Amount > '15.5'` numbers, and a whole number beside a time is Unix seconds, as actions give them.
 * What does not fit the type is left as it is, for the planner to refuse.
 */
function printValue(value: FilterValue, type: SqlType): string {
  switch (value.type) {
    case "null":
      return "NULL";
    case "DATE":
    case "TIMESTAMP":
    case "TIMESTAMPTZ":
      return `${value.type} ${quoteText(value.text)}`;
    case "string":
      return printText(value.text, type);
    case "number":
      return printNumber(value.text, type);
    case "boolean":
      return type === "VARCHAR" ? quoteText(value.text) : value.text.toUpperCase();
  }
}

const numberPattern = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/;
const secondsPattern = /^\d{9,11}$/;

function printText(text: string, type: SqlType): string {
  // A text would be cast to the column's type, and '15.5' rounded to a whole number.
  if (isNumeric(type) && numberPattern.test(text)) return plainNumber(text);
  if (type === "TIMESTAMPTZ" && secondsPattern.test(text)) return printSeconds(text);
  return quoteText(text);
}

function printNumber(text: string, type: SqlType): string {
  if (type === "VARCHAR") return quoteText(text);
  if (type === "TIMESTAMPTZ" && secondsPattern.test(text)) return printSeconds(text);
  if (type === "BOOLEAN" && (text === "0" || text === "1")) return text === "1" ? "TRUE" : "FALSE";
  return plainNumber(text);
}

const isNumeric = (type: SqlType): boolean => type === "BIGINT" || type === "DOUBLE" || type === "DECIMAL";

/** Without leading zeros and plus sign, which the planner's parser reads otherwise. */
function plainNumber(text: string): string {
  return text.trim().replace(/^([+-]?)0*(?=\d)/, (_, sign: string) => (sign === "-" ? "-" : ""));
}

function printSeconds(text: string): string {
  return `TIMESTAMPTZ ${quoteText(new Date(Number(text) * 1000).toISOString())}`;
}

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function unknownField(name: string, position: number, { name: table, columns, pseudoColumns }: Table): StripeSqlError {
  const names = [...columns, ...pseudoColumns].filter((column) => !("hidden" in column && column.hidden));
  const near = didYouMean(
    name,
    names.map((column) => column.name),
  );
  return new StripeSqlError(`field "${name}" does not exist in ${table}`, {
    sqlState: SqlState.undefinedColumn,
    phase: "plan",
    position,
    hint: near ?? `The fields of ${table} are those of its schema; DESCRIBE ${table} lists them.`,
  });
}

function withoutKeys({ name, type }: { readonly name: string; readonly type: SqlType }, position: number) {
  return new StripeSqlError(`field "${name}" of type ${type} has no keys`, {
    sqlState: SqlState.datatypeMismatch,
    phase: "plan",
    position,
    hint: "A key after a dot is for a field of type JSON: Metadata.order_id = '6735'.",
  });
}

function notText({ name }: FilterField, type: SqlType, position: number): StripeSqlError {
  return new StripeSqlError(`LIKE is for texts, but field "${name}" is of type ${type}`, {
    sqlState: SqlState.datatypeMismatch,
    phase: "plan",
    position,
    hint: type === "JSON" ? "Name a key of it: Metadata.order_id LIKE '67%'." : "Compare it with =, <, > or BETWEEN.",
  });
}
