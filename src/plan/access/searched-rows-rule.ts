import type { Column, SearchEndpoint, SearchField, Table } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { isPseudoColumn, readConjunction, verdictsOf } from "../predicate/conjunction.js";
import type { Domain } from "../predicate/domain.js";
import type { Predicate } from "../predicate/predicate.js";
import type { Access, SentFilter } from "../scan/scan.js";
import { accountColumn, accountsOf } from "./account-rule.js";
import type { AccessPlanner, AccessRequest, Candidate } from "./candidate.js";
import { isSearchDoubted, searchDoubtNotices } from "./doubt-rule.js";
import { listRule } from "./list-rule.js";
import type { SearchCondition } from "./search-query.js";
import { boundClause, equalityClause, metadataClause, partClause, searchQueries } from "./search-query.js";
import { searchAccess } from "./search-rule.js";

/** "Occasionally, propagation of new or updated data can be up to an hour behind", and clocks differ by some minutes. */
const bridgedSeconds = 3600 + 300;

/**
 * `Metadata->>'order' = '7' AND Name LIKE '%smith%'` -> the pages of the search `metadata["order"]:"7" AND
 * name~"smith"`, and those of the list of what was created within the last hour or so.
 *
 * What is lost: nothing of what Search knows, as its `:` and `~` disregard case and so match all that SQL's do. An
 * object is found up to an hour after it was created; those of that time the list gives, and a row that both give is
 * taken once. An older object that was changed of late may be found as it was, or not be found: no request tells, so
 * that a notice does.
 *
 * Every row is judged here, so that none has a limit of Stripe's and none comes in an order.
 */
export function searchedRowsRule(
  request: AccessRequest,
  conjunction: Conjunction,
  planner: AccessPlanner,
): Candidate | undefined {
  const { table, search: use, pushdown, without } = request;
  const { search } = table;
  if (use === "off" || !pushdown || without.has("search") || search === undefined) return undefined;
  if ([...conjunction.domains.keys()].some((name) => name !== accountColumn && isPseudoColumn(table, name)))
    return undefined;
  const accountIds = accountsOf(conjunction, new Map()).map(({ accountId }) => accountId);
  if (isSearchDoubted(request, accountIds)) return undefined;
  const found = searchQueries(conditionsOf(table, search, conjunction));
  if (found === undefined) return undefined;
  const recent = recentRows(request, conjunction, planner);
  if (recent === undefined) return undefined;
  const applied = new Map<string, "exact" | "inexact">(
    found.applied.flatMap(({ domainOf }) => (domainOf === undefined ? [] : [[domainOf, "inexact" as const]])),
  );
  const accounts = accountsOf(conjunction, applied);
  const filters = found.applied.map(({ filter }) => filter);
  const omits = [{ notice: staleNotice(table), isOldest: false }];
  const searches = accounts.flatMap((account) =>
    found.queries.map((query): Access => searchAccess(request, search, { account, query, filters, omits })),
  );
  const read = new Set(found.applied.flatMap(({ predicate }) => predicate ?? []));
  return {
    accesses: [...searches, ...recent],
    feeds: [],
    verdicts: verdictsOf(conjunction, applied).map((verdict, index) => {
      const predicate = conjunction.predicates[index];
      return predicate !== undefined && read.has(predicate) ? "inexact" : verdict;
    }),
    newestFirst: false,
    notices: [],
  };
}

/** What a plan that does without Search for its refusal tells. */
export function unsearchedNotices(request: AccessRequest, conjunction: Conjunction): readonly string[] {
  const { table, search: use, pushdown, without } = request;
  if (use === "off" || !pushdown || without.has("search") || table.search === undefined) return [];
  const accountIds = accountsOf(conjunction, new Map()).map(({ accountId }) => accountId);
  const isSearchable = searchQueries(conditionsOf(table, table.search, conjunction)) !== undefined;
  return isSearchable ? searchDoubtNotices(request, accountIds) : [];
}

const staleNotice = ({ name, primaryKey }: Table): string =>
  `rows of ${name} were found by Stripe's Search, which learns of changes late: one that was changed within the last minute may be missing; Search=off, or ${primaryKey ?? "its key"} = '…' in WHERE, reads it`;

/** A condition in Search's language, and where it came from. */
interface ReadCondition extends SearchCondition {
  /** The column whose domain it is. */
  readonly domainOf?: string;
  /** The predicate that it is of. */
  readonly predicate?: Predicate;
  readonly filter: SentFilter;
}

function conditionsOf(table: Table, { fields }: SearchEndpoint, conjunction: Conjunction): readonly ReadCondition[] {
  return fields.flatMap((field): readonly ReadCondition[] => {
    const column = table.columns.find(({ name }) => name === field.column);
    const domain = conjunction.domains.get(field.column);
    return column === undefined
      ? []
      : [
          ...(domain === undefined ? [] : domainConditions(field, column, domain)),
          ...conjunction.predicates.flatMap((predicate) => textCondition(field, predicate) ?? []),
        ];
  });
}

function domainConditions(field: SearchField, column: Column, domain: Domain): readonly ReadCondition[] {
  const { values, minimum, maximum } = domain;
  if (values !== undefined) {
    const clauses = values.map((value) => equalityClause(field, value));
    const known = clauses.filter((clause) => clause !== undefined);
    const valueCount = column.type === "BOOLEAN" ? 2 : column.enumValues?.length;
    const share = valueCount === undefined ? undefined : valueCount / values.length;
    return known.length === clauses.length && known.length > 0
      ? [{ clauses: known, isNarrow: true, domainOf: column.name, filter: sent(column.name, share) }]
      : [];
  }
  const bounds = [
    ...(minimum === undefined ? [] : [boundClause(field, ">=", minimum)]),
    ...(maximum === undefined ? [] : [boundClause(field, "<=", maximum)]),
  ];
  return bounds.flatMap((clause) =>
    clause === undefined
      ? []
      : [{ clauses: [clause], isNarrow: false, domainOf: column.name, filter: sent(column.name, 1) }],
  );
}

/** How many rows have a text in their metadata, or as a part, nothing tells: a tenth is taken. */
const textShare = 10;

function textCondition(field: SearchField, predicate: Predicate): ReadCondition | undefined {
  if (predicate.kind !== "text" || predicate.column !== field.column) return undefined;
  const { key, values } = predicate;
  const clauses = values.map((value) =>
    key === undefined ? partClause(field, value) : metadataClause(field, key, value),
  );
  const known = clauses.filter((clause) => clause !== undefined);
  if (known.length === 0 || known.length < clauses.length) return undefined;
  return { clauses: known, isNarrow: true, predicate, filter: sent(field.column, textShare / values.length) };
}

/** Of what a search leaves, no field of its rows is a proof: they may have been changed since. */
const sent = (column: string, share: number | undefined): SentFilter => ({
  parameter: "query",
  column,
  optional: true,
  unknownValues: [],
  valueCount: share,
  expected: undefined,
});

/**
 * The lists of what was created so late that Search may not know of it; none where the conditions rule that out,
 * undefined where Stripe has no such list.
 */
function recentRows(
  request: AccessRequest,
  conjunction: Conjunction,
  planner: AccessPlanner,
): readonly Access[] | undefined {
  const { table } = request;
  const created = table.columns.find(({ stripeName }) => stripeName === "created");
  const [endpoint] = table.lists;
  if (created === undefined || endpoint === undefined || endpoint.parents.length > 0) return undefined;
  const seconds = Math.floor(request.now()) - bridgedSeconds;
  const since: Predicate = {
    kind: "compare",
    column: created.name,
    operator: ">=",
    value: { type: "timestamp", seconds, clock: false },
  };
  const unjoined = conjunction.predicates.filter(({ kind }) => kind !== "joined");
  const recent = readConjunction(table, [...unjoined, since]);
  if (recent.impossible) return [];
  const [list] = listRule({ ...request, limit: undefined, order: "any" }, endpoint, recent, planner);
  const isRecent = list?.accesses.every(({ parameters }) => parameters["created"] !== undefined) === true;
  return list !== undefined && list.feeds.length === 0 && isRecent ? list.accesses : undefined;
}
