import type { Conjunction } from "../predicate/conjunction.js";
import { isPseudoColumn, verdictsOf } from "../predicate/conjunction.js";
import { accountsOf } from "./account-rule.js";
import type { AccessRequest, Candidate } from "./candidate.js";
import { omittedRows } from "./omission-rule.js";
import type { Access } from "./scan.js";

/** Pseudo-column of searchable tables: a query in Stripe's own Search language. */
const searchColumn = "SearchQuery";

/**
 * `SearchQuery = 'email:"a@b.c"'` -> the pages of that search. The text is the user's; its rows are the answer's.
 * They come in whatever order the search gives them: Stripe promises none.
 */
export function searchRule(request: AccessRequest, conjunction: Conjunction): Candidate | undefined {
  const { search } = request.table;
  const queries = conjunction.domains.get(searchColumn)?.values;
  if (search === undefined || queries === undefined) return undefined;
  const other = [...conjunction.domains.keys()].some(
    (column) => column !== searchColumn && column !== "AccountId" && isPseudoColumn(request.table, column),
  );
  if (other) return undefined;
  const applied = new Map([[searchColumn, "exact" as const]]);
  const accounts = accountsOf(conjunction, applied);
  const expand = [...request.includes, ...request.expands].map((path) => ["data", ...path].join("."));
  const accesses = accounts.flatMap((account) =>
    queries.map(
      (query): Access => ({
        kind: "list",
        endpoint: search,
        accountId: account.accountId,
        bindings: [],
        path: search.path,
        parameters: { query, ...(expand.length === 0 ? {} : { expand }) },
        pagination: "page",
        maximumPageSize: 100,
        budget: "search",
        embeddedAt: undefined,
        newestFirstBy: undefined,
        omits: omittedRows(request, search, conjunction),
        onClocks: undefined,
        filters: [
          {
            parameter: "query",
            column: searchColumn,
            optional: false,
            unknownValues: [],
            valueCount: undefined,
            expected: undefined,
          },
        ],
        partitions: 1,
        constants: { ...account.constants, [searchColumn]: query },
      }),
    ),
  );
  return {
    accesses,
    feeds: [],
    verdicts: verdictsOf(conjunction, applied),
    newestFirst: false,
    notices: [],
  };
}
