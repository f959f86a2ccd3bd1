import type { PseudoColumn } from "../../catalog/catalog.js";
import type { Expression, TableReference } from "../../syntax/expression.js";
import type { PlanEnvironment } from "../environment.js";
import type { BoundBlock, BoundTable } from "./bound-query.js";
import type { CarriedConditions } from "./carried-conditions.js";
import type { CarriedLimits } from "./carried-limits.js";
import type { CommonTables } from "./column-origin.js";
import type { Scope } from "./scope.js";

/** What a statement's names are gathered into as its tree is walked. */
export interface BindState {
  readonly environment: PlanEnvironment;
  readonly tables: BoundTable[];
  readonly blocks: BoundBlock[];
  readonly columnNames: Set<string>;
  readonly selectedNames: Set<string>;
  readonly wholeRelations: Set<string>;
  readonly pseudoNodes: PseudoNode[];
  /** In ORDER BY an output's name goes before a column's. */
  isOrdering: boolean;
  readonly carried: CarriedConditions;
  readonly limits: CarriedLimits;
}

/** A name that means a filter of a table. */
export interface PseudoNode {
  readonly node: Extract<Expression, { kind: "column" }>;
  readonly item: TableReference;
  readonly column: PseudoColumn;
}

/** What a query may name beside its own tables. */
export interface Enclosing {
  readonly ctes: CommonTables;
  readonly parent: Scope | undefined;
}

/** Within a block: its own tables too. */
export type Inside = Enclosing & { readonly parent: Scope };
