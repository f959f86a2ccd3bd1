import type { Table } from "../../catalog/catalog.js";
import type { Json } from "../../value/json.js";
import { unbounded } from "../predicate/domain.js";
import type { Access, ListAccess, RequestParameters, SentFilter } from "../scan/scan.js";
import { distinctAccesses } from "./access-key.js";
import type { AccessRequest } from "./candidate.js";
import type { Range } from "./narrowed-parameters.js";
import { areNarrowedBy, isSame, rangeOf } from "./narrowed-parameters.js";
import { withOmitsOf } from "./omission-rule.js";

/** More lists than these are hardly of one another: comparing them all would take longer than it saves. */
const maximumCompared = 100;

/**
 * The accesses of one relation, of which all rows are wanted in any order: each once, those left out that another covers,
 * those of ranges that meet made one.
 *
 * `customer=c` beside the whole list -> the whole list. Stripe's filters narrow: what is sent along with all that the
 * other sends gives rows of the other's, so that leaving it out loses none.
 *
 * `created[gte]=1&created[lte]=5` beside `created[gte]=4&created[lte]=9`, all else alike -> `created[gte]=1&created[lte]=9`.
 * What ranges are sent of are whole numbers at Stripe: a row of the joined range is in one of the two, and a row of
 * either is in it, also where one ends at 5 and the other begins at 6.
 *
 * Neither goes for what takes its values from other rows, or whose rows hold values that the request gave them, unless
 * those are alike; nor for a search, or a list whose order counts.
 */
export function sharedAccesses(
  accesses: readonly Access[],
  { table, without }: Pick<AccessRequest, "table" | "without">,
): readonly Access[] {
  const distinct = distinctAccesses(accesses);
  const lists = distinct.filter(isComparable);
  if (without.has("sharing") || lists.length < 2 || lists.length > maximumCompared) return distinct;
  const kept = withoutCovered(withJoined(lists), table);
  const first = distinct.findIndex((access) => isComparable(access));
  const rest = distinct.filter((access) => !isComparable(access));
  return [...rest.slice(0, first), ...kept, ...rest.slice(first)];
}

function isComparable(access: Access): access is ListAccess {
  return (
    access.kind === "list" &&
    access.budget === "read" &&
    access.bindings.length === 0 &&
    access.newestFirstBy === undefined
  );
}

function withoutCovered(lists: readonly ListAccess[], table: Table): readonly ListAccess[] {
  const kept: ListAccess[] = [];
  for (const list of lists) {
    const covering = kept.findIndex((other) => isCovered(list, other, table));
    const known = kept[covering];
    if (known !== undefined) {
      kept[covering] = withOmits(known, [list]);
      continue;
    }
    const covered = kept.filter((other) => isCovered(other, list, table));
    kept.splice(0, kept.length, ...kept.filter((other) => !covered.includes(other)), withOmits(list, covered));
  }
  return kept;
}

function withOmits(list: ListAccess, others: readonly ListAccess[]): ListAccess {
  const told = others.length === 0 ? list : withOmitsOf(list, others);
  return told.kind === "list" ? told : list;
}

/** True where all that a list gives, another gives too. */
function isCovered(list: ListAccess, other: ListAccess, table: Table): boolean {
  if (placeOf(list) !== placeOf(other)) return false;
  return areNarrowedBy(list.parameters, narrowingParameters(other, table));
}

/** What a list is sent by conditions, without what it takes to mean its whole table. */
export function narrowingParameters(list: ListAccess, table: Table): RequestParameters {
  return Object.fromEntries(
    Object.entries(list.parameters).filter(([name, value]) => !isBase(list, { name, value, table })),
  );
}

interface SentParameter {
  readonly name: string;
  readonly value: Json;
  readonly table: Table;
}

/** A parameter that is sent so that the list means its whole table, by no condition's wish: it leaves out nothing. */
function isBase({ endpoint, filters }: ListAccess, { name, value, table }: SentParameter): boolean {
  const base = table.lists.find(({ path }) => path === endpoint.path)?.baseParameters;
  return base?.[name] === value && filters.every(({ parameter }) => parameter !== name);
}

function withJoined(lists: readonly ListAccess[]): readonly ListAccess[] {
  const joined: ListAccess[] = [];
  for (const list of lists) {
    let whole = list;
    for (let met = joinedWith(whole, joined); met !== undefined; met = joinedWith(whole, joined)) {
      joined.splice(joined.indexOf(met.other), 1);
      whole = met.whole;
    }
    joined.push(whole);
  }
  return joined;
}

function joinedWith(
  list: ListAccess,
  others: readonly ListAccess[],
): { readonly other: ListAccess; readonly whole: ListAccess } | undefined {
  for (const other of others) {
    const whole = joinRanges(other, list);
    if (whole !== undefined) return { other, whole };
  }
  return undefined;
}

/** The list of both ranges, where two lists differ in one range alone and that of one meets the other's. */
function joinRanges(one: ListAccess, other: ListAccess): ListAccess | undefined {
  if (placeOf(one) !== placeOf(other)) return undefined;
  const names = [...new Set([...Object.keys(one.parameters), ...Object.keys(other.parameters)])];
  const [name, another] = names.filter((key) => !isSame(one.parameters[key], other.parameters[key]));
  if (name === undefined || another !== undefined) return undefined;
  const [a, b] = [rangeOf(one.parameters[name]), rangeOf(other.parameters[name])];
  if (a === undefined || b === undefined || !isMeeting(a, b)) return undefined;
  const range = { minimum: Math.min(a.minimum, b.minimum), maximum: Math.max(a.maximum, b.maximum) };
  return withOmits(withRange(one, name, range), [other]);
}

function withRange(list: ListAccess, name: string, { minimum, maximum }: Range): ListAccess {
  const { [name]: _, ...others } = list.parameters;
  const hasMinimum = minimum !== Number.NEGATIVE_INFINITY;
  const hasMaximum = maximum !== Number.POSITIVE_INFINITY;
  if (!hasMinimum && !hasMaximum)
    return { ...list, parameters: others, filters: list.filters.filter(({ parameter }) => parameter !== name) };
  const sent = { ...(hasMinimum ? { gte: minimum } : {}), ...(hasMaximum ? { lte: maximum } : {}) };
  const domain = {
    ...unbounded,
    minimum: hasMinimum ? minimum : undefined,
    maximum: hasMaximum ? maximum : undefined,
  };
  const widened = (filter: SentFilter): SentFilter =>
    filter.parameter === name && filter.expected !== undefined
      ? { ...filter, expected: { ...filter.expected, domain } }
      : filter;
  return { ...list, parameters: { ...list.parameters, [name]: sent }, filters: list.filters.map(widened) };
}

/** What two lists must have alike for the rows of one to be the other's. */
function placeOf({ endpoint, path, accountId, constants, onClocks, embeddedAt }: ListAccess): string {
  return JSON.stringify([endpoint.apiBase, endpoint.path, path, accountId, constants, onClocks, embeddedAt]);
}

const isMeeting = (a: Range, b: Range): boolean => Math.max(a.minimum, b.minimum) <= Math.min(a.maximum, b.maximum) + 1;
