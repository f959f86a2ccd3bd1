import type { ParentKey, RetrieveEndpoint, Table } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { isPseudoColumn, verdictsOf } from "../predicate/conjunction.js";
import type { DomainValue } from "../predicate/domain.js";
import { combinations, fillPath, isPathSegment, withIncludes } from "../scan/request-template.js";
import type { Access } from "../scan/scan.js";
import { accessesOf } from "../scan/scan.js";
import type { Account } from "./account-rule.js";
import { accountColumn, accountsOf } from "./account-rule.js";
import type { AccessRequest, Candidate, Expansion, SourceRelation } from "./candidate.js";
import { deepestExpansion } from "./held-list.js";
import type { JoinedPredicate } from "./joined-keys.js";
import { columnOf, joinedPredicates } from "./joined-keys.js";

/**
 * `Id = 'x'`, `Id IN ('x', 'y')` -> one GET for each id. Nothing is lost: an id names one object, and one that
 * is not there is no row; nor is one that would make another call of the path, but where ids are anybody's choice
 * (coupons): then this path is not for it. Other predicates stay with the local engine; one on a pseudo-column cannot
 * be judged there, so this path is not for it either.
 */
export function retrieveRule(request: AccessRequest, conjunction: Conjunction): Candidate | undefined {
  const { table } = request;
  const { retrieve } = table;
  if (retrieve === undefined || retrieve.keys.length === 0) return undefined;
  const unjudged = [...conjunction.domains.keys()].some(
    (column) => column !== "AccountId" && isPseudoColumn(table, column),
  );
  if (unjudged) return undefined;
  const last = retrieve.keys.at(-1);
  const isReserved = (key: ParentKey, value: DomainValue): boolean =>
    key === last && retrieve.reserved?.includes(String(value)) === true;
  const keyValues: Record<string, readonly DomainValue[]> = {};
  for (const key of retrieve.keys) {
    const values = conjunction.domains.get(key.column)?.values;
    if (values === undefined) return undefined;
    const isKey = (value: DomainValue): boolean =>
      isPathSegment(value) && !/[/?]/.test(String(value)) && !isReserved(key, value);
    if (hasChosenIds(table) && !values.every(isKey)) return undefined;
    keyValues[key.placeholder] = values.filter(isKey);
  }
  const applied = new Map(retrieve.keys.map((key) => [key.column, "exact" as const]));
  const accounts = accountsOf(conjunction, applied);
  const parameters = withIncludes({}, retrieve, { fields: [...request.includes, ...request.expands], prefix: [] });
  const accesses = accounts.flatMap((account) =>
    combinations(keyValues).map(
      (values): Access => ({
        kind: "retrieve",
        endpoint: retrieve,
        accountId: account.accountId,
        bindings: [],
        embeddedAt: undefined,
        path: fillPath(retrieve.path, values),
        parameters,
        constants: {
          ...account.constants,
          ...Object.fromEntries(retrieve.keys.map((key) => [key.column, values[key.placeholder] ?? null])),
        },
      }),
    ),
  );
  return {
    accesses,
    feeds: [],
    verdicts: verdictsOf(conjunction, applied),
    newestFirst: accesses.length === 1,
    notices: [],
  };
}

/**
 * `c.Id = s.Customer` -> one GET for each customer that a row of s names, or none, where the requests that s is read by
 * are asked for the objects along with the ids (`expand`). Nothing is lost: a row of c that matters is one that s names,
 * and an id names one object.
 */
export function keyedRetrieves(request: AccessRequest, conjunction: Conjunction): readonly Candidate[] {
  const { table, pushdown } = request;
  const { retrieve } = table;
  const [key, another] = retrieve?.keys ?? [];
  if (!pushdown || retrieve === undefined || key === undefined || another !== undefined) return [];
  const isUnjudged = [...conjunction.domains.keys()].some(
    (column) => column !== accountColumn && isPseudoColumn(table, column),
  );
  if (isUnjudged || conjunction.domains.get(key.column)?.values !== undefined) return [];
  return joinedPredicates(conjunction).flatMap((predicate) => {
    if (predicate.column !== key.column) return [];
    const source = request.findRelation(predicate.source.relation);
    if (source === undefined) return [];
    const keyed = keyedRetrieve(retrieve, { request, conjunction, predicate, source });
    // An id that anybody may have chosen may be none that a path can name.
    const needsExpansion = hasChosenIds(table) || request.without.has("keys");
    return needsExpansion && keyed.keyedBy?.expansion === undefined ? [] : [keyed];
  });
}

interface JoinedKey {
  readonly request: AccessRequest;
  readonly conjunction: Conjunction;
  readonly predicate: JoinedPredicate;
  readonly source: SourceRelation;
}

function keyedRetrieve(retrieve: RetrieveEndpoint, { request, conjunction, predicate, source }: JoinedKey): Candidate {
  const [key] = retrieve.keys;
  const applied = new Map([[predicate.column, "inexact" as const]]);
  const accounts = accountsOf(conjunction, applied);
  const expansion = expansionOf(request.table, { predicate, source, request, accounts });
  const parameters = withIncludes({}, retrieve, { fields: [...request.includes, ...request.expands], prefix: [] });
  return {
    accesses: accounts.map(({ accountId, constants }) => ({
      kind: "retrieve",
      endpoint: retrieve,
      accountId,
      bindings: [
        {
          kind: "key",
          target: key?.placeholder ?? "",
          column: predicate.column,
          source: columnOf(source, predicate),
          reserved: retrieve.reserved,
        },
      ],
      embeddedAt: expansion?.path,
      path: retrieve.path,
      parameters,
      constants,
    })),
    feeds: source.feeds,
    verdicts: verdictsOf(conjunction, applied),
    newestFirst: false,
    notices: [],
    keyedBy: { source, expansion, isOptional: true },
  };
}

interface Held {
  readonly predicate: JoinedPredicate;
  readonly source: SourceRelation;
  readonly request: AccessRequest;
  readonly accounts: readonly Account[];
}

/**
 * An object that another holds is whole but for what Stripe sends of it on request only. Where the statement shows the
 * other as JSON, it is to hold the id there, as it does by itself: `_json->>'customer'`.
 */
function expansionOf(table: Table, { predicate, source, request, accounts }: Held): Expansion | undefined {
  if (request.without.has("expansion")) return undefined;
  const { scanned, embeddedBeneath, shownAsJson } = source;
  const column = scanned.table.columns.find(({ name }) => name === predicate.source.column);
  if (column?.expansion === undefined || column.references !== table.name) return undefined;
  if (table.schema !== "stripe" || scanned.table.schema !== "stripe" || request.includes.length > 0) return undefined;
  const isOnRequest = column.expansion === "on-request";
  if (isOnRequest && embeddedBeneath.length + column.path.length > deepestExpansion) return undefined;
  if (isOnRequest && shownAsJson.some((path) => isWithin(column.path, path))) return undefined;
  const [account, another] = accounts;
  const isOfOneAccount = accessesOf(scanned.scan).every(({ accountId }) => accountId === account?.accountId);
  if (another !== undefined || !isOfOneAccount) return undefined;
  return { relation: predicate.source.relation, path: column.path, expand: isOnRequest ? column.path : undefined };
}

const isWithin = (path: readonly string[], outer: readonly string[]): boolean =>
  outer.every((key, index) => path[index] === key);

const hasChosenIds = ({ columns, primaryKey }: Table): boolean =>
  columns.some(({ name, creatable }) => name === primaryKey && creatable);
