import type { Endpoint, ListEndpoint, Pagination, SearchEndpoint, Table } from "../../catalog/catalog.js";
import type { Json } from "../../value/json.js";
import type { Domain, DomainValue } from "../predicate/domain.js";
import type { ComputedKeys } from "../predicate/predicate.js";

/** A value of a request's parameter, before Stripe's bracket encoding. */
export type RequestParameter = Json;
export type RequestParameters = Readonly<Record<string, RequestParameter>>;

/** Values by column name that rows of an access hold though Stripe's objects do not: pseudo-columns, parents' keys. */
export type Constants = Readonly<Record<string, DomainValue | null>>;

/** Tells the relations of a plan apart: two of one id have the same rows of the same table. */
export type RelationId = string;

/**
 * A value that a request takes from another relation's rows: it is sent once for each row there. Constants
 * need none of this, as they stand in the path and the parameters from the start.
 */
export interface Binding {
  /**
   * "parent": the source is what the rows belong to, and what its rows hold of their own parents holds here too.
   * "join": a row belongs to each value that it is listed for. "member": to the first, as the SQL asks only whether
   * there is one; a row that is listed for two is more than a column can hold. "key": the row holds the value itself.
   * "least", "greatest": the row's own value is no less, no greater; whole seconds.
   */
  readonly kind: "parent" | "join" | "member" | "key" | "least" | "greatest";
  /** Placeholder of the path; where the path has none of this name, a parameter. */
  readonly target: string;
  /** Column that holds the value in the rows that come back, whose objects do not. */
  readonly column: string;
  readonly source: BindingSource;
  /** Values that would make another call of the path: no object has them for its id. */
  readonly reserved?: readonly string[] | undefined;
  /** What the rows must hold that the value was sent for; absent where the request's path or the rows' kind says so. */
  readonly filter?: Omit<SentFilter, "expected"> & { readonly path: readonly string[]; readonly exact: boolean };
}

/** Where a binding's values come from. */
export interface BindingSource {
  readonly relation: RelationId;
  readonly column: string;
  /** What its rows must hold to lead to a request; absent where each of them does. */
  readonly only?: readonly ExpectedField[] | undefined;
}

/** A condition that a list's request carries. */
export interface SentFilter {
  /** As the declarations name it, "status" or "customer_details[email]": Stripe's refusals name it in `param`. */
  readonly parameter: string;
  readonly column: string;
  /** True where the rows can be judged without it: a list that is refused for it can be asked for again without. */
  readonly optional: boolean;
  /** Values sent that no declaration knows: where Stripe refuses the parameter, no row has any of them. */
  readonly unknownValues: readonly string[];
  /** How many values the column can have, where the declarations list them: 2 of a BOOLEAN. */
  readonly valueCount: number | undefined;
  /** What the rows must hold then; undefined where none of their fields tells. */
  readonly expected: ExpectedField | undefined;
}

/** What a request asked of a field of the rows that come back. */
export interface ExpectedField {
  /** Keys from the object to the field. */
  readonly path: readonly string[];
  readonly domain: Domain;
  /** False where Stripe may match more than SQL's comparison does. */
  readonly exact: boolean;
}

/** Rows that a list leaves out though the conditions may mean them. */
export interface OmittedRows {
  /** What a statement is told that may need them. */
  readonly notice: string;
  /** True where they are older than all that the list gives. */
  readonly isOldest: boolean;
}

/** Rows on test clocks, which a list leaves out. */
export interface RowsOnClocks {
  /** Path of the list of clocks. */
  readonly clocks: string;
  /** Keys to the row's own clock. */
  readonly field: readonly string[];
  /** The parameter by which the list gives one clock's rows; undefined where there is none. */
  readonly parameter: string | undefined;
  /** What a statement is told where they cannot be read. */
  readonly notice: string;
}

/** How much of its table a list gives. */
export interface ListedPart {
  readonly filters: readonly SentFilter[];
  /** Lists that hold the table only together, of which this is one; else 1. */
  readonly partitions: number;
}

interface AccessBase {
  readonly endpoint: Endpoint;
  /** Connect account of the requests; undefined: the connection's own. */
  readonly accountId: string | undefined;
  readonly constants: Constants;
  /** The endpoint's path, with the placeholders of `bindings` alone still in it. */
  readonly path: string;
  readonly parameters: RequestParameters;
  /** Of one relation's rows: none where the access waits for nothing. */
  readonly bindings: readonly Binding[];
  /** Where the object that it is bound to holds the object that it asks for, or the first rows of the list. */
  readonly embeddedAt: readonly string[] | undefined;
}

/** One GET of one object; 404 and a deleted object are no row. */
export interface RetrieveAccess extends AccessBase {
  readonly kind: "retrieve";
}

/** The pages of one list or search. */
export interface ListAccess extends AccessBase, ListedPart {
  readonly kind: "list";
  readonly endpoint: ListEndpoint | SearchEndpoint;
  readonly pagination: Pagination;
  readonly maximumPageSize: number;
  readonly budget: "read" | "search";
  /** Keys to the time by which the statement relies on the rows to come newest first; undefined where it does not. */
  readonly newestFirstBy: readonly string[] | undefined;
  readonly omits: readonly OmittedRows[];
  readonly onClocks: RowsOnClocks | undefined;
}

export type Access = RetrieveAccess | ListAccess;

/** Nothing can match: no request. */
export interface EmptyScan {
  readonly kind: "empty";
  readonly reason: string;
}

/**
 * Stripe applies every predicate and, where one is asked for, the order. Only such a scan has a limit:
 * that is how no LIMIT can pass a predicate that is still to be applied.
 */
export interface ExactScan {
  readonly kind: "exact";
  readonly accesses: readonly Access[];
  /** Rows wanted of each access at most. */
  readonly limit: number | undefined;
  /** True where rows of the last one's time, by which they come, are wanted too. */
  readonly ties?: true | undefined;
  /** Which of the rows those are, where they are not the first that Stripe gives; "ends": of the newest and of the oldest. */
  readonly from?: "oldest" | "ends" | undefined;
  /** Where the oldest are wanted: seconds by which about half a page of rows was, as far as is known. */
  readonly oldestBy?: number | undefined;
}

/** Stripe gives a superset of the rows: the statement's own WHERE runs over them. */
export interface InexactScan {
  readonly kind: "inexact";
  readonly accesses: readonly Access[];
  /** The same rows, and more, without any other's: read instead where the keys are too many. */
  readonly unkeyed?: UnkeyedReading | undefined;
}

/** All rows that a table's own conditions leave, where `accesses` ask for those of the keys that another relation holds. */
export interface UnkeyedReading {
  readonly accesses: readonly Access[];
  /** That it takes by what was seen of the table; undefined where nothing was. */
  readonly requests: number | undefined;
}

export type Scan = EmptyScan | ExactScan | InexactScan;

/** A table's rows as a scan gives them, to be loaded for the SQL or for others to take values from. */
export interface Scanned {
  readonly id: RelationId;
  readonly table: Table;
  readonly scan: Scan;
  /** Where no request gives the rows, but the local engine, once the relations are read whose ids are named. */
  readonly computed?: ComputedKeys | undefined;
}

export const accessesOf = (scan: Scan): readonly Access[] => (scan.kind === "empty" ? [] : scan.accesses);

export const limitOf = (scan: Scan): number | undefined => (scan.kind === "exact" ? scan.limit : undefined);

/** The relation whose rows an access takes values from. */
export const sourceOf = ({ bindings }: Access): RelationId | undefined => bindings[0]?.source.relation;

/** Whether other rows' values only bound what the access gives: without them it gives all of those rows, and more. */
export const isBounded = ({ bindings }: Access): boolean =>
  bindings.length > 0 && bindings.every(({ kind }) => kind === "least" || kind === "greatest");

/** The relations that must be read for a relation to be. */
export const awaitedBy = ({ scan, computed }: Pick<Scanned, "scan" | "computed">): readonly RelationId[] => [
  ...waitsFor(scan),
  ...(computed?.reads ?? []),
];

/** The relations that must be read for a scan to be. */
export function waitsFor(scan: Scan): readonly RelationId[] {
  return [...new Set(accessesOf(scan).flatMap((access) => sourceOf(access) ?? []))];
}
