import type { ListCall } from "../../stripe/list-call.js";
import type { Page } from "../../stripe/pager.js";
import { listPages } from "../../stripe/pager.js";
import type { StatementContext } from "../statement-context.js";
import { rangedList } from "./ranges/ranged-list.js";
import { rangedPages } from "./ranges/ranged-pages.js";
import type { CheckedList } from "./row-check.js";
import { RowCheck } from "./row-check.js";

/**
 * Pages that are what was asked for. Where the order counts, none goes out before rows have told that it is kept. Rows
 * beyond the limit tell of the order alone: what follows from rows would be asked for them too.
 */
export async function* checkedPages(
  call: ListCall,
  list: CheckedList,
  context: StatementContext,
): AsyncGenerator<Page> {
  const check = new RowCheck(list);
  const held: Page[] = [];
  let left = call.limit ?? Number.POSITIVE_INFINITY;
  for await (const page of orderedPages(call, { list, check }, context)) {
    check.page(page.rows);
    const rows = page.rows.slice(0, left);
    left -= rows.length;
    held.push({ rows });
    if (check.isOrderSeen) yield* held.splice(0);
  }
  yield* held;
}

/** So many rows tell in which order a list gives them, where fewer are wanted. */
const rowsForOrder = 10;

interface OrderedList {
  readonly list: CheckedList;
  readonly check: RowCheck;
}

/** The pages of a list, of its ranges side by side where all are wanted. Rows that are all of one time have told of no order, and could not be in another. */
function orderedPages(call: ListCall, { list, check }: OrderedList, context: StatementContext): AsyncIterable<Page> {
  const { limit, pageSize, pagination } = call;
  const ranged = rangedList(call, list, context);
  if (ranged !== undefined) return rangedPages(ranged, context);
  if (check.isOrderSeen || limit === undefined || pagination !== "cursor")
    return listPages(context.client, call, context.scope);
  const shown = limit === 0 ? 0 : Math.max(limit, Math.min(rowsForOrder, pageSize));
  return listPages(context.client, { ...call, limit: shown }, context.scope);
}
