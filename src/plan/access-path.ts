import type { ListEndpoint, ParentKey, Table } from "../catalog/catalog.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { SqlState } from "../error/sql-state.js";
import { type Conjunction, isPseudoColumn, readConjunction, verdictsOf } from "./conjunction.js";
import { rejectUnknownEnumValues } from "./enum-rule.js";
import { planList } from "./list-rule.js";
import { orRule } from "./or-rule.js";
import type { Predicate, Verdict } from "./predicate.js";
import { retrieveRule } from "./retrieve-rule.js";
import type { Access, Scan } from "./scan.js";
import { searchRule } from "./search-rule.js";

/** What a statement wants of one table. */
export interface AccessRequest {
  readonly table: Table;
  /** The conjunction that rows must satisfy. */
  readonly predicates: readonly Predicate[];
  /** Order in which the rows must come, where the statement can use Stripe's own. */
  readonly order: "created-descending" | "any" | "other";
  /** Rows wanted, OFFSET included; undefined: all. */
  readonly limit: number | undefined;
  /** Columns that the statement names, for those that Stripe sends only on request. */
  readonly includes: readonly (readonly string[])[];
  /** False: predicates on columns are left to the local engine. Pseudo-columns are always pushed. */
  readonly pushdown: boolean;
  /** Finds a parent's table for a nested list. */
  readonly findTable: (name: string, schema: Table["schema"]) => Table | undefined;
}

export interface AccessAnswer {
  readonly scan: Scan;
  /** One for each predicate of the request, in its order. */
  readonly verdicts: readonly Verdict[];
  readonly notices: readonly string[];
}

/** A way to read the rows, before the limit is decided. */
export interface Candidate {
  readonly accesses: readonly Access[];
  readonly verdicts: readonly Verdict[];
  /** True where each access gives newest rows first. */
  readonly newestFirst: boolean;
  /** Lower is fewer requests, as far as it can be told without asking: see the ranks below. */
  readonly rank: number;
  readonly notices: readonly string[];
}

/** Ranks of access paths: an id beats a filter, a filter beats the whole table, and scanning parents comes last. */
export const Rank = { retrieve: 0, search: 10, list: 100, nestedOverParents: 10_000 } as const;

/**
 * The one place that decides what is pushed. Given the whole conjunction, the answer is the requests and
 * one verdict for each predicate; what it calls exact is never applied again, so every rule states why.
 */
export function planAccess(request: AccessRequest): AccessAnswer {
  const { table } = request;
  const enumCheck = rejectUnknownEnumValues(table, request.predicates);
  const conjunction = readConjunction(table, enumCheck.predicates);
  if (conjunction.impossible && request.pushdown) {
    return {
      scan: { kind: "empty", reason: enumCheck.notices[0] ?? "no row can satisfy the conditions" },
      verdicts: request.predicates.map(() => "exact"),
      notices: enumCheck.notices,
    };
  }
  const best = bestCandidate(request, conjunction);
  return { scan: scanOf(best, request), verdicts: best.verdicts, notices: [...enumCheck.notices, ...best.notices] };
}

/** The candidate of the lowest rank; an error where none can answer. */
export function bestCandidate(request: AccessRequest, conjunction: Conjunction): Candidate {
  const visible = request.pushdown ? conjunction : onlyPseudoColumns(request.table, conjunction);
  const candidates = [
    retrieveRule(request, visible),
    searchRule(request, visible),
    ...request.table.lists.map((endpoint) => planList(request, endpoint, visible)),
    ...(request.pushdown ? [orRule(request, visible)] : []),
  ].filter((candidate) => candidate !== undefined);
  const best = candidates.reduce<Candidate | undefined>(
    (lowest, candidate) => (lowest === undefined || candidate.rank < lowest.rank ? candidate : lowest),
    undefined,
  );
  if (best === undefined) throw unreachable(request.table, visible);
  return best;
}

function onlyPseudoColumns(table: Table, conjunction: Conjunction): Conjunction {
  const domains = new Map([...conjunction.domains].filter(([column]) => isPseudoColumn(table, column)));
  return { ...conjunction, domains };
}

/**
 * A limit needs every predicate exact and an order that Stripe keeps: then the first n rows that Stripe
 * gives are the first n of the answer. Over several accesses in order, the first n of each contain the
 * first n of all; without an order, any n do.
 */
function scanOf(candidate: Candidate, request: AccessRequest): Scan {
  const { accesses, verdicts } = candidate;
  if (!verdicts.every((verdict) => verdict === "exact")) return { kind: "inexact", accesses };
  const ordered = request.order === "any" || (request.order === "created-descending" && candidate.newestFirst);
  return { kind: "exact", accesses, limit: ordered ? request.limit : undefined };
}

function unreachable(table: Table, conjunction: Conjunction): StripeSqlError {
  const pseudo = [...conjunction.domains.keys()].filter((column) => isPseudoColumn(table, column));
  const keys = [...new Set(table.lists.flatMap((list: ListEndpoint) => list.parents.map((parent: ParentKey) => parent.column)))];
  return new StripeSqlError(`table "${table.name}" cannot be read with these conditions`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: pseudo.length > 0 ? `No request of Stripe's takes ${pseudo.join(" and ")} together here.` : "Stripe has no list of all its rows.",
    hint: keys.length > 0 ? `Give ${keys.join(" or ")} = '…' in WHERE.` : `Give ${table.primaryKey ?? "its key"} = '…' in WHERE.`,
  });
}

/** Verdicts for a candidate that applies these columns. */
export { verdictsOf };
