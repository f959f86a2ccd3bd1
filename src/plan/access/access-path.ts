import type { Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Assumptions, Cost } from "../cost/cost.js";
import { asSeen, compareCosts, costOf, likely, nothing, prudent, sumOf } from "../cost/cost.js";
import { timeOfOldest } from "../cost/list-estimate.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { isPseudoColumn, readConjunction } from "../predicate/conjunction.js";
import { judgeEnumValues } from "../predicate/enum-rule.js";
import type { Predicate } from "../predicate/predicate.js";
import { columnsOfPredicate, worstVerdict } from "../predicate/predicate.js";
import type { Access, ListAccess, Scan } from "../scan/scan.js";
import { accessesOf, isBounded } from "../scan/scan.js";
import type { AccessAnswer, AccessPlanner, AccessRequest, Candidate, RejectedWay } from "./candidate.js";
import { isFilterDoubted } from "./doubt-rule.js";
import { listRule } from "./list-rule.js";
import { orRule } from "./or-rule.js";
import { keyedRetrieves, retrieveRule } from "./retrieve-rule.js";
import { searchRule } from "./search-rule.js";
import { searchedRowsRule, unsearchedNotices } from "./searched-rows-rule.js";

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
      cost: nothing,
      expansions: [],
      rejected: [],
    };
  }
  const { keyed, free, candidates } = waysOf(request, conjunction);
  const best = keyed ?? free;
  if (best === undefined) throw unreachable(table, conjunction);
  requirePseudoColumnsApplied(table, conjunction.predicates, best);
  const others = candidates.filter((candidate) => candidate !== best && (keyed === undefined || candidate !== free));
  const rejected = others.map((candidate) => rejectedWay(candidate, request));
  const answer = { ...answerOf(best, request, enumCheck.notices), rejected };
  return keyed === undefined ? answer : withUnkeyed(answer, free, request);
}

function rejectedWay(candidate: Candidate, request: AccessRequest): RejectedWay {
  const { feeds, keyedBy } = candidate;
  const scan = scanOf(candidate, request);
  return keyedBy === undefined
    ? { scan, feeds, sources: feeds }
    : { scan, feeds: [], sources: [...feeds, keyedBy.source.scanned] };
}

function answerOf(best: Candidate, request: AccessRequest, notices: readonly string[]): Omit<AccessAnswer, "rejected"> {
  return {
    scan: scanOf(best, request),
    feeds: best.feeds,
    verdicts: best.verdicts,
    newestFirst: best.newestFirst,
    notices: [...notices, ...best.notices],
    cost: candidateCost(best, request, likely),
    expansions: best.keyedBy?.expansion === undefined ? [] : [best.keyedBy.expansion],
  };
}

/**
 * What `free` reads are all rows that the keyed reading may, so that either will do: how many keys there are is known
 * when they are. A table whose rows have no identity is read in one way only, as it could not be told which came twice.
 */
function withUnkeyed(answer: AccessAnswer, free: Candidate | undefined, request: AccessRequest): AccessAnswer {
  if (free === undefined || free.feeds.length > 0 || request.table.primaryKey === undefined) return answer;
  if (answer.scan.kind === "empty") return answer;
  const { requests, basis } = candidateCost(free, request, asSeen);
  const known = basis === "assumed" ? undefined : requests;
  const { accesses } = answer.scan;
  // A bounded list may come in an order that is relied on, and so may the one in its place.
  const unkeyed = accesses.every(isBounded) ? accessesOf(scanOf(free, request)) : free.accesses;
  return {
    ...answer,
    scan: { kind: "inexact", accesses, unkeyed: { accesses: unkeyed, requests: known } },
    verdicts: answer.verdicts.map((verdict, index) => worstVerdict(verdict, free.verdicts[index] ?? "unsupported")),
    notices: [...new Set([...answer.notices, ...free.notices])],
    cost: known !== undefined && known < answer.cost.requests ? { ...answer.cost, requests: known } : answer.cost,
  };
}

interface Ways {
  /** The best of those that find rows by another relation's keys, unless another is sure to be better. */
  readonly keyed: Candidate | undefined;
  /** The best of the others. */
  readonly free: Candidate | undefined;
  /** All that there are. */
  readonly candidates: readonly Candidate[];
}

function waysOf(request: AccessRequest, conjunction: Conjunction): Ways {
  const candidates = candidatesOf(request, conjunction);
  const free = cheapest(
    candidates.filter(({ keyedBy }) => keyedBy === undefined),
    request,
  );
  // What may turn out to have no bound needs another reading.
  const isSure = free !== undefined && free.feeds.length === 0;
  const keyed = cheapest(
    candidates.filter(({ keyedBy, accesses }) => keyedBy !== undefined && (isSure || !accesses.some(isBounded))),
    request,
  );
  if (keyed === undefined || free === undefined) return { keyed, free, candidates };
  return { keyed: isWorthKeying(keyed, free, request) ? keyed : undefined, free, candidates };
}

/** Where it is not known which of the two takes more, it is decided when the keys are. */
function isWorthKeying(keyed: Candidate, free: Candidate, request: AccessRequest): boolean {
  const [one, other] = [candidateCost(keyed, request, likely), candidateCost(free, request, likely)];
  const isCountedFirst = keyed.keyedBy?.source.scanned.computed !== undefined && one.basis === "assumed";
  return one.requests <= other.requests || other.basis === "assumed" || isCountedFirst;
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

/** The cheapest of the candidates that need no other relation. An error where there is none. */
function chooseCandidate(request: AccessRequest, conjunction: Conjunction): Candidate {
  const free = cheapest(
    candidatesOf(request, conjunction).filter(({ keyedBy }) => keyedBy === undefined),
    request,
  );
  if (free === undefined) throw unreachable(request.table, conjunction);
  return free;
}

/** All that judge every pseudo-column, or else all. */
function candidatesOf(request: AccessRequest, conjunction: Conjunction): readonly Candidate[] {
  const visible = request.pushdown ? conjunction : onlyPseudoColumns(request.table, conjunction);
  const isAble = (candidate: Candidate): boolean =>
    unjudgedColumn(request.table, conjunction.predicates, candidate) === undefined;
  const retrieve = retrieveRule(request, visible);
  if (retrieve !== undefined && isOneRequest(retrieve) && isAble(retrieve)) return [retrieve];
  const candidates = [
    retrieve,
    searchRule(request, visible),
    ...keyedRetrieves(request, visible),
    ...request.table.lists.flatMap((endpoint) => listRule(request, endpoint, visible, planner)),
    ...(request.pushdown ? orRule(request, visible, planner) : []),
  ].filter((candidate) => candidate !== undefined);
  const able = candidates.filter(isAble);
  return withSearch(able.length > 0 ? able : candidates, request, visible);
}

/** Search has to save more requests than these: it knows of changes late, and takes 20 a second. */
const leastSaving = 50;

/**
 * A search in the place of the lists: wherever there is one, if that is demanded, and else where it is known to save
 * many requests over all others. An id is asked for by its key all the same.
 */
function withSearch(
  candidates: readonly Candidate[],
  request: AccessRequest,
  conjunction: Conjunction,
): readonly Candidate[] {
  if (request.search === "off" || request.table.search === undefined) return candidates;
  if (candidates.some(({ accesses, keyedBy }) => keyedBy === undefined && accesses.every(isNoList))) return candidates;
  const costs = candidates.map((candidate) => candidateCost(candidate, request, likely));
  const isLarge = costs.every(({ requests, basis }) => basis === "seen" && requests > leastSaving);
  if (request.search === "auto" && !isLarge) return candidates;
  const searched = searchedRowsRule(request, conjunction, planner);
  if (searched === undefined) {
    const notices = unsearchedNotices(request, conjunction);
    return candidates.map((candidate) => ({ ...candidate, notices: [...candidate.notices, ...notices] }));
  }
  const cost = searchCost(searched, request);
  const isSaving = costs.every(({ requests }) => requests - cost > leastSaving);
  if (request.search === "auto" && !isSaving) return candidates;
  return [searched, ...candidates.filter(({ keyedBy }) => keyedBy !== undefined)];
}

const isNoList = (access: Access): boolean => access.kind === "retrieve";

/** The pages of its searches, and of each list of the last hour one. */
function searchCost(searched: Candidate, request: AccessRequest): number {
  const isSearch = (access: Access): boolean => access.kind === "list" && access.budget === "search";
  const searches = { ...searched, accesses: searched.accesses.filter(isSearch) };
  return candidateCost(searches, request, likely).requests + searched.accesses.length - searches.accesses.length;
}

/** Of several of the same cost that of the fewest lists, as each is a request at least. */
function cheapest(candidates: readonly Candidate[], request: AccessRequest): Candidate | undefined {
  const [only, another] = candidates;
  if (another === undefined) return only;
  const costed = candidates.map((candidate) => ({ candidate, cost: candidateCost(candidate, request, prudent) }));
  return costed.reduce((best, other) => (isCheaper(other, best) ? other : best)).candidate;
}

/** One request for one object, which no other candidate can undercut. */
const isOneRequest = ({ accesses, feeds }: Candidate): boolean => accesses.length === 1 && feeds.length === 0;

/** The relations of the statement that it waits for are read for their own sake. */
function candidateCost(candidate: Candidate, request: AccessRequest, assumptions: Assumptions): Cost {
  const { table, statistics } = request;
  const { feeds, keyedBy } = candidate;
  const ownFeeds = keyedBy === undefined ? feeds : [];
  const sources = keyedBy === undefined ? feeds : [...feeds, keyedBy.source.scanned];
  const read = [{ table, scan: scanOf(candidate, request) }, ...ownFeeds];
  return sumOf(read.map((one) => costOf(one, { statistics, assumptions, sources })));
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
  const oldest = oldestOf(candidate, request);
  if (oldest !== undefined) return oldest;
  const ordered = request.order === "any" || isRelied;
  const ties = request.ties === true && isRelied ? { ties: true as const } : {};
  return { kind: "exact", accesses, limit: ordered ? request.limit : undefined, ...ties };
}

/** Rows from the other end, where the list can be asked for those before a time. */
function oldestOf(
  { accesses: [access, another], newestFirst: isNewestFirst }: Candidate,
  request: AccessRequest,
): Scan | undefined {
  const { order, limit } = request;
  const isFromEnd = (order === "created-ascending" || order === "created-ends") && !request.without.has("ends");
  if (!isFromEnd || limit === undefined || limit > maximumOldest || another !== undefined) return undefined;
  if (access?.kind !== "list" || !isNewestFirst || !hasTimes(access, request)) return undefined;
  const { table, statistics } = request;
  if (order === "created-ends" && isOnePage(access, request)) return undefined;
  const of = { schema: table.schema, table: table.name, accountId: access.accountId };
  const oldestBy = limit > knownOldest ? undefined : timeOfOldest({ access, of, statistics }, knownOldest);
  return { kind: "exact", accesses: [access], limit, from: order === "created-ends" ? "ends" : "oldest", oldestBy };
}

/** A list that was seen to be no longer holds both of its ends in the first answer. */
function isOnePage(access: ListAccess, { table, statistics }: AccessRequest): boolean {
  const whole = { table, scan: { kind: "exact", accesses: [access], limit: undefined } } as const;
  const { requests, basis } = costOf(whole, { statistics, assumptions: asSeen, sources: [] });
  return basis !== "assumed" && requests <= 1;
}

/** Half a page: the list may have lost or gained some since, and those of one time come together. */
const knownOldest = 50;

/** More rows than these are read as others are: from the newest on. */
const maximumOldest = 100;

/** Rows on test clocks come in lists of their own, each with an end of its own. */
function hasTimes({ endpoint, pagination, onClocks, accountId }: ListAccess, request: AccessRequest): boolean {
  const { filters } = request.table.lists.find((list) => list.path === endpoint.path) ?? { filters: [] };
  const created = filters.find(({ parameter, operators }) => parameter === "created" && operators === "range");
  const isWithoutClocks = onClocks === undefined || request.statistics.testClocks(accountId) === 0;
  return (
    created !== undefined &&
    pagination === "cursor" &&
    isWithoutClocks &&
    request.pushdown &&
    !isFilterDoubted(request, created, [accountId])
  );
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
