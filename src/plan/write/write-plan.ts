import type { Parameter, Procedure, Table, WriteEndpoint } from "../../catalog/catalog.js";
import type { Access } from "../access/scan.js";
import type { SelectPlan } from "../select/select-plan.js";

/** The values that an INSERT, UPDATE or EXEC gives: folded already, or rows of a query on the local engine. */
export type ValueSource =
  | { readonly kind: "constants"; readonly rows: readonly (readonly unknown[])[] }
  | { readonly kind: "query"; readonly select: SelectPlan };

/** Where a given value goes. */
export type Slot =
  | { readonly kind: "parameter"; readonly parameter: Parameter }
  /** A placeholder of the endpoint's path. */
  | { readonly kind: "key"; readonly placeholder: string; readonly name: string }
  | { readonly kind: "account" };

export interface InsertPlan {
  readonly kind: "insert";
  readonly table: Table;
  readonly endpoint: WriteEndpoint;
  readonly slots: readonly Slot[];
  readonly values: ValueSource;
  readonly returning: SelectPlan | undefined;
  readonly notices: readonly string[];
}

/**
 * The objects that an UPDATE or DELETE touches. "keys": named by the statement itself, no read is needed.
 * "query": each row of the select holds the keys, then AccountId where `account`, then the assigned values.
 */
export type WriteTargets =
  | { readonly kind: "keys"; readonly accesses: readonly Access[]; readonly values: readonly unknown[] }
  | { readonly kind: "query"; readonly select: SelectPlan; readonly account: boolean };

export interface UpdatePlan {
  readonly kind: "update";
  readonly table: Table;
  readonly endpoint: WriteEndpoint;
  readonly assigned: readonly Parameter[];
  readonly targets: WriteTargets;
  readonly returning: SelectPlan | undefined;
  readonly notices: readonly string[];
}

export interface DeletePlan {
  readonly kind: "delete";
  readonly table: Table;
  readonly endpoint: WriteEndpoint;
  readonly targets: WriteTargets;
  readonly returning: SelectPlan | undefined;
  readonly notices: readonly string[];
}

export interface ProcedurePlan {
  readonly kind: "procedure";
  readonly procedure: Procedure;
  /** Columns of the result: of a table, an object or a list's rows. */
  readonly table: Table | undefined;
  readonly slots: readonly Slot[];
  readonly values: ValueSource;
}
