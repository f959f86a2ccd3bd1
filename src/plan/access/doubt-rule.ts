import type { Filter, Table } from "../../catalog/catalog.js";
import type { AccessRequest } from "./candidate.js";
import type { DoubtReason, ReliedOn } from "./statistics.js";

type DoubtedRequest = Pick<AccessRequest, "table" | "statistics">;

/**
 * `Customer = 'c'` where a list by `customer` gave rows of others before -> the list without it. No row is lost: what
 * is not sent is judged here. A filter that rows cannot be judged without is sent all the same.
 */
export function isFilterDoubted(request: DoubtedRequest, filter: Filter, accounts: Accounts): boolean {
  if (filter.pseudo || filter.required) return false;
  return doubtOf(request, { kind: "filter", parameter: filter.parameter }, accounts) !== undefined;
}

export function isOrderDoubted(request: DoubtedRequest, accounts: Accounts): boolean {
  return doubtOf(request, { kind: "order" }, accounts) !== undefined;
}

/** Connect accounts that are asked; undefined: the connection's own. */
type Accounts = readonly (string | undefined)[];

function doubtOf({ table, statistics }: DoubtedRequest, relied: ReliedOn, accounts: Accounts): DoubtReason | undefined {
  for (const accountId of accounts) {
    const reason = statistics.doubtOf({ schema: table.schema, table: table.name, accountId }, relied);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** What a statement is told whose plan does without. */
export function filterDoubtNotices(
  request: DoubtedRequest,
  filters: readonly Filter[],
  accounts: Accounts,
): readonly string[] {
  return filters.flatMap(({ parameter }) => {
    const reason = doubtOf(request, { kind: "filter", parameter }, accounts);
    return reason === undefined || reason === "unproven" ? [] : [filterNotice(request.table, parameter, reason)];
  });
}

function filterNotice(table: Table, parameter: string, reason: "contradicted" | "refused"): string {
  const done = "it is not sent, and the rows are chosen here";
  return reason === "refused"
    ? `Stripe refused the filter "${parameter}" of ${table.name}: ${done}`
    : `Stripe answered with rows that the filter "${parameter}" of ${table.name} excludes: ${done}`;
}

export function orderDoubtNotices(request: DoubtedRequest, accounts: Accounts): readonly string[] {
  const reason = doubtOf(request, { kind: "order" }, accounts);
  if (reason === undefined || reason === "unproven") return [];
  return [`Stripe did not give ${request.table.name} newest first: all rows are read, and sorted here`];
}
