import type { Column, Parameter } from "../../catalog/catalog.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ScanColumn } from "../../plan/select/select-plan.js";
import type { ProcedurePlan, WriteRequest } from "../../plan/write/write-plan.js";
import { listPages } from "../../stripe/pager.js";
import type { Cell } from "../../value/cell.js";
import { readCell } from "../../value/cell.js";
import { dataType } from "../../value/data-type.js";
import type { JsonObject } from "../../value/json.js";
import { jsonAt } from "../../value/json.js";
import type { OutputColumn, RowSource, Tuple } from "../row-source.js";
import { givenRows } from "../row-source.js";
import { readTuples } from "../scan/row-batch.js";
import type { StatementContext } from "../statement-context.js";
import type { ConfirmWrite } from "./run-write.js";
import { rejectFailedWhole, requestsOf } from "./run-write.js";
import { sendWrites } from "./send-writes.js";
import type { WriteOutcome } from "./write-outcome.js";

export interface ProcedureRun {
  readonly rows: RowSource;
  /** One for each row of the source that it was called for; none for a call alone, whose failure is the statement's. */
  readonly outcomes: readonly WriteOutcome[];
}

/**
 * Runs a stored procedure: a write like any other, or the reading of one object or of a list's pages. Undefined where
 * the caller did not agree to the write.
 */
export async function runProcedure(
  plan: ProcedurePlan,
  context: StatementContext,
  confirm: ConfirmWrite,
): Promise<ProcedureRun | undefined> {
  const { procedure, isOfRows } = plan;
  const requests = await requestsOf(plan.requests, context);
  if (procedure.writes && !(isOfRows && requests.length === 0) && !(await confirm(requests.length))) return undefined;
  const output = procedureColumns(plan, context);
  const scanned = resultColumns(plan).map(
    (column): ScanColumn => ({ name: column.name, column, constant: false, named: false }),
  );
  const read = (request: WriteRequest, objects: readonly JsonObject[]): readonly Tuple[] => {
    if (context.wholeObjects) return objects.map((object) => [object]);
    const keys = plan.keys.map((key) => keyCell(key, request));
    return readTuples({ objects, constants: {} }, scanned).map((tuple) => [...keys, ...tuple]);
  };
  if (!procedure.writes)
    return { rows: { columns: output, batches: readBatches(plan, { requests, read, context }) }, outcomes: [] };
  const answersHaveIds = procedure.result.kind === "table" && plan.table?.primaryKey !== undefined;
  const { name } = procedure;
  const subject = { kind: "execute", name, schema: undefined, missingIsNoMatch: false, answersHaveIds } as const;
  const report = await sendWrites(requests, { subject, answersAreWanted: true }, context);
  rejectFailedWhole(report);
  const { outcomes, objects } = report;
  const answered = requests.filter((_, index) => outcomes[index]?.state === "written");
  const rows = readAnswers(plan, () =>
    answered.flatMap((request, index) => {
      const object = objects[index];
      return object === undefined ? [] : read(request, [object]);
    }),
  );
  return { rows: givenRows(output, rows), outcomes: isOfRows ? outcomes : [] };
}

/** What an input is in its call: in the path, or in the body. */
function keyCell({ location, path, type, name }: Parameter, request: WriteRequest): Cell {
  if (location !== "path") return readCell(type, jsonAt(request.parameters, path));
  const segments = request.endpoint.path.split("/");
  const index = segments.indexOf(`{${path[0] ?? name}}`);
  return decodeURIComponent(request.path.split("/")[index] ?? "");
}

/** What was carried out is not called failed. */
function readAnswers({ procedure }: ProcedurePlan, read: () => readonly Tuple[]): readonly Tuple[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    const detail = `${procedure.name} was carried out; only its answer could not be read. ${error.detail ?? ""}`.trim();
    throw error.with({ detail, stripe: { ...error.stripe, inDoubt: true }, cause: error });
  }
}

/** The columns of a procedure's rows. */
export function procedureColumns(
  plan: ProcedurePlan,
  { wholeObjects }: Pick<StatementContext, "wholeObjects">,
): readonly OutputColumn[] {
  if (wholeObjects) return [wholeObject];
  return [...plan.keys, ...resultColumns(plan)].map(({ name, type }) => ({ name, type: dataType(type) }));
}

const wholeObject: OutputColumn = { name: "_json", type: dataType("JSON") };

function resultColumns(plan: ProcedurePlan): readonly Column[] {
  return objectColumns(plan).filter((column) => !column.hidden && !column.parentKey);
}

function objectColumns({ procedure: { result }, table }: ProcedurePlan): readonly Column[] {
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

interface Reading {
  readonly requests: readonly WriteRequest[];
  readonly read: (request: WriteRequest, objects: readonly JsonObject[]) => readonly Tuple[];
  readonly context: StatementContext;
}

async function* readBatches(
  { procedure: { result } }: ProcedurePlan,
  { requests, read, context }: Reading,
): AsyncGenerator<readonly Tuple[]> {
  for (const request of requests) {
    const { endpoint, path, parameters, accountId } = request;
    const { path: endpointPath, apiBase } = endpoint;
    const address = { path, endpointPath, parameters, apiBase, accountId, budget: "read" } as const;
    if (result.kind !== "list") {
      yield read(request, [await context.client.request({ ...address, method: endpoint.method }, context.scope)]);
      continue;
    }
    const call = { ...address, pagination: result.pagination, pageSize: 100, readAll: true };
    for await (const page of listPages(context.client, call, context.scope)) yield read(request, page.rows);
  }
}
