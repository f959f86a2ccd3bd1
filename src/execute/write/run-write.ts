import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import { buildRequest } from "../../plan/write/build-request.js";
import { wrongWidth } from "../../plan/write/plan-insert.js";
import type {
  DeletePlan,
  InsertPlan,
  MergePlan,
  QueryRequests,
  UpdatePlan,
  WriteRequest,
  WriteRequests,
} from "../../plan/write/write-plan.js";
import type { OutputColumn, RowSource, Tuple } from "../row-source.js";
import { givenRows } from "../row-source.js";
import { runSelect, selectOverObjects } from "../select/run-select.js";
import type { StatementContext } from "../statement-context.js";
import { mergeNotice, mergeRequests } from "./merge-requests.js";
import { onceEach } from "./once-each.js";
import { programRows } from "./program-rows.js";
import type { WriteReport } from "./send-writes.js";
import { sendWrites } from "./send-writes.js";
import type { WriteSubject } from "./write-journal.js";
import type { WriteAction, WriteOutcome } from "./write-outcome.js";

export interface WriteResult {
  readonly outcomes: readonly WriteOutcome[];
  readonly returning: RowSource | undefined;
  /** RETURNING could not be computed of what was written: the write stands all the same. */
  readonly returningError: StripeSqlError | undefined;
}

/** Asked before the first object is written; false leaves everything as it is. */
export type ConfirmWrite = (objects: number) => Promise<boolean>;

export async function runWrite(
  plan: InsertPlan | UpdatePlan | DeletePlan | MergePlan,
  context: StatementContext,
  confirm: ConfirmWrite,
): Promise<WriteResult> {
  const requests = await requestsOf(plan.requests, context);
  // A mistake in RETURNING must show before anything is written, not instead of what was.
  const columns = plan.returning === undefined ? [] : await columnsOf(plan.returning, context);
  for (const notice of keptNotices(requests)) context.notice(notice);
  const agreed = requests.length === 0 || (await confirm(requests.length));
  const report: WriteReport = agreed
    ? await sendWrites(requests, { subject: subjectOf(plan), answersAreWanted: plan.returning !== undefined }, context)
    : { outcomes: requests.map(({ id }) => ({ state: "not tried", id })), objects: [] };
  rejectFailedWhole(report);
  const { objects } = report;
  const outcomes = plan.kind === "merge" ? withActions(report.outcomes, requests) : report.outcomes;
  if (plan.returning === undefined) return { outcomes, returning: undefined, returningError: undefined };
  try {
    const { columns, tuples } = await readRows(await selectOverObjects(plan.returning, objects, context));
    return { outcomes, returning: givenRows(columns, tuples), returningError: undefined };
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    // The result's error is then that of an object that was not written.
    if (outcomes.some(({ state }) => state === "failed")) context.notice(`RETURNING failed: ${error.message}`);
    const returningError = error.with({ detail: "The objects were written; RETURNING alone failed.", cause: error });
    return { outcomes, returning: givenRows(columns, []), returningError };
  }
}

async function columnsOf(returning: SelectPlan, context: StatementContext): Promise<readonly OutputColumn[]> {
  return (await readRows(await selectOverObjects(returning, [], context))).columns;
}

/** Each outcome with what was done: there is one for each request, as no object was written unseen. */
function withActions(outcomes: readonly WriteOutcome[], requests: readonly WriteRequest[]): readonly WriteOutcome[] {
  return outcomes.map((outcome, index) => {
    const request = requests[index];
    return outcome.state === "written" && request !== undefined ? { ...outcome, action: actionOf(request) } : outcome;
  });
}

function actionOf({ id, endpoint }: WriteRequest): WriteAction {
  if (endpoint.method === "DELETE") return "deleted";
  return id === undefined ? "inserted" : "updated";
}

/** What an assignment cannot take away is said before it is sent. */
function keptNotices(requests: readonly WriteRequest[]): readonly string[] {
  const names = [...new Set(requests.flatMap(({ keeps }) => keeps ?? []))];
  if (names.length === 0) return [];
  return [`Stripe has no way to unset ${names.join(", ")}: what the assigned value lacks there may stay as it is`];
}

function subjectOf({ kind, requests, table }: InsertPlan | UpdatePlan | DeletePlan | MergePlan): WriteSubject {
  const { name, schema, primaryKey } = table;
  const isUnseen = requests.kind === "constant" || (requests.kind === "query" && requests.isUnseen === true);
  const missingIsNoMatch = kind !== "insert" && isUnseen;
  return { kind, name, schema, missingIsNoMatch, answersHaveIds: primaryKey !== undefined };
}

/** Every request of the statement, so that each is checked before the first is sent. */
export async function requestsOf(source: WriteRequests, context: StatementContext): Promise<readonly WriteRequest[]> {
  const requests = await builtRequests(source, context);
  for (const notice of new Set(requests.flatMap(({ notices = [] }) => notices))) context.notice(notice);
  return requests;
}

async function builtRequests(source: WriteRequests, context: StatementContext): Promise<readonly WriteRequest[]> {
  switch (source.kind) {
    case "constant":
      return source.requests;
    case "query":
      return requestsOfQuery(source, context);
    case "merge": {
      const { requests, counts } = mergeRequests(
        (await programRows(await writtenRows(source.select, context))).rows,
        source,
      );
      context.notice(mergeNotice(counts));
      return requests;
    }
  }
}

/** Rows that say what is written are Stripe's own, as they are now. */
const writtenRows = (select: SelectPlan, context: StatementContext): Promise<RowSource> =>
  runSelect(select, { ...context, forWrite: true, kept: undefined });

async function requestsOfQuery(
  { select, template, isJoined }: QueryRequests,
  context: StatementContext,
): Promise<readonly WriteRequest[]> {
  const rows = await writtenRows(select, context);
  const [wanted, given] = [template.slots.length, rows.columns.length];
  if (given !== wanted) {
    await rows.batches.return(undefined);
    throw wrongWidth(wanted, given);
  }
  const requests = (await programRows(rows)).rows.map((values) => buildRequest(template, values));
  return isJoined === true ? onceEach(requests) : requests;
}

interface ReadRows {
  readonly columns: readonly OutputColumn[];
  readonly tuples: readonly Tuple[];
}

async function readRows({ columns, batches }: RowSource): Promise<ReadRows> {
  const tuples: Tuple[] = [];
  for await (const batch of batches) tuples.push(...batch);
  return { columns, tuples };
}

/** Nothing was written: the first failure is the statement's own, or the first of those in doubt. */
export function rejectFailedWhole({ outcomes }: WriteReport): void {
  if (outcomes.some((outcome) => outcome.state === "written")) return;
  const failed = outcomes.flatMap((outcome) => (outcome.state === "failed" ? [outcome.error] : []));
  const inDoubt = failed.filter(isInDoubt);
  const error = inDoubt[0] ?? failed[0];
  if (error === undefined) return;
  if (outcomes.length === 1) throw error;
  const notTried = outcomes.length - failed.length;
  const counts = `${failed.length - inDoubt.length} failed, ${notTried} not tried`;
  throw error.with({
    detail:
      inDoubt.length === 0
        ? `None of ${outcomes.length} objects was written: ${counts}.`
        : `None of ${outcomes.length} objects is known to be written: ${inDoubt.length} in doubt, ${counts}. ${doubtsOf(inDoubt)}`,
    cause: error,
  });
}

const isInDoubt = ({ stripe }: StripeSqlError): boolean => stripe.inDoubt === true;

/** Keys that are named; the others are in the outcomes. */
const namedKeys = 20;

/** Where to look for what may have been carried out all the same. */
function doubtsOf(inDoubt: readonly StripeSqlError[]): string {
  const keys = inDoubt.flatMap(({ stripe }) => stripe.idempotencyKey ?? []);
  const more = keys.length > namedKeys ? `, and ${keys.length - namedKeys} more` : "";
  const named = keys.length === 0 ? "" : ` Their idempotency keys: ${keys.slice(0, namedKeys).join(", ")}${more}.`;
  return `What is in doubt may have been carried out all the same: look before it is repeated.${named}`;
}
