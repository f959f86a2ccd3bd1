import type { Column, Filter, PseudoColumn, Table } from "../../catalog/catalog.js";
import type { Domain, DomainValue } from "./domain.js";
import { domainOf, intersect, isImpossible, unbounded } from "./domain.js";
import type { Predicate, Verdict } from "./predicate.js";

/** A conjunction of predicates on one table, read into a domain for each column. */
export interface Conjunction {
  readonly predicates: readonly Predicate[];
  readonly domains: ReadonlyMap<string, Domain>;
  /** True where no row can satisfy all of them. */
  readonly impossible: boolean;
  /** Predicates that entered a domain, by column. */
  readonly domainColumn: ReadonlyMap<Predicate, string>;
}

export function readConjunction(table: Table, predicates: readonly Predicate[]): Conjunction {
  const domains = new Map<string, Domain>();
  const domainColumn = new Map<Predicate, string>();
  for (const predicate of predicates) {
    if (predicate.kind !== "compare" && predicate.kind !== "any-of") continue;
    const column = findAnyColumn(table, predicate.column);
    const domain = column && domainOf(predicate, column.type, table.schema === "stripe");
    if (domain === undefined) continue;
    domains.set(predicate.column, intersect(domains.get(predicate.column) ?? unbounded, domain));
    domainColumn.set(predicate, predicate.column);
  }
  const impossible =
    predicates.some((predicate) => predicate.kind === "never") || [...domains.values()].some(isImpossible);
  return { predicates, domains, impossible, domainColumn };
}

export function findAnyColumn(table: Table, name: string): Column | PseudoColumn | undefined {
  return (
    table.columns.find((column) => column.name === name) ?? table.pseudoColumns.find((column) => column.name === name)
  );
}

export function isPseudoColumn(table: Table, name: string): boolean {
  return table.pseudoColumns.some((column) => column.name === name);
}

/** Columns whose domain a request applies, with how far it does. */
export type Applied = ReadonlyMap<string, "exact" | "inexact">;

/** One verdict for each predicate of the conjunction, given the columns that the requests apply. */
export function verdictsOf(conjunction: Conjunction, applied: Applied): readonly Verdict[] {
  return conjunction.predicates.map((predicate) => {
    if (predicate.kind === "joined") return applied.has(predicate.column) ? "inexact" : "unsupported";
    const column = conjunction.domainColumn.get(predicate);
    return (column === undefined ? undefined : applied.get(column)) ?? "unsupported";
  });
}

/**
 * Whether a filter can carry a domain, and how exactly. An empty text is never sent, nor a value that the column has
 * and the parameter does not know: Stripe would refuse them. A wildcard would match more than SQL's equality does.
 */
export function filterVerdict(
  filter: Filter,
  column: Column | PseudoColumn | undefined,
  { values, widened }: Domain,
): "exact" | "inexact" | undefined {
  const isLoose = widened || (values?.some((value) => String(value).includes("*")) ?? false);
  const exactness = filter.exact && !isLoose ? "exact" : "inexact";
  if (values === undefined) return filter.operators === "range" ? exactness : undefined;
  return values.every((value) => carries(filter, column, value)) ? exactness : undefined;
}

/** A parameter with fewer values than its column is not sent the others; with an open enum of both, what neither knows is. */
function carries(filter: Filter, column: Column | PseudoColumn | undefined, value: DomainValue): boolean {
  if (value === "") return false;
  const accepted = filter.enumValues;
  return accepted === undefined || accepted.includes(String(value)) || isUnknownValue(filter, column, value);
}

/** True for a value of an open enum that no declaration has: Stripe may have added it, or refuse it. */
export function isUnknownValue(filter: Filter, column: Column | PseudoColumn | undefined, value: DomainValue): boolean {
  const known = column?.enumValues;
  if (known === undefined || filter.closedEnum === true || column?.closedEnum === true) return false;
  return !known.includes(String(value)) && filter.enumValues?.includes(String(value)) !== true;
}
