import type { Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { isPseudoColumn, readConjunction } from "../predicate/conjunction.js";
import { judgeEnumValues } from "../predicate/enum-rule.js";
import type { Predicate } from "../predicate/predicate.js";
import { columnsOfPredicate } from "../predicate/predicate.js";
import type { AccessAnswer, AccessPlanner, AccessRequest, Candidate } from "./candidate.js";
import type { Cost } from "./cost.js";
import { compareCosts, costOf, prudent, sumOf } from "./cost.js";
import { listRule } from "./list-rule.js";
import { orRule } from "./or-rule.js";
import { retrieveRule } from "./retrieve-rule.js";
import type { Access, Scan } from "./scan.js";
import { searchRule } from "./search-rule.js";

/**
 * The one place that decides what is pushed. Given the whole conjunction, the answer is the requests and
 * one verdict for each predicate; what it calls exact is never applied again, so every rule states why.
 */
export function planAccess(request: AccessRequest): AccessAnswer {
  const { table } = request;
  const enumCheck = judgeEnumValues(request, request.predicates);
  const conjunction = readConjunction(table, enumCheck.predicates);
  if (conjunction.impossible && request.pushdown) {
    return {
      scan: { kind: "empty", reason: enumCheck.notices[0] ?? "no row can satisfy the conditions" },
      feeds: [],
      verdicts: request.predicates.map(() => "exact"),
      newestFirst: true,
      notices: enumCheck.notices,
    };
  }
  const best = chooseCandidate(request, conjunction);
  requirePseudoColumnsApplied(table, conjunction.predicates, best);
  return {
    scan: scanOf(best, request),
    feeds: best.feeds,
    verdicts: best.verdicts,
    newestFirst: best.newestFirst,
    notices: [...enumCheck.notices, ...best.notices],
  };
}

/** A pseudo-column is no field of a row: a condition on it that no request applies cannot be judged at all. */
function requirePseudoColumnsApplied(table: Table, predicates: readonly Predicate[], best: Candidate): void {
  const column = unjudgedColumn(table, predicates, best);
  if (column === undefined) return;
  throw new StripeSqlError(`column "${column}" of "${table.name}" can only be compared with = to a constant`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: `"${column}" is a filter of Stripe's list, not a field of its rows.`,
    hint: `Write ${column} = '…', joined to the other conditions by AND.`,
  });
}

function unjudgedColumn(table: Table, predicates: readonly Predicate[], { verdicts }: Candidate): string | undefined {
  const unjudged = predicates.filter((_, index) => verdicts[index] === "unsupported");
  return unjudged.flatMap(columnsOfPredicate).find((name) => isPseudoColumn(table, name));
}

/**
 * The cheapest of the candidates that judge every pseudo-column, or else of all; of several that of the fewest
 * lists, as each is a request at least. An error where none can answer.
 */
function chooseCandidate(request: AccessRequest, conjunction: Conjunction): Candidate {
  const visible = request.pushdown ? conjunction : onlyPseudoColumns(request.table, conjunction);
  const isAble = (candidate: Candidate): boolean =>
    unjudgedColumn(request.table, conjunction.predicates, candidate) === undefined;
  const retrieve = retrieveRule(request, visible);
  if (retrieve !== undefined && isOneRequest(retrieve) && isAble(retrieve)) return retrieve;
  const candidates = [
    retrieve,
    searchRule(request, visible),
    ...request.table.lists.map((endpoint) => listRule(request, endpoint, visible, planner)),
    ...(request.pushdown ? orRule(request, visible, planner) : []),
  ].filter((candidate) => candidate !== undefined);
  const able = candidates.filter(isAble);
  const eligible = able.length > 0 ? able : candidates;
  const [only] = eligible;
  if (only !== undefined && eligible.length === 1) return only;
  const costed = eligible.map((candidate) => ({ candidate, cost: candidateCost(candidate, request) }));
  const [first, ...others] = costed;
  if (first === undefined) throw unreachable(request.table, visible);
  return others.reduce((best, other) => (isCheaper(other, best) ? other : best), first).candidate;
}

/** One request for one object, which no other candidate can undercut. */
const isOneRequest = ({ accesses, feeds }: Candidate): boolean => accesses.length === 1 && feeds.length === 0;

function candidateCost(candidate: Candidate, request: AccessRequest): Cost {
  const { table, statistics } = request;
  const read = [{ table, scan: scanOf(candidate, request) }, ...candidate.feeds];
  return sumOf(read.map((one) => costOf(one, { statistics, assumptions: prudent, sources: candidate.feeds })));
}

interface CostedCandidate {
  readonly candidate: Candidate;
  readonly cost: Cost;
}

function isCheaper(one: CostedCandidate, other: CostedCandidate): boolean {
  const difference = compareCosts(one.cost, other.cost);
  return difference < 0 || (difference === 0 && one.candidate.accesses.length < other.candidate.accesses.length);
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
  const { verdicts } = candidate;
  const isRelied = request.order === "created-descending" && candidate.newestFirst;
  const accesses = isRelied
    ? candidate.accesses.map((access) => newestFirst(access, request.table))
    : candidate.accesses;
  if (!verdicts.every((verdict) => verdict === "exact")) return { kind: "inexact", accesses };
  const ordered = request.order === "any" || isRelied;
  return { kind: "exact", accesses, limit: ordered ? request.limit : undefined };
}

/** The access, its order to be checked as its rows come. */
function newestFirst(access: Access, { columns }: Table): Access {
  const created = columns.find(({ stripeName }) => stripeName === "created")?.path;
  return access.kind === "list" ? { ...access, newestFirstBy: created } : access;
}

function unreachable(table: Table, conjunction: Conjunction): StripeSqlError {
  const pseudo = [...conjunction.domains.keys()].filter((column) => isPseudoColumn(table, column));
  const keys = [...new Set(table.lists.flatMap((list) => list.parents.map((parent) => parent.column)))];
  return new StripeSqlError(`table "${table.name}" cannot be read with these conditions`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail:
      pseudo.length > 0
        ? `No request of Stripe's takes ${pseudo.join(" and ")} together here.`
        : "Stripe has no list of all its rows.",
    hint:
      keys.length > 0
        ? `Give ${keys.join(" or ")} = '…' in WHERE.`
        : `Give ${table.primaryKey ?? "its key"} = '…' in WHERE.`,
  });
}

const planner: AccessPlanner = { plan: planAccess, choose: chooseCandidate };
