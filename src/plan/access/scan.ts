import type { Endpoint, Pagination, ParentKey, Table } from "../../catalog/catalog.js";
import type { Json } from "../../value/json.js";
import type { DomainValue } from "../predicate/domain.js";

/** A value of a request's parameter, before Stripe's bracket encoding. */
export type RequestParameter = Json;
export type RequestParameters = Readonly<Record<string, RequestParameter>>;

/** Values by column name that rows of an access hold though Stripe's objects do not: pseudo-columns, parents' keys. */
export type Constants = Readonly<Record<string, DomainValue | null>>;

/** How much of its table a list gives. */
export interface ListedPart {
  /** Columns whose conditions the request applies. */
  readonly filters: readonly string[];
  /** Lists that hold the table only together, of which this is one; else 1. */
  readonly partitions: number;
}

interface AccessBase {
  readonly endpoint: Endpoint;
  /** Connect account of the requests; undefined: the connection's own. */
  readonly accountId: string | undefined;
  readonly constants: Constants;
}

/** One GET of one object; 404 and a deleted object are no row. */
export interface RetrieveAccess extends AccessBase {
  readonly kind: "retrieve";
  readonly path: string;
  readonly parameters: RequestParameters;
}

/** The pages of one list or search. */
export interface ListAccess extends AccessBase, ListedPart {
  readonly kind: "list";
  readonly path: string;
  readonly parameters: RequestParameters;
  readonly pagination: Pagination;
  readonly maximumPageSize: number;
  readonly budget: "read" | "search";
}

/** A nested list read for each row of its parent's scan. */
export interface NestedAccess extends AccessBase, ListedPart {
  readonly kind: "nested";
  readonly parentTable: Table;
  readonly parent: Access;
  /** Where the parent's key goes: a placeholder of `endpoint.path`, or a parameter where the path has none. */
  readonly key: ParentKey;
  /** The path with every other placeholder filled in. */
  readonly path: string;
  readonly parameters: RequestParameters;
  /** "singleton": one object for each parent. */
  readonly pagination: Pagination | "singleton";
  readonly maximumPageSize: number;
  /** Where the parent's object holds the first of the children. */
  readonly embeddedAt: readonly string[] | undefined;
}

export type Access = RetrieveAccess | ListAccess | NestedAccess;

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
}

/** Stripe gives a superset of the rows: the statement's own WHERE runs over them. */
export interface InexactScan {
  readonly kind: "inexact";
  readonly accesses: readonly Access[];
}

export type Scan = EmptyScan | ExactScan | InexactScan;

export const accessesOf = (scan: Scan): readonly Access[] => (scan.kind === "empty" ? [] : scan.accesses);
