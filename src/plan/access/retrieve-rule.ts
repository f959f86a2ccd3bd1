import type { Conjunction } from "../predicate/conjunction.js";
import { isPseudoColumn, verdictsOf } from "../predicate/conjunction.js";
import type { DomainValue } from "../predicate/domain.js";
import { accountsOf } from "./account-rule.js";
import type { AccessRequest, Candidate } from "./candidate.js";
import { combinations, fillPath, isPathSegment } from "./request-template.js";
import type { Access } from "./scan.js";

/**
 * `Id = 'x'`, `Id IN ('x', 'y')` -> one GET for each id. Nothing is lost: an id names one object, and one that
 * is not there is no row. Other predicates stay with the local engine; one on a pseudo-column cannot be
 * judged there, so this path is not for it.
 */
export function retrieveRule(request: AccessRequest, conjunction: Conjunction): Candidate | undefined {
  const { table } = request;
  const { retrieve } = table;
  if (retrieve === undefined || retrieve.keys.length === 0) return undefined;
  const unjudged = [...conjunction.domains.keys()].some(
    (column) => column !== "AccountId" && isPseudoColumn(table, column),
  );
  if (unjudged) return undefined;
  const keyValues: Record<string, readonly DomainValue[]> = {};
  for (const key of retrieve.keys) {
    const values = conjunction.domains.get(key.column)?.values;
    if (values === undefined) return undefined;
    keyValues[key.placeholder] = values.filter(isPathSegment);
  }
  const applied = new Map(retrieve.keys.map((key) => [key.column, "exact" as const]));
  const accounts = accountsOf(conjunction, applied);
  const expand = request.includes.map((path) => path.join("."));
  const accesses = accounts.flatMap((account) =>
    combinations(keyValues).map(
      (values): Access => ({
        kind: "retrieve",
        endpoint: retrieve,
        accountId: account.accountId,
        bindings: [],
        path: fillPath(retrieve.path, values),
        parameters: expand.length === 0 ? {} : { expand },
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
