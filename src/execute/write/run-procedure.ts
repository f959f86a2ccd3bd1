import type { Column, Pagination } from "../../catalog/catalog.js";
import type { ScanColumn } from "../../plan/select/select-plan.js";
import type { ProcedurePlan } from "../../plan/write/write-plan.js";
import { listPages } from "../../stripe/pager.js";
import { dataType } from "../../value/data-type.js";
import type { JsonObject } from "../../value/json.js";
import type { OutputColumn, RowSource, Tuple } from "../row-source.js";
import { givenRows } from "../row-source.js";
import { readTuples } from "../scan/row-batch.js";
import type { StatementContext } from "../statement-context.js";
import type { ConfirmWrite } from "./run-write.js";
import { valuesOf } from "./run-write.js";
import type { WriteCall } from "./write-call.js";
import { writeCall } from "./write-call.js";

/** Runs a stored procedure: one call, or the pages of one list. Undefined where the caller did not agree to the write. */
export async function runProcedure(
  plan: ProcedurePlan,
  context: StatementContext,
  confirm: ConfirmWrite,
): Promise<RowSource | undefined> {
  const { procedure } = plan;
  const [values = []] = await valuesOf(plan.values, context);
  const call = writeCall(procedure, plan.slots, values, { nulls: "omit" });
  if (procedure.writes && !(await confirm(1))) return undefined;
  const columns = resultColumns(plan).filter((column) => !column.hidden && !column.parentKey);
  const output = context.wholeObjects
    ? [wholeObject]
    : columns.map(({ name, type }) => ({ name, type: dataType(type) }));
  const scanned = columns.map((column): ScanColumn => ({ name: column.name, column, constant: false }));
  const read = (objects: readonly JsonObject[]): readonly Tuple[] =>
    context.wholeObjects ? objects.map((object) => [object]) : readTuples({ objects, constants: {} }, scanned);
  if (procedure.result.kind === "list")
    return { columns: output, batches: listedRows(call, procedure.result.pagination, read, context) };
  const object = await context.client.request(
    {
      ...addressOf(call),
      method: procedure.method,
      budget: procedure.writes ? "write" : "read",
      idempotencyKey: procedure.method === "POST" ? context.idempotencyKey : undefined,
    },
    context.scope,
  );
  return givenRows(output, read([object]));
}

const wholeObject: OutputColumn = { name: "_json", type: dataType("JSON") };

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

async function* listedRows(
  write: WriteCall,
  pagination: Pagination,
  read: (objects: readonly JsonObject[]) => readonly Tuple[],
  context: StatementContext,
): AsyncGenerator<readonly Tuple[]> {
  const call = { ...addressOf(write), pagination, pageSize: 100, budget: "read" as const, readAll: true };
  for await (const page of listPages(context.client, call, context.scope)) yield read(page.rows);
}

function addressOf({ endpoint, path, parameters, accountId }: WriteCall) {
  return { path, endpointPath: endpoint.path, parameters, apiBase: endpoint.apiBase, accountId };
}
