import type { Column, Filter, ListEndpoint, ParentKey, PseudoColumn, Table } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { filterVerdict, findAnyColumn, isPseudoColumn, isUnknownValue, verdictsOf } from "../predicate/conjunction.js";
import type { Domain, DomainValue } from "../predicate/domain.js";
import { isUnbounded, unbounded } from "../predicate/domain.js";
import { relationId } from "./access-key.js";
import type { Account } from "./account-rule.js";
import { accountColumn, accountsOf } from "./account-rule.js";

import type { AccessAnswer, AccessPlanner, AccessRequest, Candidate } from "./candidate.js";
import { filterDoubtNotices, isFilterDoubted, isOrderDoubted, orderDoubtNotices } from "./doubt-rule.js";
import {
  combinations,
  fillPath,
  isPathSegment,
  lackedIncludes,
  withIncludes,
  withParameter,
} from "./request-template.js";
import type {
  Access,
  Binding,
  Constants,
  ExpectedField,
  ListedPart,
  RequestParameter,
  RequestParameters,
  Scanned,
  SentFilter,
} from "./scan.js";
import { accessesOf } from "./scan.js";

/** A list of more requests than this for one predicate is no saving over reading the table. */
const maximumFanOut = 100;
/** Stripe takes at most ten values in its list-valued filters. */
const maximumAnyOf = 10;

/**
 * `Customer = 'c' AND Created >= t` -> one list with `customer=c&created[gte]=t`. Nothing is lost: a filter is
 * used only for the column that the catalog says it compares, with the column's whole domain; a set of
 * values becomes one list for each value, and a row that two of them give is taken once.
 */
export function listRule(
  request: AccessRequest,
  endpoint: ListEndpoint,
  conjunction: Conjunction,
  planner: AccessPlanner,
): Candidate | undefined {
  const { table } = request;
  const bound = endpoint.parents.filter((parent) => conjunction.domains.get(parent.column)?.values !== undefined);
  const [open, ...others] = endpoint.parents.filter((parent) => !bound.includes(parent));
  if (others.length > 0) return undefined;
  const accountIds = accountsOf(conjunction, new Map()).map(({ accountId }) => accountId);
  const isDoubted = (filter: Filter): boolean => isFilterDoubted(request, filter, accountIds);
  const usable = usableFilters(endpoint, conjunction, table);
  const filters = chooseFilters(
    usable.filter(({ filter }) => !isDoubted(filter)),
    table,
  );
  const doubted = usable.map(({ filter }) => filter).filter(isDoubted);
  const join = open === undefined ? joinOf(request, endpoint, conjunction) : undefined;
  const joined = join?.filters ?? [];
  if (!coversPseudoColumns(table, conjunction, filters, bound)) return undefined;
  if (lacksRequired(endpoint, [...filters.map(({ filter }) => filter), ...joined], bound)) return undefined;
  const applied = new Map<string, "exact" | "inexact">(filters.map(({ filter, verdict }) => [filter.column, verdict]));
  for (const parent of bound) applied.set(parent.column, "exact");
  for (const { column } of joined) applied.set(column, "inexact");
  const accounts = accountsOf(conjunction, applied);
  const partitions = partitionsOf(endpoint, filters);
  const lists = {
    request,
    endpoint,
    open,
    join,
    partitions: partitions.length,
    variants: variants(endpoint, conjunction, { bound, filters, partitions, table }),
  };
  const planned = accounts.map((account) => listsOf(account, lists, planner));
  const accesses = planned.flatMap((lists) => lists.accesses);
  if (open !== undefined && accesses.length === 0) return undefined;
  const isOneList = accesses.length === 1 && open === undefined && join === undefined;
  const isNewestFirst = isOneList && endpoint.order === "created-descending";
  return {
    accesses,
    feeds: planned.flatMap(({ feeds }) => feeds),
    verdicts: verdictsOf(conjunction, applied),
    newestFirst: isNewestFirst && !isOrderDoubted(request, accountIds),
    notices: [
      ...(open === undefined
        ? []
        : [`${table.name} is read through every ${open.table}; ${open.column} = '…' in WHERE reads one`]),
      ...filterDoubtNotices(request, doubted, accountIds),
      ...(isNewestFirst && request.order === "created-descending" ? orderDoubtNotices(request, accountIds) : []),
      ...lackedNotices(request, endpoint),
    ],
  };
}

/** What a list of API v2 leaves out, whoever asks. */
function lackedNotices({ table, includes }: AccessRequest, endpoint: ListEndpoint): readonly string[] {
  const key = table.primaryKey ?? "its key";
  return lackedIncludes(endpoint, includes).map(
    (field) =>
      `Stripe's list of ${table.name} leaves ${field} out, whose columns are NULL; ${key} = '…' in WHERE reads them`,
  );
}

interface Lists {
  readonly request: AccessRequest;
  readonly endpoint: ListEndpoint;
  /** The parent whose key no condition gives. */
  readonly open: ParentKey | undefined;
  readonly join: JoinedFilters | undefined;
  readonly partitions: number;
  readonly variants: readonly Variant[];
}

/** The lists of one account. Where no key of the parent is given, every parent is read, and the list of each. */
function listsOf(
  account: Account,
  { request, endpoint, open, join, partitions, variants }: Lists,
  planner: AccessPlanner,
): Pick<Candidate, "accesses" | "feeds"> {
  const through = open && parentsOf(open, request, { accountId: account.accountId, planner });
  if (open !== undefined && through === undefined) return { accesses: [], feeds: [] };
  const bindings = open && through ? [keyBinding(open, through.parents)] : (join?.bindings ?? []);
  return {
    accesses: variants
      .map((variant) => (join === undefined ? variant : joinedVariant(variant, join)))
      .map((variant) => listAccess({ request, endpoint, partitions, account, variant, bindings })),
    feeds: through?.feeds ?? join?.feeds ?? [],
  };
}

/** Filters whose values are a column's of another relation. */
interface JoinedFilters {
  readonly filters: readonly Filter[];
  readonly bindings: readonly Binding[];
  readonly feeds: readonly Scanned[];
}

/**
 * `b.Payout = p.Id` -> one list with `payout=` for each row of p. Nothing is lost: a row of b that matters pairs with a
 * row of p that does, and those are all read; the rows hold the value that they were listed for, so that the equality
 * is judged as any other. Values are taken of one relation only.
 */
function joinOf(
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

function joinedVariant(variant: Variant, { filters }: JoinedFilters): Variant {
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

interface ChosenFilter {
  readonly filter: Filter;
  readonly column: Column | PseudoColumn | undefined;
  readonly domain: Domain;
  readonly verdict: "exact" | "inexact";
}

/** Every filter that can carry its column's domain. */
function usableFilters(endpoint: ListEndpoint, conjunction: Conjunction, table: Table): readonly ChosenFilter[] {
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
function chooseFilters(usable: readonly ChosenFilter[], table: Table): readonly ChosenFilter[] {
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

function coversPseudoColumns(
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

function lacksRequired(endpoint: ListEndpoint, filters: readonly Filter[], bound: readonly ParentKey[]): boolean {
  const given = new Set([
    ...filters.map(({ parameter }) => parameter),
    ...bound.map((parent) => parent.placeholder),
    ...endpoint.parents.map((parent) => parent.placeholder),
    ...Object.keys(endpoint.baseParameters),
  ]);
  return endpoint.filters.some((filter) => filter.required && !given.has(filter.parameter));
}

/** One way to fill in the endpoint: values for placeholders, parameters, and what they say of the rows. */
interface Variant {
  readonly placeholders: Readonly<Record<string, DomainValue>>;
  readonly parameters: RequestParameters;
  readonly constants: Constants;
  readonly filters: readonly SentFilter[];
}

interface ChosenParts {
  readonly bound: readonly ParentKey[];
  readonly filters: readonly ChosenFilter[];
  readonly partitions: readonly Readonly<Record<string, string>>[];
  readonly table: Table;
}

function variants(
  endpoint: ListEndpoint,
  conjunction: Conjunction,
  { bound, filters, partitions, table }: ChosenParts,
): readonly Variant[] {
  const parentValues = Object.fromEntries(
    bound.map((parent) => [
      parent.placeholder,
      (conjunction.domains.get(parent.column)?.values ?? []).filter(isPathSegment),
    ]),
  );
  const start = combinations(parentValues).map((placeholders): Variant => {
    const inQuery = bound.filter((parent) => !endpoint.path.includes(`{${parent.placeholder}}`));
    return {
      placeholders,
      parameters: inQuery.reduce<RequestParameters>(
        (parameters, { placeholder }) => withParameter(parameters, placeholder, placeholders[placeholder] ?? ""),
        baseOf(endpoint, filters),
      ),
      constants: Object.fromEntries(bound.map((parent) => [parent.column, placeholders[parent.placeholder] ?? null])),
      filters: bound.map(({ placeholder, column }) => ({
        parameter: placeholder,
        column,
        optional: false,
        unknownValues: [],
        expected: expectedField(findAnyColumn(table, column), anyOf([placeholders[placeholder] ?? ""]), true),
      })),
    };
  });
  const filtered = filters.reduce<readonly Variant[]>(
    (all, chosen) => all.flatMap((variant) => applyFilter(variant, chosen, endpoint)),
    start,
  );
  return filtered.flatMap((variant) =>
    partitions.map((partition) => ({ ...variant, parameters: withParameters(variant.parameters, partition) })),
  );
}

/** A filter takes the place of the base parameter that it is, also of one whose values stand one by one: `statuses[0]`. */
function baseOf({ baseParameters }: ListEndpoint, filters: readonly ChosenFilter[]): RequestParameters {
  const isReplaced = (name: string): boolean =>
    filters.some(({ filter: { parameter } }) => name === parameter || name.startsWith(`${parameter}[`));
  return withParameters({}, Object.fromEntries(Object.entries(baseParameters).filter(([name]) => !isReplaced(name))));
}

/**
 * A table that no one list holds whole is each of its partitions, one after another; where a filter sets
 * what tells them apart, the one list that the filter names.
 */
function partitionsOf({ partitions }: ListEndpoint, filters: readonly ChosenFilter[]): ChosenParts["partitions"] {
  const chosen = new Set(filters.map(({ filter }) => filter.parameter));
  const isChosen = partitions?.some((partition) => Object.keys(partition).some((name) => chosen.has(name)));
  return partitions === undefined || isChosen === true ? [{}] : partitions;
}

function withParameters(parameters: RequestParameters, more: Readonly<Record<string, string>>): RequestParameters {
  return Object.entries(more).reduce((all, [name, value]) => withParameter(all, name, value), parameters);
}

function applyFilter(variant: Variant, chosen: ChosenFilter, endpoint: ListEndpoint): readonly Variant[] {
  const { filter, domain } = chosen;
  const extend = (value: RequestParameter, constant: DomainValue | undefined, part: Domain): Variant => ({
    ...variant,
    filters: [...variant.filters, sentFilter({ ...chosen, domain: part })],
    parameters: withParameters(withParameter(variant.parameters, filter.parameter, value), filter.companions ?? {}),
    constants:
      filter.pseudo && constant !== undefined ? { ...variant.constants, [filter.column]: constant } : variant.constants,
  });
  const { values } = domain;
  if (values === undefined) return [extend(rangeParameter(domain, endpoint), domain.minimum ?? domain.maximum, domain)];
  if (filter.operators === "any-of")
    return listsOfValues(values, chosen).map((chunk) => extend(chunk, chunk[0], anyOf(chunk)));
  if (filter.operators === "range") {
    return values.map((value) =>
      extend(
        rangeParameter({ ...domain, minimum: Number(value), maximum: Number(value) }, endpoint),
        value,
        anyOf([value]),
      ),
    );
  }
  return values.map((value) => extend(value, value, anyOf([value])));
}

const anyOf = (values: readonly DomainValue[]): Domain => ({ ...unbounded, values });

/** Undefined for what no field of a row holds. */
function expectedField(
  column: Column | PseudoColumn | undefined,
  domain: Domain,
  exact: boolean,
): ExpectedField | undefined {
  if (column?.kind !== "column" || column.path.length === 0) return undefined;
  return { path: column.path, domain, exact };
}

/** A value that Stripe may refuse is asked for apart from those that it knows. */
function listsOfValues(
  values: readonly DomainValue[],
  { filter, column }: ChosenFilter,
): readonly (readonly DomainValue[])[] {
  const isUnknown = (value: DomainValue): boolean => isUnknownValue(filter, column, value);
  const known = values.filter((value) => !isUnknown(value));
  return [
    ...(known.length === 0 ? [] : chunks(known, maximumAnyOf)),
    ...values.filter(isUnknown).map((value) => [value]),
  ];
}

/** Of a parameter that does not know all its column's values, a refusal says nothing of the rows. */
function sentFilter({ filter, column, domain }: ChosenFilter): SentFilter {
  const { parameter, enumValues, pseudo, required, exact } = filter;
  const isNarrower = enumValues !== undefined && column?.enumValues?.some((value) => !enumValues.includes(value));
  const texts = (domain.values ?? []).filter((value) => typeof value === "string");
  return {
    parameter,
    column: filter.column,
    optional: !pseudo && !required,
    unknownValues: isNarrower === true ? [] : texts.filter((value) => isUnknownValue(filter, column, value)),
    expected: expectedField(column, domain, exact),
  };
}

function rangeParameter(domain: Domain, endpoint: ListEndpoint): RequestParameter {
  const at = (bound: number): string | number =>
    endpoint.pagination === "v2" ? new Date(bound * 1000).toISOString() : bound;
  return {
    ...(domain.minimum === undefined ? {} : { gte: at(domain.minimum) }),
    ...(domain.maximum === undefined ? {} : { lte: at(domain.maximum) }),
  };
}

function chunks<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  return values.length <= size ? [values] : [values.slice(0, size), ...chunks(values.slice(size), size)];
}

interface AccessParts extends Pick<Lists, "request" | "endpoint" | "partitions"> {
  readonly account: Account;
  readonly variant: Variant;
  readonly bindings: readonly Binding[];
}

function listAccess({ request, endpoint, partitions, account, variant, bindings }: AccessParts): Access {
  const { pagination, maximumPageSize } = endpoint;
  const common = {
    endpoint,
    accountId: account.accountId,
    constants: { ...account.constants, ...variant.constants },
    path: fillPath(endpoint.path, variant.placeholders),
    bindings,
  };
  if (pagination === "singleton")
    return {
      ...common,
      kind: "retrieve",
      parameters: withIncludes(variant.parameters, endpoint, { fields: request.includes, prefix: [] }),
    };
  return {
    ...common,
    filters: variant.filters,
    partitions,
    kind: "list",
    parameters: withIncludes(variant.parameters, endpoint, { fields: request.includes, prefix: ["data"] }),
    pagination,
    maximumPageSize,
    budget: "read",
    embeddedAt: bindings.length > 0 ? embeddedAt(endpoint, variant, request) : undefined,
    newestFirstBy: undefined,
  };
}

/** The parent's object holds its first children, unless a filter or a base parameter is sent that those were not chosen by. */
function embeddedAt(
  endpoint: ListEndpoint,
  { filters }: Pick<ListedPart, "filters">,
  { includes }: AccessRequest,
): ListEndpoint["embeddedAt"] {
  const isWhole = filters.length === 0 && Object.keys(endpoint.baseParameters).length === 0 && includes.length === 0;
  return isWhole ? endpoint.embeddedAt : undefined;
}

/** All parents of an account, whose keys lead to the lists, and what they are read through themselves. */
function parentsOf(
  { table: name }: ParentKey,
  request: AccessRequest,
  { accountId, planner }: { readonly accountId: string | undefined; readonly planner: AccessPlanner },
): (Pick<AccessAnswer, "feeds"> & { readonly parents: Scanned }) | undefined {
  const table = request.findTable(name, request.table.schema);
  if (table === undefined || request.ancestors.includes(name)) return undefined;
  const { scan, feeds } = planner.plan({
    ...request,
    table,
    predicates:
      accountId === undefined
        ? []
        : [{ kind: "any-of", column: accountColumn, values: [{ type: "string", value: accountId }] }],
    order: "any",
    limit: undefined,
    includes: [],
    ancestors: [...request.ancestors, request.table.name],
  });
  const parents = { id: relationId(table, scan), table, scan };
  return accessesOf(scan).length === 0 ? undefined : { parents, feeds: [...feeds, parents] };
}

const keyBinding = ({ placeholder, column }: ParentKey, { id, table }: Scanned): Binding => ({
  kind: "parent",
  target: placeholder,
  column,
  source: { relation: id, column: table.primaryKey ?? "Id" },
});
