import type { Table } from "../../catalog/catalog.js";
import { distinctAmong } from "../../value/distinct-count.js";
import { unbounded } from "../predicate/domain.js";
import type { Access, ExactScan, ListAccess, Scanned, SentFilter, UnkeyedReading } from "../scan/scan.js";
import { accessesOf, isBounded, limitOf, sourceOf } from "../scan/scan.js";
import type { EstimatedList } from "./list-estimate.js";
import { distinctValues, embeddedRows, listEstimate, rowsOfKey } from "./list-estimate.js";
import { keyedName } from "./list-text.js";
import type { RowsOf, Statistics } from "./statistics.js";

/** What a scan takes of Stripe. */
export interface Cost {
  readonly requests: number;
  /** Objects that its answers carry. */
  readonly objects: number;
  /**
   * "exact": no other number of requests is possible. "seen": an estimate by what was seen of the table. "bounded": no
   * more than these, by what was seen; how many fewer is not known. "assumed": too little was ever seen of it.
   */
  readonly basis: "exact" | "seen" | "bounded" | "assumed";
}

/** What is taken for granted where nothing better is known. */
export interface Assumptions {
  /** False where what was seen may have become more: what a list held is then not relied on. */
  readonly trustsSeen: boolean;
  /** Rows of a table that was seen to have so many, or was never seen. */
  readonly rows: (seen: number | undefined) => number;
  /** Rows that one filter leaves of so many. */
  readonly filtered: (rows: number, filter: SentFilter) => number;
}

/** For telling what a statement will take: what was seen, one page where nothing was, and filters that leave everything. */
export const asSeen: Assumptions = { trustsSeen: true, rows: (seen) => seen ?? 1, filtered: (rows) => rows };

/**
 * For choosing between ways. A table that was never read is taken to be large, and one that was to have grown
 * tenfold, for a mistake that way costs a few requests and the other way reads a table through.
 */
export const prudent: Assumptions = {
  trustsSeen: false,
  rows: (seen) => (seen === undefined ? 1_000_000 : Math.max(1000, 10 * seen)),
  filtered: (rows) => rows * 0.01,
};

/** For the order of a join's tables, where a mistake is made good once the keys are counted. */
export const likely: Assumptions = { trustsSeen: true, rows: (seen) => seen ?? 1_000_000, filtered: likelyRows };

/** Most of Stripe's filters of texts name an object's owner, or what one object has; those of few values share out. */
function likelyRows(rows: number, { expected, valueCount }: SentFilter): number {
  const values = expected?.domain.values?.length;
  if (valueCount !== undefined) return (rows * (values ?? 1)) / valueCount;
  return values === undefined && expected !== undefined ? rows * 0.1 : Math.min(rows, 10 * (values ?? 1));
}

export interface CostContext {
  readonly statistics: Statistics;
  readonly assumptions: Assumptions;
  /** Relations that scans take values from. */
  readonly sources: readonly Scanned[];
}

export const nothing: Cost = { requests: 0, objects: 0, basis: "exact" };

/**
 * The one estimate: it chooses between ways to read, and EXPLAIN and progress tell it. What a scan takes
 * values from is a relation with a cost of its own.
 */
export function costOf({ table, scan }: Pick<Scanned, "table" | "scan">, context: CostContext): Cost {
  if (limitOf(scan) === 0) return nothing;
  if (scan.kind === "exact" && scan.from !== undefined) return oldestCost(scan, { ...context, table });
  const limit = limitOf(scan);
  // Whether the last of a page has others of its time, the next page tells.
  const shown = scan.kind === "exact" && scan.ties === true && limit !== undefined ? limit + 1 : limit;
  const within = { ...context, table, limit: shown };
  const costs = accessesOf(scan).map((access) => accessCost(access, within));
  if (scan.kind !== "inexact" || scan.unkeyed === undefined) return sumOf(costs);
  return keyedOrUnkeyed(scan.unkeyed, costs, within);
}

/** As the keys that are to be asked for decide it once they are counted: see `run-scans.ts`. */
function keyedOrUnkeyed(unkeyed: UnkeyedReading, costs: readonly BoundCost[], within: AccessContext): Cost {
  const keyed = sumOf(costs);
  if (unkeyed.requests === undefined) return keyed;
  const asked = costs.reduce((sum, { asked = 0 }) => sum + asked, 0);
  const all = sumOf(unkeyed.accesses.map((access) => accessCost(access, within)));
  if (keyed.basis === "bounded" && all.requests <= 1) return all;
  if (keyed.basis === "bounded") return { ...(all.requests < keyed.requests ? all : keyed), basis: "bounded" };
  return Math.round(asked) > unkeyed.requests ? all : keyed;
}

/** The first page tells whether there are more; then each request halves the time in which the oldest rows may be. */
function oldestCost({ accesses: [access], limit = 0, from, oldestBy }: ExactScan, context: TableContext): Cost {
  if (access?.kind !== "list") return nothing;
  const whole = listCost(access, { ...context, limit: undefined });
  if (oldestBy !== undefined && whole.basis !== "assumed") {
    const requests = from === "ends" && whole.requests > 1 ? 2 : 1;
    return { requests, objects: Math.min(whole.objects, limit), basis: "seen" };
  }
  const halvings = whole.basis === "assumed" ? 12 : Math.ceil(Math.log2(whole.requests)) + 4;
  const basis = whole.basis === "assumed" ? "assumed" : "bounded";
  return { requests: Math.min(whole.requests, 1 + halvings), objects: limit, basis };
}

const bases: readonly Cost["basis"][] = ["exact", "seen", "bounded", "assumed"];

export function sumOf(costs: readonly Cost[]): Cost {
  return costs.reduce<Cost>(
    (sum, cost) => ({
      requests: sum.requests + cost.requests,
      objects: sum.objects + cost.objects,
      basis: weakerOf(sum.basis, cost.basis),
    }),
    nothing,
  );
}

export const weakerOf = (one: Cost["basis"], other: Cost["basis"]): Cost["basis"] =>
  bases.indexOf(one) > bases.indexOf(other) ? one : other;

/** Fewer requests first; of as many, fewer objects. */
export function compareCosts(one: Cost, other: Cost): number {
  return one.requests - other.requests || one.objects - other.objects;
}

interface TableContext extends CostContext {
  readonly table: Table;
}

interface AccessContext extends TableContext {
  readonly limit: number | undefined;
}

/** Of what is asked for by another relation's keys. */
interface BoundCost extends Cost {
  /** Keys for which there is something to ask. */
  readonly asked?: number | undefined;
}

function accessCost(access: Access, context: AccessContext): BoundCost {
  if (access.kind === "list" && isBounded(access)) return boundedCost(access, context);
  const id = sourceOf(access);
  const source = context.sources.find((relation) => relation.id === id);
  if (source !== undefined) return boundCost(access, source, context);
  return access.kind === "retrieve" ? { requests: 1, objects: 1, basis: "exact" } : listCost(access, context);
}

function listCost(access: ListAccess, context: AccessContext): Cost {
  const { limit } = context;
  const { rows, basis } = expectedRows(access, context);
  const pages = pagesOf(rows, access);
  if (limit === undefined) return withClocks(access, { requests: pages, objects: rows, basis }, context);
  const limitPages = pagesOf(limit, access);
  if (limitPages === 1)
    return withClocks(access, { requests: 1, objects: Math.min(rows, limit), basis: "exact" }, context);
  // Of a table never seen nothing says that it ends before the limit does.
  const requests = basis === "assumed" ? limitPages : Math.min(limitPages, pages);
  return withClocks(access, { requests, objects: Math.min(rows, limit), basis }, context);
}

/** A list for each clock, which may not be needed; where the clocks are not known, a request for them. */
function withClocks(access: ListAccess, cost: Cost, context: AccessContext): Cost {
  const { onClocks, accountId } = access;
  if (onClocks === undefined) return cost;
  const known = context.statistics.testClocks(accountId);
  const clocks = known ?? 1;
  if (clocks === 0) return cost;
  const isNeeded = context.limit === undefined || access.newestFirstBy !== undefined || cost.objects < context.limit;
  const lists = onClocks.parameter === undefined || !isNeeded ? 0 : clocks;
  const basis = cost.basis === "exact" || known !== undefined ? weakerOf(cost.basis, "seen") : cost.basis;
  return { ...cost, requests: cost.requests + lists, basis };
}

/** Where the bound will be is not known: no more than all, and likely what a bound that is given leaves. */
function boundedCost(access: ListAccess, context: AccessContext): BoundCost {
  const all = listCost({ ...access, bindings: [] }, context);
  const objects = Math.ceil(context.assumptions.filtered(all.objects, someRange));
  const requests = Math.max(1, Math.ceil(context.assumptions.filtered(all.requests, someRange)));
  return { requests, objects, basis: weakerOf(all.basis, "bounded"), asked: 1 };
}

/** What the keys lead to that the rows of the source hold, but for what those rows hold themselves. */
function boundCost(access: Access, source: Scanned, context: AccessContext): BoundCost {
  const from = source.computed === undefined ? costOf(source, context) : computedCost(access, source, context);
  const { count: keys, basis: keysBasis } = keysOf(access, { source, from }, context);
  const basis = weakerOf(weakerOf(from.basis, "seen"), keysBasis);
  if (access.kind === "retrieve") return retrievesCost(access, { from, keys, basis }, context);
  const { rows, basis: rowsBasis } = expectedRows(access, context);
  const led = context.assumptions.trustsSeen ? ledTo(access, source, context) : undefined;
  if (led !== undefined && keys <= mostTimes * led.keys) {
    const each = (count: number): number => (keys * count) / led.keys;
    const asked = each(led.asked);
    return { requests: Math.round(each(led.requests)), objects: Math.round(each(led.rows)), basis, asked };
  }
  const list: EstimatedList = { access, of: rowsOf(access, context), statistics: context.statistics };
  const mean = context.assumptions.trustsSeen ? rowsOfKey(list) : undefined;
  const ofKeys = Math.ceil(
    mean === undefined ? Math.min(rows, keys * context.assumptions.filtered(rows, oneKey)) : keys * mean,
  );
  if (access.embeddedAt !== undefined)
    return heldCost(access.embeddedAt, { source, from, basis, rows: ofKeys }, context.statistics);
  const pages = Math.max(Math.round(keys), mean === undefined ? pagesOf(ofKeys, access) : keys * pagesOf(mean, access));
  // All further pages that there may be are few beside the first ones.
  const isFirstPages = rowsBasis === "seen" && pagesOf(rows, access) - 1 <= keys * fewOf;
  const unsure = rowsBasis === "assumed" ? "assumed" : "bounded";
  const known = mean !== undefined || isFirstPages ? basis : weakerOf(basis, unsure);
  return { requests: Math.round(pages), objects: ofKeys, basis: known, asked: keys };
}

/** Where nothing tells how many values the local engine will give. */
const someKeys = 10;

/** The values of a subquery: as many as its LIMIT says, or as came of it before. */
function computedCost(access: Access, source: Scanned, context: AccessContext): Cost {
  const keys = source.computed?.most ?? ledTo(access, source, context)?.keys;
  return { requests: 0, objects: keys ?? someKeys, basis: keys === undefined ? "assumed" : "seen" };
}

interface RetrievedKeys {
  readonly from: Cost;
  readonly keys: number;
  readonly basis: Cost["basis"];
}

/** How many objects come along with the rows that hold their keys bears on no request. */
function retrievesCost(access: Access, { from, keys, basis }: RetrievedKeys, context: TableContext): BoundCost {
  const known = context.statistics.rows(rowsOf(access, context));
  const objects = Math.round(Math.min(keys, known ?? keys));
  return access.embeddedAt === undefined
    ? { requests: Math.round(keys), objects, basis, asked: keys }
    : { requests: 0, objects, basis: weakerOf(from.basis, "seen"), asked: 0 };
}

interface HeldRows extends KeySource {
  readonly basis: Cost["basis"];
  /** That are thought to come where nothing tells of the lists. */
  readonly rows: number;
}

/** One more request for each object that holds but the first of its rows. */
function heldCost(path: readonly string[], { source, from, basis, rows }: HeldRows, statistics: Statistics): BoundCost {
  const held = embeddedRows(source, { path, objects: from.objects, statistics });
  if (held === undefined) return { requests: 0, objects: rows, basis: "assumed", asked: 0 };
  const requests = Math.round(held.cut);
  return { requests, objects: Math.round(held.rows), basis, asked: requests };
}

/** So small a part of the requests may be left out of an estimate. */
const fewOf = 0.05;

/** From few keys it is not told what many lead to. */
const mostTimes = 10;

const ledTo = (access: Access, source: Scanned, context: TableContext) =>
  context.statistics.fact(rowsOf(access, context), "keyed", keyedName(access, source.table.name));

interface KeySource {
  readonly source: Scanned;
  readonly from: Cost;
}

/** Different keys in the source's rows; as many as the rows where that is not known. */
function keysOf(
  access: Access,
  { source, from }: KeySource,
  context: TableContext,
): { readonly count: number; readonly basis: Cost["basis"] } {
  const [binding] = access.bindings;
  const rows = from.objects;
  const isEach =
    binding === undefined || binding.kind === "parent" || binding.source.column === source.table.primaryKey;
  if (isEach) return { count: rows, basis: "exact" };
  const { column } = binding.source;
  const led = ledTo(access, source, context);
  const isSameRows = led !== undefined && Math.abs(led.sourceRows - rows) <= rows * 0.02;
  const counted = isSameRows ? undefined : distinctValues(source, { column, rows, statistics: context.statistics });
  if (counted !== undefined) return { count: counted, basis: "seen" };
  if (led === undefined) return { count: rows, basis: "bounded" };
  return { count: distinctAmong(rows, { rows: led.sourceRows, distinct: led.keys }), basis: "seen" };
}

/** What a list by a key that another relation holds is filtered by. */
const oneKey: SentFilter = {
  parameter: "",
  column: "",
  optional: false,
  unknownValues: [],
  valueCount: undefined,
  expected: undefined,
};

/** A bound on times. */
const someRange: SentFilter = { ...oneKey, expected: { path: [], domain: unbounded, exact: true } };

function expectedRows(
  access: ListAccess,
  context: TableContext,
): { readonly rows: number; readonly basis: Cost["basis"] } {
  const { statistics, assumptions } = context;
  const { filters, partitions } = access;
  const of = rowsOf(access, context);
  const estimate = assumptions.trustsSeen ? listEstimate({ access, of, statistics }) : undefined;
  if (estimate?.basis === "seen") return { rows: Math.ceil(estimate.rows - 0.001), basis: "seen" };
  const seen = estimate === undefined ? statistics.rows(of) : estimate.rows * partitions;
  const rows = filters.reduce(assumptions.filtered, assumptions.rows(seen) / partitions);
  const basis = seen === undefined ? "assumed" : filters.length === 0 ? "seen" : "bounded";
  return { rows: Math.ceil(rows), basis };
}

const rowsOf = ({ accountId }: Access, { table }: TableContext): RowsOf => ({
  schema: table.schema,
  table: table.name,
  accountId,
});

const pagesOf = (rows: number, { maximumPageSize }: ListAccess): number =>
  Math.max(1, Math.ceil(rows / maximumPageSize));
