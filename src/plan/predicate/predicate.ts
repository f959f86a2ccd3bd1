import type { ComparisonOperator, TableReference } from "../../syntax/expression.js";
import type { Scalar } from "./scalar.js";

/**
 * A condition on one table's columns, as far as a table can judge it. Each is true of a row only where the
 * SQL it was read from is; a NULL column satisfies none of them but "opaque".
 */
export type Predicate =
  | { readonly kind: "compare"; readonly column: string; readonly operator: ComparisonOperator; readonly value: Scalar }
  | { readonly kind: "any-of"; readonly column: string; readonly values: readonly Scalar[] }
  /** The column equals one of another relation's: of a row that it is joined to, or of any that a subquery gives. */
  | { readonly kind: "joined"; readonly column: string; readonly source: ColumnSource; readonly isMember: boolean }
  /** The column equals one of the values that a subquery gives, or is to the side that `operator` says of one of them. */
  | {
      readonly kind: "bounded";
      readonly column: string;
      readonly operator: Exclude<ComparisonOperator, "<>">;
      readonly source: ColumnSource;
      /** The table of which the subquery gives the greatest value of the column that it orders by, and no other. */
      readonly greatestOf: TableReference | undefined;
    }
  /**
   * A text equals one of the values: the one under `key` in a JSON column's object. Without a key, the column's text
   * holds the one value as a part, in whichever case: that follows from the SQL, which says more.
   */
  | {
      readonly kind: "text";
      readonly column: string;
      readonly key: string | undefined;
      readonly values: readonly string[];
    }
  /** At least one branch holds; a branch is a conjunction. */
  | { readonly kind: "or"; readonly branches: readonly (readonly Predicate[])[] }
  /** No row satisfies it. */
  | { readonly kind: "never" }
  /** What no rule reads; names the columns it mentions. */
  | { readonly kind: "opaque"; readonly columns: readonly string[] };

/** A column of another relation of the statement. */
export interface ColumnSource {
  /** Key of the relation: `relationKey`. */
  readonly relation: string;
  readonly column: string;
  /** As the statement names it: "p.Id". */
  readonly shown: string;
  /** Where the local engine has to be asked for the values; the relation is theirs then. */
  readonly computed?: ComputedKeys | undefined;
}

/** Values that the local engine computes of the statement's relations before the statement itself runs. */
export interface ComputedKeys {
  /** "texts": the different ones, each in a row. "range": the least and the greatest of times, in one row; none of NULLs. */
  readonly form: "texts" | "range";
  /** The query that gives them, as the engine's own tree. */
  readonly tree: string;
  /** Place of their column. */
  readonly column: number;
  /** How many columns at the end of a row tell its place in the order. */
  readonly orderColumns: number;
  /** Keys of the relations that it reads. */
  readonly reads: readonly string[];
  /** Rows that are meant, and those equal to the last of them; undefined: all. */
  readonly limit: number | undefined;
  /** How many different ones there may be at most; undefined where only the rows tell. */
  readonly most: number | undefined;
}

/** How far a scan applies a predicate: fully; some rows too many; not at all. Never too few. */
export type Verdict = "exact" | "inexact" | "unsupported";

export const worstVerdict = (a: Verdict, b: Verdict): Verdict =>
  a === "unsupported" || b === "unsupported" ? "unsupported" : a === "inexact" || b === "inexact" ? "inexact" : "exact";

/** Names of the columns that a predicate mentions. */
export function columnsOfPredicate(predicate: Predicate): readonly string[] {
  switch (predicate.kind) {
    case "compare":
    case "any-of":
    case "joined":
    case "bounded":
    case "text":
      return [predicate.column];
    case "or":
      return predicate.branches.flatMap((branch) => branch.flatMap(columnsOfPredicate));
    case "opaque":
      return predicate.columns;
    case "never":
      return [];
  }
}

/** `Email = 'a@b.c'`, for EXPLAIN. */
export function printPredicate(predicate: Predicate): string {
  switch (predicate.kind) {
    case "compare":
      return `${predicate.column} ${predicate.operator} ${printScalar(predicate.value)}`;
    case "any-of":
      return `${predicate.column} IN (${predicate.values.map(printScalar).join(", ")})`;
    case "joined":
      return `${predicate.column} ${predicate.isMember ? "IN" : "="} ${predicate.source.shown}`;
    case "bounded":
      return `${predicate.column} ${predicate.operator} ${predicate.source.shown}`;
    case "text":
      return printText(predicate);
    case "or":
      return `(${predicate.branches.map((branch) => branch.map(printPredicate).join(" AND ") || "TRUE").join(" OR ")})`;
    case "opaque":
      return predicate.columns.length === 0
        ? "a condition"
        : `a condition on ${[...new Set(predicate.columns)].join(", ")}`;
    case "never":
      return "FALSE";
  }
}

function printText({ column, key, values }: Extract<Predicate, { kind: "text" }>): string {
  const texts = values.map((value) => `'${value.replaceAll("'", "''")}'`);
  if (key === undefined) return `contains(${column}, ${texts.join(", ")})`;
  return texts.length === 1 ? `${column}->>'${key}' = ${texts[0]}` : `${column}->>'${key}' IN (${texts.join(", ")})`;
}

function printScalar(value: Scalar): string {
  switch (value.type) {
    case "null":
      return "NULL";
    case "string":
      return `'${value.value.replaceAll("'", "''")}'`;
    case "number":
      return value.text;
    case "boolean":
      return value.value ? "TRUE" : "FALSE";
    case "timestamp":
      return `'${value.text ?? timeText(value.seconds)}'`;
  }
}

function timeText(seconds: number): string {
  if (Number.isFinite(seconds)) return new Date(seconds * 1000).toISOString();
  return seconds > 0 ? "infinity" : "-infinity";
}
