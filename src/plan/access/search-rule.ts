import type { SearchEndpoint } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { isPseudoColumn, verdictsOf } from "../predicate/conjunction.js";
import type { Access, ListAccess, OmittedRows, SentFilter } from "../scan/scan.js";
import type { Account } from "./account-rule.js";
import { accountsOf } from "./account-rule.js";
import type { AccessRequest, Candidate } from "./candidate.js";
import { omittedRows } from "./omission-rule.js";

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
  const omits = omittedRows(request, search, conjunction);
  const filters = [
    {
      parameter: "query",
      column: searchColumn,
      optional: false,
      unknownValues: [],
      valueCount: undefined,
      expected: undefined,
    },
  ];
  const accesses = accounts.flatMap((account) =>
    queries.map((value): Access => {
      const query = String(value);
      const access = searchAccess(request, search, { account, query, filters, omits });
      return { ...access, constants: { ...access.constants, [searchColumn]: query } };
    }),
  );
  return {
    accesses,
    feeds: [],
    verdicts: verdictsOf(conjunction, applied),
    newestFirst: false,
    notices: [],
  };
}

interface SearchParts {
  readonly account: Account;
  readonly query: string;
  readonly filters: readonly SentFilter[];
  readonly omits: readonly OmittedRows[];
}

/** The pages of one search. */
export function searchAccess(
  { includes, expands }: AccessRequest,
  search: SearchEndpoint,
  { account, query, filters, omits }: SearchParts,
): ListAccess {
  const expand = [...includes, ...expands].map((path) => ["data", ...path].join("."));
  return {
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
    omits,
    onClocks: undefined,
    filters,
    partitions: 1,
    constants: account.constants,
  };
}
