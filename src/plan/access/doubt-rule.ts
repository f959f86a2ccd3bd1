import type { Filter } from "../../catalog/catalog.js";
import type { Doubt, DoubtReason, ReliedOn } from "../cost/statistics.js";
import type { AccessRequest } from "./candidate.js";

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

export function isSearchDoubted(request: DoubtedRequest, accounts: Accounts): boolean {
  return doubtOf(request, { kind: "search" }, accounts) !== undefined;
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
  return filters.flatMap(({ parameter }) => noticesOf(request, { kind: "filter", parameter }, accounts));
}

export function orderDoubtNotices(request: DoubtedRequest, accounts: Accounts): readonly string[] {
  return noticesOf(request, { kind: "order" }, accounts);
}

export function searchDoubtNotices(request: DoubtedRequest, accounts: Accounts): readonly string[] {
  return noticesOf(request, { kind: "search" }, accounts);
}

function noticesOf(request: DoubtedRequest, relied: ReliedOn, accounts: Accounts): readonly string[] {
  const reason = doubtOf(request, relied, accounts);
  if (reason === undefined || reason === "unproven") return [];
  return [doubtNotice({ table: request.table.name, relied, reason })];
}

interface FoundDoubt extends Pick<Doubt, "relied" | "reason"> {
  readonly table: string;
}

/** The same text where it is found, and where a later plan does without. */
export function doubtNotice({ table, relied, reason }: FoundDoubt): string {
  if (relied.kind === "order") return `Stripe did not give ${table} newest first: all rows are read, and sorted here`;
  if (relied.kind === "search")
    return `Stripe refused to search ${table}: its list is read, and the rows are chosen here`;
  const done = "it is not sent, and the rows are chosen here";
  return reason === "refused"
    ? `Stripe refused the filter "${relied.parameter}" of ${table}: ${done}`
    : `Stripe answered with rows that the filter "${relied.parameter}" of ${table} excludes: ${done}`;
}
