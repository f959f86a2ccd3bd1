import type { Catalog } from "../catalog/catalog.js";
import type { SqlType } from "../value/sql-type.js";
import type { ConstantContext } from "./predicate/scalar.js";

/** A table of metadata, whose rows are at hand. */
export interface SystemTable {
  /** "information_schema", or undefined for the sys_ tables. */
  readonly schema: string | undefined;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  rows(): readonly (readonly (string | number | boolean | null)[])[];
}

/** All that planning depends on beside the statement. */
export interface PlanEnvironment {
  readonly catalog: Catalog;
  readonly systemTables: readonly SystemTable[];
  readonly constants: ConstantContext;
  /** The connection's own Connect account, shown where AccountId is named and not asked for. */
  readonly accountId: string | undefined;
  readonly pushdown: boolean;
  readonly directWay: boolean;
  readonly readOnly: boolean;
  readonly allowUnfilteredWrites: boolean;
}
