import type { Filter, ListEndpoint } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import type { AccessRequest } from "./candidate.js";
import type { Variant } from "./list-variants.js";
import { withParameters } from "./list-variants.js";
import type { Binding, Scanned } from "./scan.js";

/** Filters whose values are a column's of another relation. */
export interface JoinedFilters {
  readonly filters: readonly Filter[];
  readonly bindings: readonly Binding[];
  readonly feeds: readonly Scanned[];
}

/**
 * `b.Payout = p.Id` -> one list with `payout=` for each row of p. Nothing is lost: a row of b that matters pairs with a
 * row of p that does, and those are all read; the rows hold the value that they were listed for, so that the equality
 * is judged as any other. Values are taken of one relation only.
 */
export function joinOf(
  request: AccessRequest,
  endpoint: ListEndpoint,
  { predicates, domains }: Conjunction,
): JoinedFilters | undefined {
  const joins = predicates.flatMap((predicate) => {
    if (predicate.kind !== "joined" || domains.get(predicate.column)?.values !== undefined) return [];
    const filter = endpoint.filters.find(
      ({ column, operators, pseudo }) => column === predicate.column && operators === "equality" && pseudo,
    );
    return filter === undefined ? [] : [{ filter, predicate }];
  });
  const [first] = joins;
  const source = first && request.findRelation(first.predicate.source.relation);
  if (first === undefined || source === undefined) return undefined;
  const ofOne = joins.filter(({ predicate }) => predicate.source.relation === first.predicate.source.relation);
  return {
    filters: ofOne.map(({ filter }) => filter),
    bindings: ofOne.map(({ filter, predicate }) => ({
      kind: predicate.isMember ? "member" : "join",
      target: filter.parameter,
      column: filter.column,
      source: { relation: source.scanned.id, column: predicate.source.column },
    })),
    feeds: [...source.feeds, source.scanned],
  };
}

/** The variant with what each value of the join is sent along with. */
export function joinedVariant(variant: Variant, { filters }: JoinedFilters): Variant {
  return {
    ...variant,
    parameters: filters.reduce(
      (parameters, { companions }) => withParameters(parameters, companions ?? {}),
      variant.parameters,
    ),
    filters: [
      ...variant.filters,
      ...filters.map(({ parameter, column }) => ({
        parameter,
        column,
        optional: false,
        unknownValues: [],
        expected: undefined,
      })),
    ],
  };
}
