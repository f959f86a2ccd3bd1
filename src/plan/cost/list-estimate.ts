import type { Table } from "../../catalog/catalog.js";
import { distinctAmong } from "../../value/distinct-count.js";
import type { ListedFact, ListedPart } from "../../value/list-facts.js";
import { listedRows, partOf } from "../../value/list-facts.js";
import type { Spread, ValueRange } from "../../value/spread.js";
import { rowsWithin, valueAtRank } from "../../value/spread.js";
import type { ListAccess, Scanned } from "../scan/scan.js";
import { accessesOf } from "../scan/scan.js";
import type { NamedValue } from "./list-text.js";
import { isOfKey, listName, listParameters, nameOf, partlyFiltered } from "./list-text.js";
import type { RowsOf, Statistics } from "./statistics.js";

/** Rows that a list is expected to give. */
export interface ListEstimate {
  readonly rows: number;
  /** "bounded": there are no more, but how many of them its filters leave is not known. */
  readonly basis: "seen" | "bounded";
}

/** A list of a table as an account sees it, and what was seen. */
export interface EstimatedList {
  readonly access: ListAccess;
  readonly of: RowsOf;
  readonly statistics: Pick<Statistics, "rows" | "fact">;
}

/** Undefined where neither the list nor its table was ever read whole. */
export function listEstimate(list: EstimatedList): ListEstimate | undefined {
  const { access, of, statistics } = list;
  const parameters = listParameters(access);
  const isAsked = access.bindings.length === 0;
  const fact = (isAsked ? statistics.fact(of, "listed", parameters.whole) : undefined) ?? knownByName(list);
  const rows = fact && listedRows(fact, parameters.created);
  return rows === undefined ? (sharedOut(list) ?? meanOf(list)) : { rows, basis: "seen" };
}

/** Where the table was never read whole, what the lists of other keys held. */
function meanOf({ access, of, statistics }: EstimatedList): ListEstimate | undefined {
  const parameters = listParameters(access);
  const mean = isOfKey(parameters) ? statistics.fact(of, "mean", nameOf(parameters)) : undefined;
  return mean && { rows: Math.max(1, mean.rows / mean.lists), basis: "seen" };
}

/** What was seen of a list that is asked for with all its values filled in: how many rows, and of which times. */
export function listSpread(
  list: EstimatedList,
): { readonly rows: number; readonly spread: Spread | undefined } | undefined {
  const { access, of, statistics } = list;
  const parameters = listParameters(access);
  const fact = statistics.fact(of, "listed", parameters.whole) ?? knownByName(list);
  const rows = fact && listedRows(fact, parameters.created);
  if (fact === undefined || rows === undefined) return undefined;
  return { rows, spread: partOf(fact, parameters.created)?.spreads["created"] };
}

function knownByName({ access, of, statistics }: EstimatedList) {
  const parameters = listParameters(access);
  const { named, ranges } = parameters;
  return named.length > 0 || ranges.length > 0 ? undefined : statistics.fact(of, "listed", nameOf(parameters));
}

/**
 * Of the list without its filters the part that each filter leaves, as if none had to do with another. Who asks for a key
 * mostly knows that there is something of it: no less than a row is expected then.
 */
function sharedOut(list: EstimatedList): ListEstimate | undefined {
  const { access, of, statistics } = list;
  const { created } = listParameters(access);
  const base = statistics.fact(of, "listed", partlyFiltered(access, []));
  const rows = base && listedRows(base, created);
  const part = base && partOf(base, created);
  if (rows === undefined || part === undefined) return ofTable(list);
  if (rows === 0) return { rows, basis: "seen" };
  const shares = sharesOf(list, part);
  const known = shares.reduce<number>((product, share) => product * (share ?? 1), 1);
  const least = isOfKey(listParameters(access)) ? 1 : 0;
  return { rows: Math.max(least, rows * known), basis: shares.includes(undefined) ? "bounded" : "seen" };
}

function ofTable({ access, of, statistics }: EstimatedList): ListEstimate | undefined {
  const rows = statistics.rows(of);
  if (rows === undefined) return undefined;
  const { few, named, ranges } = listParameters(access);
  const isWhole = access.filters.length + few.length + named.length + ranges.length === 0;
  return { rows: rows / access.partitions, basis: isWhole ? "seen" : "bounded" };
}

/** What each filter but that of the creation time leaves of a part; undefined where that is not known. */
function sharesOf(list: EstimatedList, part: ListedPart): readonly (number | undefined)[] {
  const { few, named, ranges } = listParameters(list.access);
  return [
    ...few.map(({ filter, values }) => shareOfValues(list, { filter, values, part })),
    ...ranges.map(({ parameter, range }) => {
      const spread = part.spreads[parameter];
      return spread && rowsWithin(spread, range) / part.rows;
    }),
    ...named.map(({ column }) => shareOfKey(list, { column, part })),
  ];
}

interface FilteredPart {
  readonly filter: { readonly parameter: string; readonly column: string };
  readonly values: readonly string[];
  readonly part: ListedPart;
}

function shareOfValues({ access, of, statistics }: EstimatedList, { filter, values, part }: FilteredPart) {
  const { created } = listParameters(access);
  const ofPart = part.shares[filter.column];
  const counts = values.map((value) => {
    const only: readonly NamedValue[] = [[filter.parameter, value]];
    const fact = statistics.fact(of, "listed", partlyFiltered(access, only));
    return fact === undefined ? ofPart && (ofPart[value] ?? 0) : listedRows(fact, created);
  });
  const within = listedRows({ parts: [part] }, created) ?? part.rows;
  return counts.reduce<number | undefined>(
    (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count / within),
    0,
  );
}

/** The lists of fewer keys tell less of another one's than all rows do. */
const manyLists = 20;

function shareOfKey({ access, of, statistics }: EstimatedList, { column, part }: { column: string; part: ListedPart }) {
  const mean = statistics.fact(of, "mean", nameOf(listParameters(access)));
  const counted = part.distinct[column];
  const isMeant = mean !== undefined && (counted === undefined || mean.lists >= manyLists);
  if (isMeant && part.rows > 0) return Math.min(1, mean.rows / mean.lists / part.rows);
  if (counted === undefined || part.rows === 0) return undefined;
  return counted.distinct === 0 ? 0 : counted.rows / counted.distinct / part.rows;
}

/** Rows of the list of one key, of those that rows of another table hold; undefined where that is not known. */
export function rowsOfKey(list: EstimatedList): number | undefined {
  const { access, of, statistics } = list;
  const parameters = listParameters(access);
  const mean = statistics.fact(of, "mean", nameOf(parameters));
  if (mean !== undefined) return mean.rows / Math.max(1, mean.lists);
  // What the table held whole tells nothing of the list of one parent.
  if (parameters.path.includes("{")) return undefined;
  const estimate = listEstimate(list);
  return estimate?.basis === "seen" ? estimate.rows : undefined;
}

/** Different values that so many rows of a relation hold in a column; undefined where that is not known. */
export function distinctValues(
  { table, scan }: Pick<Scanned, "table" | "scan">,
  { column, rows, statistics }: { readonly column: string; readonly rows: number; readonly statistics: Statistics },
): number | undefined {
  if (column === table.primaryKey) return rows;
  for (const access of accessesOf(scan)) {
    if (access.kind !== "list") continue;
    const list = { access, of: { schema: table.schema, table: table.name, accountId: access.accountId }, statistics };
    const counted = countedIn(list, column);
    // Rows that hold none lead to no request.
    if (counted !== undefined) return distinctAmong((rows * counted.held) / Math.max(1, counted.of), counted);
  }
  return undefined;
}

function countedIn(list: EstimatedList, column: string) {
  for (const part of knownParts(list)) {
    const counted = part.distinct[column];
    if (counted !== undefined) return { ...counted, held: counted.rows, of: part.rows };
  }
  return undefined;
}

/** What is known of the list's own rows, else of those of the list without its filters. */
function knownParts(list: EstimatedList): readonly ListedPart[] {
  const { access, of, statistics } = list;
  const { created } = listParameters(access);
  const facts = [knownByName(list), statistics.fact(of, "listed", partlyFiltered(access, []))];
  return facts.flatMap((fact) => (fact && partOf(fact, created)) ?? []);
}

/** What is known of all rows of a table, by the lists that mean it whole. */
function wholeParts({ lists }: Table, of: RowsOf, statistics: Statistics): readonly ListedPart[] {
  return lists.flatMap(({ path, baseParameters }) => {
    const fact = statistics.fact(of, "listed", listName(path, Object.entries(baseParameters)));
    return (fact && partOf(fact, { minimum: undefined, maximum: undefined })) ?? [];
  });
}

/** Of so many objects of a relation that each hold the first rows of a list: those rows, and how many hold not all. */
export function embeddedRows(
  { table, scan }: Pick<Scanned, "table" | "scan">,
  { path, objects, statistics }: { path: readonly string[]; objects: number; statistics: Statistics },
): { readonly rows: number; readonly cut: number } | undefined {
  for (const access of accessesOf(scan)) {
    const of = { schema: table.schema, table: table.name, accountId: access.accountId };
    const parts = access.kind === "list" ? knownParts({ access, of, statistics }) : wholeParts(table, of, statistics);
    for (const part of parts) {
      const counts = part.embedded[path.join(".")];
      if (counts === undefined || part.rows === 0) continue;
      return { rows: (counts.rows * objects) / part.rows, cut: (counts.cut * objects) / part.rows };
    }
  }
  return undefined;
}

/** Rows of a list that hold a value in a column of few, as a part of all its rows; undefined where that is not known. */
export function shareOfRows(
  list: EstimatedList,
  { column, values }: { readonly column: string; readonly values: readonly string[] },
): number | undefined {
  for (const part of knownParts(list)) {
    const shares = part.shares[column];
    if (shares === undefined) continue;
    const count = values.reduce((sum, value) => sum + (shares[value] ?? 0), 0);
    return part.rows === 0 ? 0 : count / part.rows;
  }
  return undefined;
}

/** A time by which so many of a list's oldest rows were; undefined where that is not known. */
export function timeOfOldest({ access, of, statistics }: EstimatedList, count: number): number | undefined {
  const parameters = listParameters(access);
  const { created, named, ranges } = parameters;
  if (named.length > 0 || ranges.length > 0) return undefined;
  const fact = statistics.fact(of, "listed", nameOf(parameters));
  const part = fact && partOf(fact, created);
  const spread = part?.spreads["created"];
  if (part === undefined || spread === undefined) return fact && timeOfOldestPart(fact, created);
  const before = created.minimum === undefined ? 0 : part.rows - rowsWithin(spread, { ...created, maximum: undefined });
  return valueAtRank(spread, Math.max(1, part.rows - before - count));
}

/** A part that was read from the oldest rows on, as it was to find them. */
function timeOfOldestPart({ parts }: ListedFact, { minimum = Number.NEGATIVE_INFINITY }: ValueRange) {
  const found = parts.find(
    ({ created, rows }) => (created.minimum ?? Number.NEGATIVE_INFINITY) <= minimum && rows > 0 && rows < fullPage,
  );
  return found?.created.maximum;
}

/** Rows of one time or of a few more may have come since: a page that is as good as full is of no help. */
const fullPage = 90;
