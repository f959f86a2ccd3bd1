import type { Endpoint, Parameter, Procedure, Table, WriteEndpoint } from "../../catalog/catalog.js";
import type { JsonObject } from "../../value/json.js";
import type { TimeReading } from "../../value/timestamp.js";
import type { RequestParameters } from "../scan/scan.js";
import type { SelectPlan } from "../select/select-plan.js";
import type { AssignedStructure } from "./exact-structure.js";

/** Where a given value goes. */
export type Slot =
  | { readonly kind: "parameter"; readonly parameter: Parameter }
  /** A patch that is known already goes there, whatever the row's value. */
  | { readonly kind: "merge"; readonly parameter: Parameter; readonly patch: JsonObject }
  /** The value is what the object holds of a structure; that of an earlier slot is to be all that it holds. */
  | { readonly kind: "current"; readonly structure: AssignedStructure }
  /** A placeholder of the endpoint's path. */
  | { readonly kind: "key"; readonly placeholder: string; readonly name: string }
  | { readonly kind: "account" };

/** What a row of values is filled into. */
export interface RequestTemplate {
  readonly endpoint: Endpoint;
  /** One for each value of a row. */
  readonly slots: readonly Slot[];
  /**
   * True where the path names the object that is written, which is there already: NULL then unsets a field,
   * where else it leaves the parameter out.
   */
  readonly isOfObject: boolean;
  /** How a text among the values is a time. */
  readonly reading: TimeReading;
}

/** One request that changes something, complete but not sent. */
export interface WriteRequest {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly parameters: RequestParameters;
  /** Connect account of the request; undefined: the connection's own. */
  readonly accountId: string | undefined;
  /** The id of the object that is written; undefined where it is still to be made, and for a procedure. */
  readonly id: string | undefined;
  /** Names of fields that an assignment does not hold and that Stripe cannot unset; absent where there are none. */
  readonly keeps?: readonly string[] | undefined;
  /** What is odd about the values, though Stripe may take them; absent where nothing is. */
  readonly notices?: readonly string[] | undefined;
}

/**
 * The requests of a statement. "constant": known from its text and parameters alone, nothing has to be read.
 * "query": one for each row of a SELECT, whose columns are the template's slots. "merge": each row is written as one of
 * its clauses says, or not at all.
 */
export type WriteRequests =
  | { readonly kind: "constant"; readonly requests: readonly WriteRequest[] }
  | QueryRequests
  | MergeRequests;

export interface QueryRequests {
  readonly kind: "query";
  readonly select: SelectPlan;
  readonly template: RequestTemplate;
  /** True where several rows may be of one object. */
  readonly isJoined?: boolean;
  /** True where the rows name objects that nobody has seen to be there. */
  readonly isUnseen?: true;
}

/**
 * The SELECT's columns: the number of the clause that a row fits, from 0, or NULL for none; then those of `conflict`, the
 * object's keys, and each clause's own values.
 */
export interface MergeRequests {
  readonly kind: "merge";
  readonly select: SelectPlan;
  readonly conflict: ConflictColumns | undefined;
  readonly keys: { readonly first: number; readonly names: readonly string[] };
  readonly clauses: readonly PlannedClause[];
}

/** Columns of a row, from one on. */
export interface ColumnRange {
  readonly first: number;
  readonly count: number;
}

/** Of an INSERT … ON CONFLICT. */
export interface ConflictColumns {
  /** Of the row's place among those that are given, from 1. */
  readonly place: number;
  /** Of what one row and one object at most may have. */
  readonly values: ColumnRange;
  /** What those are called: "(Email)". */
  readonly called: string;
}

export type PlannedClause =
  | { readonly kind: "nothing" }
  /** Of one that inserts the template takes the values, of others the keys before them. */
  | {
      readonly kind: "insert" | "update" | "delete";
      readonly template: RequestTemplate;
      readonly values: ColumnRange;
    };

interface TableWrite {
  readonly table: Table;
  readonly endpoint: WriteEndpoint;
  readonly requests: Exclude<WriteRequests, MergeRequests>;
  readonly returning: SelectPlan | undefined;
  readonly notices: readonly string[];
}

export interface InsertPlan extends TableWrite {
  readonly kind: "insert";
}

/** Constant requests of an UPDATE or DELETE were not seen to have their objects: one that is not there is no match. */
export interface UpdatePlan extends TableWrite {
  readonly kind: "update";
}

export interface DeletePlan extends TableWrite {
  readonly kind: "delete";
}

/** MERGE, and INSERT … ON CONFLICT. */
export interface MergePlan {
  readonly kind: "merge";
  readonly command: "MERGE" | "INSERT";
  readonly table: Table;
  readonly requests: MergeRequests;
  readonly returning: SelectPlan | undefined;
  readonly notices: readonly string[];
}

export interface ProcedurePlan {
  readonly kind: "procedure";
  readonly procedure: Procedure;
  /** Columns of the result: of a table, an object or a list's rows. */
  readonly table: Table | undefined;
  readonly requests: Exclude<WriteRequests, MergeRequests>;
  /** True where it is called for each row of a source. */
  readonly isOfRows: boolean;
  /** Inputs that a source's rows give, by which the result tells what each row is of; none for a call alone. */
  readonly keys: readonly Parameter[];
}
