import type { Expression, Query } from "../../syntax/expression.js";
import type { SqlText } from "../../syntax/sql-text.js";
import { replaceParts } from "../../syntax/sql-text.js";
import { expressionsOf, selectItemsOf } from "../../syntax/walk-query.js";
import { printDataType } from "../../value/data-type.js";
import { quoteText } from "../../value/quote.js";
import { wallClockOf } from "../../value/time-zone.js";
import { isTimeWord, readTime } from "../../value/timestamp.js";
import { timestampText } from "../../value/timestamp-text.js";
import type { BoundTable } from "../names/bound-query.js";
import { relationColumnName } from "../names/relation.js";
import type { ConstantContext } from "../predicate/scalar.js";

/** A statement's text and the parameters' values that the local engine takes for words that it does not know. */
export interface TimedText {
  readonly text: SqlText;
  /** By the parameter's index. */
  readonly parameters: ReadonlyMap<number, string>;
}

type TimeType = "TIMESTAMPTZ" | "TIMESTAMP" | "DATE";

/**
 * `Created >= 'yesterday'`, `DATE 'today'`: PostgreSQL's words for times become the times that they are by the
 * statement's clock, where they are cast to a type of times or compared with such a value; `Name = 'today'` stays.
 */
export function placeTimeWords(
  { sql, query }: { readonly sql: SqlText; readonly query: Query },
  tables: readonly BoundTable[],
  context: ConstantContext,
): TimedText {
  const mayHold = /'\s*(now|today|yesterday|tomorrow)\s*'/i.test(sql.sql) || context.parameters.some(isWord);
  if (!mayHold) return { text: sql, parameters: new Map() };
  const typeOf = typeReader(query, tables);
  const parts = new Map<number, string>();
  const parameters = new Map<number, string>();
  for (const [constant, type] of expressionsOf(query).flatMap((expression) => timed(expression, typeOf))) {
    const word = wordOf(constant, context);
    const text = word === undefined ? undefined : textOfWord(word, type, context);
    if (text === undefined) continue;
    if (constant.kind === "parameter") parameters.set(constant.index, text);
    else if (constant.kind === "literal" && constant.position !== undefined)
      parts.set(constant.position, quoteText(text));
  }
  return { text: replaceParts(sql, parts), parameters };
}

const isWord = (value: unknown): value is string => typeof value === "string" && isTimeWord(value);

function wordOf(expression: Expression, { parameters }: ConstantContext): string | undefined {
  const value =
    expression.kind === "parameter"
      ? parameters[expression.index]
      : expression.kind === "literal" && expression.value.type === "string"
        ? expression.value.value
        : undefined;
  return isWord(value) ? value : undefined;
}

/** The operands of an expression that are read as times, if they are texts. */
function timed(expression: Expression, typeOf: TypeReader): readonly (readonly [Expression, TimeType])[] {
  if (expression.kind === "cast") {
    const type = timeType(expression.type);
    return type === undefined ? [] : [[expression.operand, type]];
  }
  const compared = comparedWith(expression);
  const type = compared.map(typeOf).find((found) => found !== undefined);
  return type === undefined ? [] : compared.map((operand) => [operand, type] as const);
}

function comparedWith(expression: Expression): readonly Expression[] {
  if (expression.kind === "comparison") return [expression.left, expression.right];
  if (expression.kind === "in") return [expression.operand, ...expression.items];
  return expression.kind === "between" ? [expression.operand, expression.low, expression.high] : [];
}

function timeType(name: string): TimeType | undefined {
  if (name === "TIMESTAMP WITH TIME ZONE") return "TIMESTAMPTZ";
  return name === "TIMESTAMPTZ" || name === "TIMESTAMP" || name === "DATE" ? name : undefined;
}

type TypeReader = (expression: Expression) => TimeType | undefined;

const typesOfCalls: ReadonlyMap<string, TimeType> = new Map([
  ...["now", "current_timestamp", "get_current_timestamp", "transaction_timestamp", "to_timestamp"].map(
    (name) => [name, "TIMESTAMPTZ"] as const,
  ),
  ["current_date", "DATE"],
  ["today", "DATE"],
  ["localtimestamp", "TIMESTAMP"],
]);
const keepingType = new Set([
  "min",
  "max",
  "coalesce",
  "greatest",
  "least",
  "any_value",
  "first",
  "last",
  "lag",
  "lead",
]);

/** Tells the type of what is surely a time; a name that may be anything else has none. */
function typeReader(query: Query, tables: readonly BoundTable[]): TypeReader {
  const aliases = new Map<string, Expression>();
  for (const { alias, expression } of selectItemsOf(query))
    if (alias !== undefined) aliases.set(alias.toLowerCase(), expression);
  const typeOf = (expression: Expression, ofColumn: (name: string) => TimeType | undefined): TimeType | undefined => {
    if (expression.kind === "column") return ofColumn(expression.name.toLowerCase());
    if (expression.kind === "cast") return timeType(expression.type);
    const read: TypeReader = (operand) => typeOf(operand, ofColumn);
    if (expression.kind === "arithmetic" && expression.right.kind === "interval")
      return withTime(read(expression.left));
    return expression.kind === "call" ? typeOfCall(expression.name, expression.arguments, read) : undefined;
  };
  const typeOfTables = (name: string): TimeType | undefined =>
    tables.flatMap((table) => columnTypes(table, name)).every((type) => type === "TIMESTAMPTZ")
      ? "TIMESTAMPTZ"
      : undefined;
  // An alias may be named after itself.
  const ofName = (name: string, seen: ReadonlySet<string>): TimeType | undefined => {
    if (tables.some((table) => columnTypes(table, name).length > 0)) return typeOfTables(name);
    const named = seen.has(name) ? undefined : aliases.get(name);
    return named && typeOf(named, (inner) => ofName(inner, new Set([...seen, name])));
  };
  return (expression) => typeOf(expression, (name) => ofName(name, new Set()));
}

function typeOfCall(name: string, [first, second]: readonly Expression[], typeOf: TypeReader): TimeType | undefined {
  if (name === "date_trunc") return second && withTime(typeOf(second));
  return typesOfCalls.get(name) ?? (first && keepingType.has(name) ? typeOf(first) : undefined);
}

/** A date that is reckoned with becomes a TIMESTAMP. */
const withTime = (type: TimeType | undefined): TimeType | undefined => (type === "DATE" ? "TIMESTAMP" : type);

function columnTypes({ target }: BoundTable, name: string): readonly string[] {
  if (target.kind === "system")
    return target.table.columns.filter((column) => column.name.toLowerCase() === name).map(({ type }) => type);
  if (target.kind === "temp")
    return target.table.columns
      .filter((column) => column.name.toLowerCase() === name)
      .map(({ type }) => printDataType(type));
  return [...target.table.columns, ...target.table.pseudoColumns]
    .filter((column) => relationColumnName(column, target.naming).toLowerCase() === name)
    .map(({ type }) => type);
}

function textOfWord(word: string, type: TimeType, context: ConstantContext): string | undefined {
  const seconds = readTime(word, context);
  const shown = seconds !== undefined && type !== "TIMESTAMPTZ" ? wallClockOf(seconds, context.zone) : seconds;
  if (shown === undefined) return undefined;
  const text = timestampText(type === "TIMESTAMPTZ" ? type : "TIMESTAMP", BigInt(Math.round(shown * 1e6)));
  return type === "DATE" ? text.slice(0, 10) : text;
}
