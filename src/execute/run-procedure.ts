import type { Column } from "../catalog/catalog.js";
import type { ScanColumn } from "../plan/select-plan.js";
import type { ProcedurePlan } from "../plan/write-plan.js";
import { listPages } from "../stripe/pager.js";
import { driverValue } from "../value/driver-value.js";
import type { JsonObject } from "../value/json.js";
import { columnReader } from "./relation-reader.js";
import type { OutputRow, RowSource } from "./row-source.js";
import { type ConfirmWrite, valuesOf } from "./run-write.js";
import type { StatementContext } from "./statement-context.js";
import { type WriteCall, writeCall } from "./write-call.js";

/** Runs a stored procedure: one call, or the pages of one list. Undefined where the caller did not agree to the write. */
export async function runProcedure(plan: ProcedurePlan, context: StatementContext, confirm: ConfirmWrite): Promise<RowSource | undefined> {
  const { procedure } = plan;
  const [values = []] = await valuesOf(plan.values, context);
  const call = writeCall(procedure, plan.slots, values, { nulls: "omit" });
  if (procedure.writes && !(await confirm(1))) return undefined;
  const columns = resultColumns(plan).filter((column) => !column.hidden && !column.parentKey);
  return { columns: columns.map(({ name, type }) => ({ name, type })), batches: resultRows(plan, call, columns, context) };
}

function resultColumns({ procedure, table }: ProcedurePlan): readonly Column[] {
  const { result } = procedure;
  switch (result.kind) {
    case "table":
      return table?.columns ?? [];
    case "object":
    case "list":
      return result.columns;
    case "stream":
      return [];
  }
}

async function* resultRows(
  { procedure }: ProcedurePlan,
  call: WriteCall,
  columns: readonly Column[],
  context: StatementContext,
): AsyncGenerator<readonly OutputRow[]> {
  const account = call.accountId === undefined ? {} : { accountId: call.accountId };
  const { path, parameters } = call;
  if (procedure.result.kind === "list") {
    const { pagination } = procedure.result;
    const pages = listPages(context.client, { path, parameters, pagination, pageSize: 100, budget: "read", readAll: true, ...account }, context.scope);
    for await (const page of pages) yield readRows(page.rows, columns);
    return;
  }
  const { method, apiBase } = procedure;
  const object = await context.client.request({ method, path, parameters, apiBase, budget: procedure.writes ? "write" : "read", ...account }, context.scope);
  yield readRows([object], columns);
}

function readRows(objects: readonly JsonObject[], columns: readonly Column[]): readonly OutputRow[] {
  const readers = columns.map((column) => {
    const scanned: ScanColumn = { name: column.name, column, constant: false };
    return { name: column.name, type: column.type, read: columnReader(scanned) };
  });
  return objects.map((object) => Object.fromEntries(readers.map(({ name, type, read }) => [name, driverValue(type, read(object, {}))])));
}
