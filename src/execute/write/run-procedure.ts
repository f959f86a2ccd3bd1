import type { Column, Pagination } from "../../catalog/catalog.js";
import type { ScanColumn } from "../../plan/select/select-plan.js";
import type { ProcedurePlan } from "../../plan/write/write-plan.js";
import { listPages } from "../../stripe/pager.js";
import { driverValue } from "../../value/driver-value.js";
import type { JsonObject } from "../../value/json.js";
import { columnReader } from "../scan/relation-reader.js";
import type { OutputColumn, OutputRow, RowSource } from "../select/row-source.js";
import { oneBatch } from "../select/row-source.js";
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
  const output = context.wholeObjects ? [wholeObject] : columns.map(({ name, type }) => ({ name, type }));
  const read = (objects: readonly JsonObject[]) =>
    context.wholeObjects ? objects.map((object) => ({ [wholeObject.name]: object })) : readRows(objects, columns);
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
  return { columns: output, batches: oneBatch(read([object])) };
}

const wholeObject: OutputColumn = { name: "_json", type: "JSON" };

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
  read: (objects: readonly JsonObject[]) => readonly OutputRow[],
  context: StatementContext,
): AsyncGenerator<readonly OutputRow[]> {
  const call = { ...addressOf(write), pagination, pageSize: 100, budget: "read" as const, readAll: true };
  for await (const page of listPages(context.client, call, context.scope)) yield read(page.rows);
}

function addressOf({ endpoint, path, parameters, accountId }: WriteCall) {
  return { path, endpointPath: endpoint.path, parameters, apiBase: endpoint.apiBase, accountId };
}

function readRows(objects: readonly JsonObject[], columns: readonly Column[]): readonly OutputRow[] {
  const readers = columns.map((column) => {
    const scanned: ScanColumn = { name: column.name, column, constant: false };
    return { name: column.name, type: column.type, read: columnReader(scanned) };
  });
  return objects.map((object) =>
    Object.fromEntries(readers.map(({ name, type, read }) => [name, driverValue(type, read(object, {}))])),
  );
}
