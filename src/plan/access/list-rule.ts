import type { Filter, ListEndpoint, ParentKey } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { verdictsOf } from "../predicate/conjunction.js";
import { fillPath, lackedIncludes, withIncludes } from "../scan/request-template.js";
import type { Access, Binding, ListedPart, OmittedRows, Scanned } from "../scan/scan.js";
import { accessesOf } from "../scan/scan.js";
import { relationId } from "./access-key.js";
import type { Account } from "./account-rule.js";
import { accountColumn, accountsOf } from "./account-rule.js";
import { boundedListsOf } from "./bounded-lists.js";
import type { AccessAnswer, AccessPlanner, AccessRequest, Candidate } from "./candidate.js";
import { filterDoubtNotices, isFilterDoubted, isOrderDoubted, orderDoubtNotices } from "./doubt-rule.js";
import { heldList } from "./held-list.js";
import type { JoinedKeys } from "./joined-keys.js";
import { joinedVariant, keyedListsOf, pseudoJoinsOf } from "./joined-keys.js";
import type { ChosenFilter } from "./list-filters.js";
import { chooseFilters, coversPseudoColumns, lacksRequired, usableFilters } from "./list-filters.js";
import type { Variant } from "./list-variants.js";
import { partitionsOf, variants } from "./list-variants.js";
import { omittedRows, rowsOnClocks } from "./omission-rule.js";

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
): readonly Candidate[] {
  const accounts = accountsOf(conjunction, new Map()).map(({ accountId }) => accountId);
  const required = pseudoJoinsOf(request, endpoint, conjunction);
  const joins =
    required.length === 0
      ? [undefined, ...(isKeying(request) ? keyedBy(request, endpoint, conjunction, accounts) : [])]
      : required;
  return joins.flatMap((join) => listsBy(join, { request, endpoint, conjunction, planner }) ?? []);
}

const keyedBy = (...input: Parameters<typeof keyedListsOf>): readonly JoinedKeys[] => [
  ...keyedListsOf(...input),
  ...boundedListsOf(...input),
];

const noKeys: Pick<JoinedKeys, "filters" | "parents"> = { filters: [], parents: [] };

const isKeying = ({ pushdown, without }: AccessRequest): boolean => pushdown && !without.has("keys");

interface ListRuleInput {
  readonly request: AccessRequest;
  readonly endpoint: ListEndpoint;
  readonly conjunction: Conjunction;
  readonly planner: AccessPlanner;
}

function listsBy(
  join: JoinedKeys | undefined,
  { request, endpoint, conjunction, planner }: ListRuleInput,
): Candidate | undefined {
  const { table } = request;
  const { bound, open, isReachable } = parentsFor(endpoint, conjunction, join);
  if (!isReachable) return undefined;
  const accountIds = accountsOf(conjunction, new Map()).map(({ accountId }) => accountId);
  const { filters, doubted } = filtersFor({ request, endpoint, conjunction }, accountIds);
  const { filters: joined, parents: joinedParents } = join ?? noKeys;
  const parents = [...bound, ...joinedParents];
  if (!coversPseudoColumns(table, conjunction, filters, parents)) return undefined;
  if (lacksRequired(endpoint, [...filters.map(({ filter }) => filter), ...joined], bound)) return undefined;
  const applied = new Map<string, "exact" | "inexact">(filters.map(({ filter, verdict }) => [filter.column, verdict]));
  for (const parent of bound) applied.set(parent.column, "exact");
  for (const { column } of [...joined, ...joinedParents]) applied.set(column, "inexact");
  const accounts = accountsOf(conjunction, applied);
  const partitions = partitionsOf(endpoint, filters);
  const lists = {
    request,
    endpoint,
    open,
    join,
    partitions: partitions.length,
    omits: omittedRows(request, endpoint, conjunction),
    variants: variants(endpoint, conjunction, { bound, filters, partitions, table }),
  };
  const planned = accounts.map((account) => listsOf(account, lists, planner));
  const accesses = planned.flatMap((lists) => lists.accesses);
  if (open !== undefined && accesses.length === 0) return undefined;
  const isFree = join === undefined || join.isBound === true;
  const isOneList = accesses.length === 1 && open === undefined && isFree;
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
    keyedBy: join?.keyedBy,
  };
}

interface ListFilters {
  readonly filters: readonly ChosenFilter[];
  /** Those that would be sent if an answer had not contradicted them. */
  readonly doubted: readonly Filter[];
}

function filtersFor(
  { request, endpoint, conjunction }: Omit<ListRuleInput, "planner">,
  accountIds: readonly (string | undefined)[],
): ListFilters {
  const { table } = request;
  const isDoubted = (filter: Filter): boolean => isFilterDoubted(request, filter, accountIds);
  const usable = usableFilters(endpoint, conjunction, table);
  const trusted = usable.filter(({ filter }) => !isDoubted(filter));
  return {
    filters: chooseFilters(trusted, table),
    doubted: usable.map(({ filter }) => filter).filter(isDoubted),
  };
}

interface ListParents {
  /** Those whose keys the conditions give. */
  readonly bound: readonly ParentKey[];
  /** The one whose keys are to be read first. */
  readonly open: ParentKey | undefined;
  readonly isReachable: boolean;
}

function parentsFor({ parents }: ListEndpoint, { domains }: Conjunction, join: JoinedKeys | undefined): ListParents {
  const unjoined = parents.filter((parent) => join?.parents.includes(parent) !== true);
  const bound = unjoined.filter(({ column }) => domains.get(column)?.values !== undefined);
  const [open, ...others] = unjoined.filter((parent) => !bound.includes(parent));
  return { bound, open, isReachable: others.length === 0 && (open === undefined || join === undefined) };
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
  readonly join: JoinedKeys | undefined;
  readonly partitions: number;
  readonly omits: readonly OmittedRows[];
  readonly variants: readonly Variant[];
}

/** The lists of one account. Where no key of the parent is given, every parent is read, and the list of each. */
function listsOf(
  account: Account,
  { request, endpoint, open, join, partitions, omits, variants }: Lists,
  planner: AccessPlanner,
): Pick<Candidate, "accesses" | "feeds"> {
  const held = open && heldList(endpoint, request, []);
  const through = open && parentsOf(open, request, { accountId: account.accountId, planner, expand: held?.expand });
  if (open !== undefined && through === undefined) return { accesses: [], feeds: [] };
  const bindings = open && through ? [keyBinding(open, through.parents)] : (join?.bindings ?? []);
  return {
    accesses: variants
      .map((variant) => (join === undefined ? variant : joinedVariant(variant, join)))
      .map((variant) =>
        listAccess({
          request,
          endpoint,
          partitions,
          omits,
          account,
          variant,
          bindings,
          held: through === undefined ? join?.embeddedAt : held?.path,
        }),
      ),
    feeds: through?.feeds ?? join?.keyedBy.source.feeds ?? [],
  };
}

interface AccessParts extends Pick<Lists, "request" | "endpoint" | "partitions" | "omits"> {
  readonly account: Account;
  readonly variant: Variant;
  readonly bindings: readonly Binding[];
  /** Where the objects that it is bound to hold its first rows. */
  readonly held: readonly string[] | undefined;
}

function listAccess({ request, endpoint, partitions, omits, account, variant, bindings, held }: AccessParts): Access {
  const { pagination, maximumPageSize } = endpoint;
  const common = {
    endpoint,
    accountId: account.accountId,
    constants: { ...account.constants, ...variant.constants },
    path: fillPath(endpoint.path, variant.placeholders),
    bindings,
    embeddedAt: isHeldWhole(endpoint, variant, request) ? held : undefined,
  };
  const fields = [...request.includes, ...request.expands];
  if (pagination === "singleton")
    return {
      ...common,
      kind: "retrieve",
      parameters: withIncludes(variant.parameters, endpoint, { fields, prefix: [] }),
    };
  return {
    ...common,
    filters: variant.filters,
    partitions,
    kind: "list",
    parameters: withIncludes(variant.parameters, endpoint, { fields, prefix: ["data"] }),
    pagination,
    maximumPageSize,
    budget: "read",
    newestFirstBy: undefined,
    omits,
    onClocks: rowsOnClocks(request.table, endpoint, [
      ...variant.filters.map(({ parameter }) => parameter),
      ...bindings.map(({ target }) => target),
    ]),
  };
}

/** The parent's object holds its first children, unless a filter or a base parameter is sent that those were not chosen by. */
function isHeldWhole(
  endpoint: ListEndpoint,
  { filters }: Pick<ListedPart, "filters">,
  { includes }: AccessRequest,
): boolean {
  return filters.length === 0 && Object.keys(endpoint.baseParameters).length === 0 && includes.length === 0;
}

/** All parents of an account, whose keys lead to the lists, and what they are read through themselves. */
function parentsOf(
  { table: name }: ParentKey,
  request: AccessRequest,
  {
    accountId,
    planner,
    expand,
  }: {
    readonly accountId: string | undefined;
    readonly planner: AccessPlanner;
    /** What the parents are asked to hold of their lists. */
    readonly expand: readonly string[] | undefined;
  },
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
    expands: expand === undefined ? [] : [expand],
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
