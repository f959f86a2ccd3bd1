import type { ParentKey, Table } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { isPseudoColumn, verdictsOf } from "../predicate/conjunction.js";
import type { DomainValue } from "../predicate/domain.js";
import { accountsOf } from "./account-rule.js";
import type { AccessRequest, Candidate } from "./candidate.js";
import { combinations, fillPath, isPathSegment, withIncludes } from "./request-template.js";
import type { Access } from "./scan.js";

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
  const parameters = withIncludes({}, retrieve, { fields: request.includes, prefix: [] });
  const accesses = accounts.flatMap((account) =>
    combinations(keyValues).map(
      (values): Access => ({
        kind: "retrieve",
        endpoint: retrieve,
        accountId: account.accountId,
        bindings: [],
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

const hasChosenIds = ({ columns, primaryKey }: Table): boolean =>
  columns.some(({ name, creatable }) => name === primaryKey && creatable);
