import type { FromItem, Join } from "../../syntax/expression.js";
import type { RelationTarget } from "./relation.js";

/** What FROM reads itself: no join. */
export type FromLeaf = Exclude<FromItem, Join>;

/** What names mean at a place in the statement, inner scopes first. */
export interface Scope {
  /** In the order of FROM. */
  readonly sources: readonly Source[];
  readonly aliases: ReadonlySet<string>;
  /** The one of the sources that an unqualified name means which USING has made one column of two. */
  readonly meant: (name: string) => FromLeaf | undefined;
  readonly parent: Scope | undefined;
}

export interface Source {
  readonly alias: string;
  /**
   * Undefined where only DuckDB knows the columns: a derived table, a CTE, a function, a pivot, and a table whose
   * columns are given other names.
   */
  readonly target: RelationTarget | undefined;
  /** In lower case, the columns of a derived or a common table as far as its text names them. */
  readonly outputs: ReadonlySet<string>;
  readonly item: FromLeaf;
}

/** A source that is a table of ours under its own column names. */
export type TableSource = Source & {
  readonly target: RelationTarget;
  readonly item: Extract<FromLeaf, { kind: "table" }>;
};

export function isTableSource(source: Source): source is TableSource {
  return source.item.kind === "table" && source.target !== undefined;
}
