import type { FromItem } from "../../syntax/expression.js";
import type { RelationTarget } from "./relation.js";

/** What names mean at a place in the statement, inner scopes first. */
export interface Scope {
  readonly sources: readonly Source[];
  readonly aliases: ReadonlySet<string>;
  readonly parent: Scope | undefined;
}

export interface Source {
  readonly alias: string;
  /** Undefined for a derived table, a CTE or a function: its columns are DuckDB's to know. */
  readonly target: RelationTarget | undefined;
  readonly item: FromItem;
}
