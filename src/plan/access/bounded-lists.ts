import type { Filter, ListEndpoint, Table } from "../../catalog/catalog.js";
import { greatestColumn, leastColumn } from "../names/computed-keys.js";
import type { Conjunction } from "../predicate/conjunction.js";
import type { Predicate } from "../predicate/predicate.js";
import type { Binding } from "../scan/scan.js";
import type { AccessRequest, SourceRelation } from "./candidate.js";
import { isFilterDoubted } from "./doubt-rule.js";
import type { JoinedKeys } from "./joined-keys.js";

type BoundedPredicate = Extract<Predicate, { kind: "bounded" }>;

/**
 * `Created > (SELECT max(Created) FROM Payout)` -> one list with `created[gte]=` the time that the subquery gives, once it is
 * known. Nothing is lost: a row that matters is to that side of one of the subquery's values, so of the least or the
 * greatest of them, which are rounded away from the rows that are wanted; `=` is both. Where all values are NULL, or
 * there is none, the comparison is true of no row, and no list is asked for. What the subquery gives is computed of the
 * rows that the statement's own run of it reads, and is the same then (`computedKeysOf`). Rows are judged by the SQL
 * afterwards. A table whose rows have no key is left alone, as there is then no reading without bounds to turn to where
 * the engine cannot compute them; so is API v2, which writes times as texts.
 */
export function boundedListsOf(
  request: AccessRequest,
  endpoint: ListEndpoint,
  { predicates, domains }: Conjunction,
  accounts: readonly (string | undefined)[],
): readonly JoinedKeys[] {
  if (request.table.primaryKey === undefined || endpoint.pagination !== "cursor") return [];
  const bounded = predicates.filter((predicate) => predicate.kind === "bounded");
  const names = [...new Set(bounded.map(({ source }) => source.relation))];
  return names.flatMap((name) => {
    const ofOne = bounded.filter(({ source }) => source.relation === name);
    const chosen = ofOne.flatMap((predicate): readonly FilteredBound[] => {
      const filter = endpoint.filters.find((one) => isRange(one, predicate));
      const isSet = domains.get(predicate.column)?.values !== undefined;
      return filter === undefined || isSet || isFilterDoubted(request, filter, accounts) ? [] : [{ filter, predicate }];
    });
    const source = chosen.length === 0 ? undefined : request.findRelation(name);
    return source === undefined ? [] : [boundedList(chosen, source, request.table)];
  });
}

const isRange = (filter: Filter, { column }: BoundedPredicate): boolean =>
  filter.column === column &&
  filter.operators === "range" &&
  !filter.pseudo &&
  filter.superseded !== true &&
  filter.atMost === undefined;

interface FilteredBound {
  readonly filter: Filter;
  readonly predicate: BoundedPredicate;
}

function boundedList(chosen: readonly FilteredBound[], source: SourceRelation, table: Table): JoinedKeys {
  return {
    filters: chosen.map(({ filter }) => filter),
    parents: [],
    bindings: chosen.flatMap((one) => bindingsOf(one, source, table)),
    embeddedAt: undefined,
    keyedBy: { source, expansion: undefined, isOptional: true },
    isBound: true,
  };
}

function bindingsOf(
  { filter: { parameter, column, exact }, predicate }: FilteredBound,
  { scanned }: SourceRelation,
  { columns }: Table,
): readonly Binding[] {
  const path = columns.find(({ name }) => name === column)?.path ?? [];
  const filter = { parameter, column, optional: true, unknownValues: [], valueCount: undefined, path, exact };
  const common = { target: parameter, column, filter };
  const least: Binding = { ...common, kind: "least", source: { relation: scanned.id, column: leastColumn } };
  const greatest: Binding = { ...common, kind: "greatest", source: { relation: scanned.id, column: greatestColumn } };
  switch (predicate.operator) {
    case "=":
      return [least, greatest];
    case ">":
    case ">=":
      return [least];
    case "<":
    case "<=":
      return [greatest];
  }
}
