import type { Binding, Constants, ListAccess, OmittedRows } from "../../plan/scan/scan.js";
import { isMissingReference } from "../../stripe/is-missing-object.js";
import type { ListCall } from "../../stripe/list-call.js";
import type { Page } from "../../stripe/pager.js";
import type { CoveringList } from "../kept/kept-lists.js";
import { coveredPages, coveringList, keepingDraft, keepingPages } from "../kept/kept-lists.js";
import type { StatementContext } from "../statement-context.js";
import { addressOf, constantsOf } from "./access-call.js";
import { checkedPages } from "./checked-pages.js";
import { fieldsRead } from "./fields-read.js";
import type { KeyTally } from "./keys-asked.js";
import { ListSurvey } from "./list-survey.js";
import { doubtOfRefusal, doubtOfSearch, isRefusedKey, isRefusedValue } from "./refused-list.js";
import type { RowBatch } from "./row-batch.js";
import type { CheckedList } from "./row-check.js";
import { withRowsOnClocks } from "./rows-on-clocks.js";

export interface ReadOptions {
  /** True where every row will be wanted: the next page is then asked for while one is consumed. */
  readonly readAll: boolean;
}

interface ListOptions extends ReadOptions {
  readonly limit?: number | undefined;
  /** What bound the list to rows of another relation that it does not belong to. */
  readonly joined?: readonly Binding[];
  /** Where the list is one of many that differ in their keys, which are told of together. */
  readonly tally?: KeyTally;
}

/**
 * The rows of a list, told of what it leaves out: at its end, as whoever ends it before has rows enough. Where the order
 * counts, a row that is left out may have been among the first, unless it is older than all.
 */
export async function* listedRows(
  list: CheckedList,
  options: ListOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const { omits, newestFirstBy } = list.access;
  if (newestFirstBy !== undefined)
    tell(
      omits.filter(({ isOldest }) => !isOldest),
      context,
    );
  let count = 0;
  for await (const batch of wholeList(list, options, context)) {
    count += batch.objects.length;
    yield batch;
  }
  if (options.limit === undefined || count < options.limit) tell(omits, context);
}

function tell(omits: readonly OmittedRows[], { notice }: StatementContext): void {
  for (const omitted of omits) notice(omitted.notice);
}

async function* wholeList(
  list: CheckedList,
  options: ListOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const { table, access } = list;
  const { onClocks } = access;
  const read = (one: ListAccess, run: StatementContext) => requestedRows({ table, access: one }, options, run);
  const { limit, readAll } = options;
  yield* onClocks === undefined
    ? read(access, context)
    : withRowsOnClocks({ access, onClocks, limit, readAll, read }, context);
}

async function* requestedRows(
  list: CheckedList,
  { readAll, limit, joined = [], tally }: ListOptions,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  const { access } = list;
  const { parameters, pagination, maximumPageSize: pageSize, budget } = access;
  const call = { ...addressOf(access), parameters, pagination, pageSize, budget, readAll, limit };
  yield* pagesOf({ call, list, joined, tally, constants: constantsOf(access, context) }, context);
}

interface PlannedCall {
  readonly call: ListCall;
  readonly list: CheckedList;
  readonly joined: readonly Binding[];
  readonly tally: KeyTally | undefined;
  readonly constants: Constants;
}

/** From what is kept, where that has them all. */
function pagesOf(planned: PlannedCall, context: StatementContext): AsyncGenerator<RowBatch> {
  const covering = coveringList(planned.list, context);
  return covering === undefined ? pagesFromStripe(planned, context) : keptPages(covering, planned, context);
}

async function* keptPages(
  covering: CoveringList,
  { call: { limit, pageSize }, list, tally, constants }: PlannedCall,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  let count = 0;
  for await (const { rows } of coveredPages(covering, { table: list.table, limit }, context)) {
    count += rows.length;
    yield { objects: rows, constants };
  }
  // As many pages as Stripe would have given: what a key leads to is learned all the same.
  if (tally !== undefined) addPages(tally, { requests: Math.max(1, Math.ceil(count / pageSize)), rows: count });
}

/**
 * `Customer = 'cus_x'` where there is no such customer, `Status = 'new'` where Stripe has no such status: Stripe refuses
 * the list, and no row equals it.
 */
async function* pagesFromStripe(
  { call, list, joined, tally, constants }: PlannedCall,
  context: StatementContext,
): AsyncGenerator<RowBatch> {
  let started = false;
  const survey = tally === undefined ? new ListSurvey(list) : undefined;
  let [count, requests] = [0, 0];
  try {
    for await (const { rows } of readPages({ call, list }, survey?.fields ?? [], context)) {
      started = true;
      survey?.page(rows);
      count += rows.length;
      requests += 1;
      if (tally !== undefined) addPages(tally, { requests: 1, rows: rows.length });
      yield { objects: rows, constants };
    }
    // A list that gives fewer rows than it may has come to its end.
    if (call.limit === undefined || count < call.limit) survey?.end(context, requests);
  } catch (error) {
    if (started) throw error;
    const unsearched = doubtOfSearch(error, list);
    if (unsearched !== undefined) throw unsearched;
    const isOfNoRow =
      isMissingReference(error) || isRefusedValue(error, list.access.filters) || isRefusedKey(error, joined);
    if (!isOfNoRow) throw doubtOfRefusal(error, list);
    context.notice(error.message);
  }
}

/** Where rows are kept on their way, all of them is; of others only what is read. */
function readPages(
  { call, list }: Pick<PlannedCall, "call" | "list">,
  surveyed: readonly string[],
  context: StatementContext,
): AsyncGenerator<Page> {
  const draft = keepingDraft(list, context);
  const fields = draft === undefined ? fieldsRead(list, surveyed, context) : undefined;
  return keepingPages(checkedPages({ ...call, fields }, list, context), { list, limit: call.limit, draft }, context);
}

function addPages(tally: KeyTally, { requests, rows }: Pick<KeyTally, "requests" | "rows">): void {
  tally.requests += requests;
  tally.rows += rows;
}
