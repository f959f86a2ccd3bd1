import type { Column, Filter, ListEndpoint, ParentKey, PseudoColumn, Table } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { filterVerdict, findAnyColumn, isPseudoColumn } from "../predicate/conjunction.js";
import type { Domain } from "../predicate/domain.js";
import { isUnbounded } from "../predicate/domain.js";
import { accountColumn } from "./account-rule.js";

/** A list of more requests than this for one predicate is no saving over reading the table. */
const maximumFanOut = 100;
/** Stripe takes at most ten values in its list-valued filters. */
export const maximumAnyOf = 10;

/** A filter that is sent, with the domain of its column and how exactly it carries that. */
export interface ChosenFilter {
  readonly filter: Filter;
  readonly column: Column | PseudoColumn | undefined;
  readonly domain: Domain;
  readonly verdict: "exact" | "inexact";
}

/** Every filter that can carry its column's domain. */
export function usableFilters(endpoint: ListEndpoint, conjunction: Conjunction, table: Table): readonly ChosenFilter[] {
  const parents = new Set(endpoint.parents.map((parent) => parent.column));
  return endpoint.filters.flatMap((filter): readonly ChosenFilter[] => {
    const domain = conjunction.domains.get(filter.column);
    if (domain === undefined || isUnbounded(domain) || parents.has(filter.column)) return [];
    if (filter.superseded === true || filter.atMost !== undefined) return [];
    const column = findAnyColumn(table, filter.column);
    const verdict = filterVerdict(filter, column, domain);
    return verdict === undefined ? [] : [{ filter, column, domain, verdict }];
  });
}

/** Of filters with several values, one only fans out. */
export function chooseFilters(usable: readonly ChosenFilter[], table: Table): readonly ChosenFilter[] {
  const fanning = usable.filter(fansOut).sort((a, b) => fanOut(a) - fanOut(b));
  const kept = fanning.find((chosen) => isPseudoColumn(table, chosen.filter.column)) ?? fanning[0];
  return usable.filter(
    (chosen) =>
      !fansOut(chosen) ||
      isPseudoColumn(table, chosen.filter.column) ||
      (chosen === kept && fanOut(chosen) <= maximumFanOut),
  );
}

const fansOut = (chosen: ChosenFilter): boolean => fanOut(chosen) > 1;

function fanOut({ filter, domain }: ChosenFilter): number {
  const count = domain.values?.length ?? 1;
  return filter.operators === "any-of" ? Math.ceil(count / maximumAnyOf) : count;
}

/** True where each pseudo-column of the conditions is applied: no row could be judged by it. */
export function coversPseudoColumns(
  table: Table,
  conjunction: Conjunction,
  filters: readonly ChosenFilter[],
  bound: readonly ParentKey[],
): boolean {
  return [...conjunction.domains.keys()]
    .filter((column) => column !== accountColumn && isPseudoColumn(table, column))
    .every(
      (column) =>
        filters.some(({ filter }) => filter.column === column) || bound.some((parent) => parent.column === column),
    );
}

/** True where Stripe would refuse the list for want of a parameter. */
export function lacksRequired(
  endpoint: ListEndpoint,
  filters: readonly Filter[],
  bound: readonly ParentKey[],
): boolean {
  const given = new Set([
    ...filters.map(({ parameter }) => parameter),
    ...bound.map((parent) => parent.placeholder),
    ...endpoint.parents.map((parent) => parent.placeholder),
    ...Object.keys(endpoint.baseParameters),
  ]);
  return endpoint.filters.some((filter) => filter.required && !given.has(filter.parameter));
}
