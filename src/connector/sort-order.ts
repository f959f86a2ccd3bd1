import type { Column, Table } from "../catalog/catalog.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import { quoteName } from "../value/quote.js";
import { entityName } from "./entity-table.js";

export interface SortKey {
  readonly column: Pick<Column, "name" | "type">;
  readonly descending: boolean;
}

/** Reads "Created", "Created DESC". Error 42703 for a column that is not there, 0A000 for one that has no order. */
export function parseSortColumns(texts: readonly string[], table: Table): readonly SortKey[] {
  return texts.map((text) => {
    const match = /^\s*(\S+?)(?:\s+(ASC|DESC))?\s*$/i.exec(text);
    if (match === null) throw notSortable(`"${text}" is not a column to sort by`, "Write Created or Created DESC.");
    const [, name = "", direction = "ASC"] = match;
    return { column: sortColumn(name, table), descending: direction.toUpperCase() === "DESC" };
  });
}

function sortColumn(name: string, table: Table): Column {
  const wanted = name.toLowerCase();
  const columns = table.columns.filter((column) => !column.hidden);
  const column =
    columns.find((candidate) => candidate.name.toLowerCase() === wanted) ??
    columns.find((candidate) => candidate.stripeName.toLowerCase() === wanted);
  if (column === undefined) {
    const near = didYouMean(
      name,
      columns.map((candidate) => candidate.name),
    );
    throw new StripeSqlError(`field "${name}" does not exist in ${entityName(table)}`, {
      sqlState: SqlState.undefinedColumn,
      phase: "plan",
      hint: near ?? "A sort column is a field of the entity's schema.",
    });
  }
  if (column.type === "JSON") throw notSortable(`field "${column.name}" is a structure and has no order`);
  return column;
}

function notSortable(message: string, hint?: string): StripeSqlError {
  return new StripeSqlError(message, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint,
  });
}

/** The keys with what tells rows apart behind them, so that no two rows are alike in all of them. */
export function totalOrder(keys: readonly SortKey[], identity: readonly SortKey["column"][]): readonly SortKey[] {
  const given = new Set(keys.map(({ column }) => column.name));
  const rest = identity.filter(({ name }) => !given.has(name));
  return [...keys, ...rest.map((column) => ({ column, descending: false }))];
}

export function orderBy(keys: readonly SortKey[]): string {
  return keys.map(({ column, descending }) => `${quoteName(column.name)} ${descending ? "DESC" : "ASC"}`).join(", ");
}

/**
 * The condition of the rows that follow one whose values are given, with its parameters from $1 on: they are alike in
 * the first keys and follow in the next. NULL sorts as the largest value, so nothing follows it ascending and all else
 * does descending.
 */
export function rowsAfter(
  keys: readonly SortKey[],
  values: readonly (string | null)[],
): { readonly sql: string; readonly parameters: readonly string[] } {
  const parameters: string[] = [];
  const bounds = keys.map((key, index): Bound => {
    const value = values[index] ?? null;
    if (value !== null) parameters.push(value);
    // Values travel as DuckDB writes them, which it reads back without loss.
    return { key, value: value === null ? undefined : `CAST($${parameters.length} AS ${castType(key.column)})` };
  });
  const alternatives = bounds.flatMap((bound, index) => {
    const follows = followsIn(bound);
    return follows === undefined ? [] : [`(${[...bounds.slice(0, index).map(isAlike), follows].join(" AND ")})`];
  });
  return { sql: alternatives.length === 0 ? "FALSE" : `(${alternatives.join(" OR ")})`, parameters };
}

/** A key and the SQL of the value that it is compared with; undefined for NULL. */
interface Bound {
  readonly key: SortKey;
  readonly value: string | undefined;
}

function isAlike({ key, value }: Bound): string {
  return value === undefined ? `${nameOf(key)} IS NULL` : `${nameOf(key)} = ${value}`;
}

function followsIn({ key, value }: Bound): string | undefined {
  const name = nameOf(key);
  if (key.descending) return value === undefined ? `${name} IS NOT NULL` : `${name} < ${value}`;
  return value === undefined ? undefined : `(${name} > ${value} OR ${name} IS NULL)`;
}

const nameOf = ({ column }: SortKey): string => quoteName(column.name);
const castType = ({ type }: SortKey["column"]): string => (type === "DECIMAL" ? "DECIMAL(38,12)" : type);
