import { accountColumn } from "../../plan/access/account-rule.js";
import { wrongWidth } from "../../plan/write/plan-write.js";
import type { DeletePlan, InsertPlan, Slot, UpdatePlan, ValueSource } from "../../plan/write/write-plan.js";
import { driverConverter } from "../../value/driver-value.js";
import type { RowSource } from "../row-source.js";
import { runSelect, selectOverObjects } from "../select/run-select.js";
import type { StatementContext } from "../statement-context.js";
import type { WriteReport } from "./send-writes.js";
import { sendWrites } from "./send-writes.js";
import type { WriteCall } from "./write-call.js";
import { writeCall } from "./write-call.js";
import type { WriteOutcome } from "./write-outcome.js";

export interface WriteResult {
  readonly outcomes: readonly WriteOutcome[];
  readonly returning: RowSource | undefined;
}

/** Asked before the first object is written; false leaves everything as it is. */
export type ConfirmWrite = (objects: number) => Promise<boolean>;

/** Updates and deletes under way at once; creates go one by one, so that objects come in the statement's order. */
const parallelWrites = 4;

export async function runInsert(
  plan: InsertPlan,
  context: StatementContext,
  confirm: ConfirmWrite,
): Promise<WriteResult> {
  const rows = await insertedRows(plan, context);
  // Every row is checked before the first is sent.
  const calls = rows.map((values) => writeCall(plan.endpoint, plan.slots, values, { nulls: "omit" })).map(withoutId);
  return write(plan, calls, { parallel: 1, missingIsNoMatch: false, context, confirm });
}

async function insertedRows({ values, slots }: InsertPlan, context: StatementContext) {
  if (values.kind === "constants") return values.rows;
  const source = await runSelect(values.select, context);
  if (source.columns.length !== slots.length) throw wrongWidth(slots.length, source.columns.length);
  return readAll(source);
}

/** An insert's path holds its parent's id, not its own. */
const withoutId = (call: WriteCall): WriteCall => ({ ...call, id: undefined });

export async function runUpdate(
  plan: UpdatePlan,
  context: StatementContext,
  confirm: ConfirmWrite,
): Promise<WriteResult> {
  const assigned = plan.assigned.map((parameter): Slot => ({ kind: "parameter", parameter }));
  return writeTargets(plan, assigned, context, confirm);
}

export async function runDelete(
  plan: DeletePlan,
  context: StatementContext,
  confirm: ConfirmWrite,
): Promise<WriteResult> {
  return writeTargets(plan, [], context, confirm);
}

async function writeTargets(
  plan: UpdatePlan | DeletePlan,
  assigned: readonly Slot[],
  context: StatementContext,
  confirm: ConfirmWrite,
): Promise<WriteResult> {
  const keys = plan.endpoint.keys.map(({ placeholder, column }): Slot => ({ kind: "key", placeholder, name: column }));
  const slots: readonly Slot[] = [...keys, { kind: "account" }, ...assigned];
  const rows = await targetRows(plan, context);
  const calls = rows.map((values) => writeCall(plan.endpoint, slots, values, { nulls: "unset" }));
  return write(plan, calls, {
    parallel: parallelWrites,
    missingIsNoMatch: plan.targets.kind === "keys",
    context,
    confirm,
  });
}

/** Rows of keys, then the account, then the assigned values. */
async function targetRows(
  { targets, endpoint }: UpdatePlan | DeletePlan,
  context: StatementContext,
): Promise<readonly (readonly unknown[])[]> {
  if (targets.kind === "keys") {
    return targets.accesses.map(({ constants, accountId }) => [
      ...endpoint.keys.map((key) => constants[key.column]),
      accountId ?? constants[accountColumn],
      ...targets.values,
    ]);
  }
  const rows = await readAll(await runSelect(targets.select, context));
  const keyCount = endpoint.keys.length;
  return rows.map((row) => (targets.account ? row : [...row.slice(0, keyCount), undefined, ...row.slice(keyCount)]));
}

export async function valuesOf(
  source: ValueSource,
  context: StatementContext,
): Promise<readonly (readonly unknown[])[]> {
  return source.kind === "constants" ? source.rows : readAll(await runSelect(source.select, context));
}

/** The rows' values as a program would give them. */
async function readAll({ columns, batches }: RowSource): Promise<readonly (readonly unknown[])[]> {
  const converters = columns.map(({ type }) => driverConverter(type));
  const rows: (readonly unknown[])[] = [];
  for await (const batch of batches)
    for (const tuple of batch) rows.push(converters.map((convert, index) => convert(tuple[index] ?? null)));
  return rows;
}

interface WriteOptions {
  readonly parallel: number;
  readonly missingIsNoMatch: boolean;
  readonly context: StatementContext;
  readonly confirm: ConfirmWrite;
}

async function write(
  plan: InsertPlan | UpdatePlan | DeletePlan,
  calls: readonly WriteCall[],
  options: WriteOptions,
): Promise<WriteResult> {
  const { context, confirm } = options;
  // A mistake in RETURNING must show before anything is written, not instead of what was.
  if (plan.returning !== undefined) await readAll(await selectOverObjects(plan.returning, [], context));
  const agreed = calls.length === 0 || (await confirm(calls.length));
  const report: WriteReport = agreed
    ? await sendWrites(calls, options, context)
    : { outcomes: calls.map(({ id }) => ({ state: "not tried", id })), objects: [] };
  rejectFailedWhole(report);
  return {
    outcomes: report.outcomes,
    returning:
      plan.returning === undefined ? undefined : await selectOverObjects(plan.returning, report.objects, context),
  };
}

/** Nothing was written: the first failure is the statement's own. */
function rejectFailedWhole({ outcomes }: WriteReport): void {
  if (outcomes.some((outcome) => outcome.state === "written")) return;
  const failed = outcomes.filter((outcome) => outcome.state === "failed");
  const [first] = failed;
  if (first === undefined) return;
  if (outcomes.length === 1) throw first.error;
  const { error } = first;
  throw error.with({
    detail: `None of ${outcomes.length} objects was written: ${failed.length} failed, ${outcomes.length - failed.length} not tried.`,
    cause: error,
  });
}
