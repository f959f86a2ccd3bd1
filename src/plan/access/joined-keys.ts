import type { Column, Filter, ListEndpoint, ParentKey } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import type { Predicate } from "../predicate/predicate.js";
import type { Binding, BindingSource } from "../scan/scan.js";
import type { AccessRequest, Expansion, KeyedBy, SourceRelation } from "./candidate.js";
import { isFilterDoubted } from "./doubt-rule.js";
import type { HeldList } from "./held-list.js";
import { heldList } from "./held-list.js";
import type { Variant } from "./list-variants.js";
import { withParameters } from "./list-variants.js";

/** Parameters and placeholders whose values are columns of another relation. */
export interface JoinedKeys {
  readonly filters: readonly Filter[];
  readonly parents: readonly ParentKey[];
  readonly bindings: readonly Binding[];
  /** Where the other relation's objects hold what is asked for. */
  readonly embeddedAt: readonly string[] | undefined;
  readonly keyedBy: KeyedBy;
  /** True where the values only bound what is one list without them too. */
  readonly isBound?: true;
}

export type JoinedPredicate = Extract<Predicate, { kind: "joined" }>;

/**
 * `b.Payout = p.Id` -> one list with `payout=` for each row of p. Nothing is lost: a row of b that matters pairs with a
 * row of p that does, and those are all read; the rows hold the value that they were listed for, so that the equality
 * is judged as any other. Values are taken of one relation only.
 */
export function pseudoJoinsOf(
  request: AccessRequest,
  endpoint: ListEndpoint,
  { predicates, domains }: Conjunction,
): readonly JoinedKeys[] {
  const joins = predicates.flatMap((predicate) => {
    if (predicate.kind !== "joined" || domains.get(predicate.column)?.values !== undefined) return [];
    const filter = endpoint.filters.find(
      ({ column, operators, pseudo }) => column === predicate.column && operators === "equality" && pseudo,
    );
    return filter === undefined ? [] : [{ filter, predicate }];
  });
  const relations = [...new Set(joins.map(({ predicate }) => predicate.source.relation))];
  return relations.flatMap((relation) => {
    const source = request.findRelation(relation);
    const ofOne = joins.filter(({ predicate }) => predicate.source.relation === relation);
    return source === undefined ? [] : [pseudoJoin(source, ofOne)];
  });
}

interface PseudoJoin {
  readonly filter: Filter;
  readonly predicate: JoinedPredicate;
}

function pseudoJoin(source: SourceRelation, joins: readonly PseudoJoin[]): JoinedKeys {
  return {
    filters: joins.map(({ filter }) => filter),
    parents: [],
    bindings: joins.map(({ filter, predicate }) => ({
      kind: predicate.isMember ? "member" : "join",
      target: filter.parameter,
      column: filter.column,
      source: columnOf(source, predicate),
    })),
    embeddedAt: undefined,
    keyedBy: { source, expansion: undefined, isOptional: false },
  };
}

/**
 * `l.Invoice = i.Id` -> the lines of each row of i, from i's own objects as far as those hold them; `pi.Customer = c.Id`
 * -> one list with `customer=` for each row of c. Nothing is lost: a row that matters holds a value that a row of the
 * other relation does, and the list of each such value is read to its end.
 */
export function keyedListsOf(
  request: AccessRequest,
  endpoint: ListEndpoint,
  conjunction: Conjunction,
  accounts: readonly (string | undefined)[],
): readonly JoinedKeys[] {
  return joinedPredicates(conjunction).flatMap((predicate) => {
    const source = request.findRelation(predicate.source.relation);
    if (source === undefined) return [];
    const parent = endpoint.parents.find(({ column }) => column === predicate.column);
    if (parent !== undefined) return [parentKeys(parent, { predicate, source, endpoint, request })];
    if (conjunction.domains.get(predicate.column)?.values !== undefined) return [];
    const filter = endpoint.filters.find((candidate) => isKeyFilter(candidate, predicate));
    const column = request.table.columns.find(({ name }) => name === predicate.column);
    if (filter === undefined || column === undefined || isFilterDoubted(request, filter, accounts)) return [];
    return [filterKeys(filter, { predicate, source, column })];
  });
}

interface JoinedParent {
  readonly predicate: JoinedPredicate;
  readonly source: SourceRelation;
  readonly endpoint: ListEndpoint;
  readonly request: AccessRequest;
}

/** Only the parents themselves hold their first children. */
function parentKeys(parent: ParentKey, { predicate, source, endpoint, request }: JoinedParent): JoinedKeys {
  const { scanned, embeddedBeneath } = source;
  const isParent =
    scanned.table.name === parent.table &&
    scanned.table.schema === request.table.schema &&
    scanned.table.primaryKey === predicate.source.column;
  const held = isParent ? heldList(endpoint, request, embeddedBeneath) : undefined;
  return {
    filters: [],
    parents: [parent],
    bindings: [
      {
        kind: isParent ? "parent" : "key",
        target: parent.placeholder,
        column: parent.column,
        source: columnOf(source, predicate),
      },
    ],
    embeddedAt: held?.path,
    keyedBy: { source, expansion: held && heldBy(predicate, held), isOptional: false },
  };
}

/** A list is where its object is; its rows are its data. */
function heldBy({ source }: JoinedPredicate, { path, expand }: HeldList): Expansion {
  return { relation: source.relation, path: [...path, "data"], expand };
}

interface JoinedFilter {
  readonly predicate: JoinedPredicate;
  readonly source: SourceRelation;
  readonly column: Column;
}

function filterKeys(filter: Filter, { predicate, source, column }: JoinedFilter): JoinedKeys {
  const { parameter, exact } = filter;
  return {
    filters: [filter],
    parents: [],
    bindings: [
      {
        kind: "key",
        target: parameter,
        column: filter.column,
        source: columnOf(source, predicate),
        filter: {
          parameter,
          column: filter.column,
          optional: true,
          unknownValues: [],
          valueCount: undefined,
          path: column.path,
          exact,
        },
      },
    ],
    embeddedAt: undefined,
    keyedBy: { source, expansion: undefined, isOptional: true },
  };
}

/** An id that a list takes as it is, and of which every row has at most one. */
const isKeyFilter = (filter: Filter, { column }: JoinedPredicate): boolean =>
  filter.column === column &&
  filter.operators === "equality" &&
  !filter.pseudo &&
  filter.enumValues === undefined &&
  filter.superseded !== true &&
  filter.atMost === undefined;

export function joinedPredicates({ predicates }: Conjunction): readonly JoinedPredicate[] {
  return predicates.filter((predicate) => predicate.kind === "joined");
}

/** Rows of the source that fail its own conditions lead to none. */
export function columnOf({ scanned, only }: SourceRelation, { source: { column } }: JoinedPredicate): BindingSource {
  return { relation: scanned.id, column, ...(only.length === 0 ? {} : { only }) };
}

/** The variant with what each value of the join is sent along with. */
export function joinedVariant(variant: Variant, { filters }: Pick<JoinedKeys, "filters">): Variant {
  const sent = filters.filter(({ pseudo }) => pseudo);
  return {
    ...variant,
    parameters: filters.reduce(
      (parameters, { companions }) => withParameters(parameters, companions ?? {}),
      variant.parameters,
    ),
    filters: [
      ...variant.filters,
      ...sent.map(({ parameter, column }) => ({
        parameter,
        column,
        optional: false,
        unknownValues: [],
        valueCount: undefined,
        expected: undefined,
      })),
    ],
  };
}
