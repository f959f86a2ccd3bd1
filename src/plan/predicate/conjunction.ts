import type { Column, Filter, PseudoColumn, Table } from "../../catalog/catalog.js";
import type { Domain } from "./domain.js";
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
    const column = conjunction.domainColumn.get(predicate);
    return (column === undefined ? undefined : applied.get(column)) ?? "unsupported";
  });
}

/**
 * Whether a filter can carry a domain, and how exactly. A value outside the parameter's own enum is never
 * sent, nor an empty text: Stripe would refuse them. A wildcard would match more than SQL's equality does.
 */
export function filterVerdict(filter: Filter, domain: Domain): "exact" | "inexact" | undefined {
  const exactness = filter.exact && !domain.widened ? "exact" : "inexact";
  if (domain.values === undefined) return filter.operators === "range" ? exactness : undefined;
  const { enumValues } = filter;
  const accepted = domain.values.every(
    (value) => value !== "" && (enumValues === undefined || enumValues.includes(String(value))),
  );
  return accepted ? exactness : undefined;
}
