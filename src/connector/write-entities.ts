import type { Table } from "../catalog/catalog.js";
import type { Result, SqlValue } from "../driver/api.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type {
  CallOptions,
  CreateEntityInput,
  DeleteEntityInput,
  DeleteEntityOutput,
  EntityFields,
  UpdateEntityInput,
  WriteEntityOutput,
} from "./connector.js";
import { connectorStatement } from "./connector-statement.js";
import { entityTable, keyColumn, quoteName, requireOperation, tableSql } from "./entity-table.js";
import { missingEntity } from "./missing-entity.js";
import { rejectPartialWrite } from "./partial-write.js";

export async function createEntity(
  { entity, connectorInputPayload: payload }: CreateEntityInput,
  opened: OpenedConnection,
  options: CallOptions,
): Promise<WriteEntityOutput> {
  const table = entityTable(entity, opened.catalog);
  requireOperation(table, "CREATE");
  const columns = Object.keys(payload).map(quoteName);
  const values = columns.map((_, index) => `$${index + 1}`);
  const source = columns.length === 0 ? "DEFAULT VALUES" : `(${columns.join(", ")}) VALUES (${values.join(", ")})`;
  const sql = `INSERT INTO ${tableSql(table)} ${source}`;
  const { outcomes } = await run(opened, { sql, parameters: Object.values(payload) }, options);
  const [created] = outcomes;
  return { connectorOutputPayload: idOf(created?.state === "written" ? created.id : undefined) };
}

export async function updateEntity(
  input: UpdateEntityInput,
  opened: OpenedConnection,
  options: CallOptions,
): Promise<WriteEntityOutput> {
  const { connectorInputPayload: payload } = input;
  const table = entityTable(input.entity, opened.catalog);
  requireOperation(table, "UPDATE");
  const columns = Object.keys(payload);
  if (columns.length === 0) throw nothingToUpdate();
  const assignments = columns.map((name, index) => `${quoteName(name)} = $${index + 1}`).join(", ");
  const target = writeTarget(input, table, opened, columns.length + 1);
  const sql = `UPDATE ${tableSql(table)} SET ${assignments} WHERE ${target.condition}`;
  const parameters = [...Object.values(payload), ...target.parameters];
  const ids = writtenIds(await run(opened, { sql, parameters }, options));
  if (input.entityId === undefined) return { connectorOutputPayload: idOf(ids[0]), entityIds: ids };
  if (ids.length === 0) throw missingEntity(table, input.entityId);
  return { connectorOutputPayload: idOf(ids[0]) };
}

export async function deleteEntity(
  input: DeleteEntityInput,
  opened: OpenedConnection,
  options: CallOptions,
): Promise<DeleteEntityOutput> {
  const table = entityTable(input.entity, opened.catalog);
  requireOperation(table, "DELETE");
  const { condition, parameters } = writeTarget(input, table, opened, 1);
  const sql = `DELETE FROM ${tableSql(table)} WHERE ${condition}`;
  const ids = writtenIds(await run(opened, { sql, parameters }, options));
  if (input.entityId === undefined) return { entityIds: ids };
  if (ids.length === 0) throw missingEntity(table, input.entityId);
  return {};
}

interface WriteTarget {
  readonly condition: string;
  readonly parameters: readonly SqlValue[];
}

/** The one entity of an id, or those of a filter clause; never all. */
function writeTarget(
  { entityId, filterClause }: Pick<UpdateEntityInput, "entityId" | "filterClause">,
  table: Table,
  opened: OpenedConnection,
  firstParameter: number,
): WriteTarget {
  if ((entityId === undefined) === (filterClause === undefined)) {
    throw refusal("give either entityId or filterClause", "Exactly one of them tells what is written.");
  }
  if (entityId !== undefined) {
    return { condition: `${quoteName(keyColumn(table))} = $${firstParameter}`, parameters: [entityId] };
  }
  if (filterClause === undefined || filterClause.trim() === "") {
    throw refusal("an empty filter clause would match every entity", "Say which: Email = 'a@example.com'.");
  }
  return { condition: opened.condition(filterClause, table), parameters: [] };
}

async function run(
  { connection }: OpenedConnection,
  { sql, parameters }: { readonly sql: string; readonly parameters: readonly SqlValue[] },
  options: CallOptions,
): Promise<Result> {
  const result = await connectorStatement(() => connection.query(sql, parameters, options));
  rejectPartialWrite(result);
  return result;
}

function writtenIds({ outcomes }: Result): readonly string[] {
  return outcomes.flatMap((outcome) => (outcome.state === "written" ? [outcome.id] : []));
}

function idOf(id: string | undefined): EntityFields {
  return id === undefined || id === "" ? {} : { Id: id };
}

function nothingToUpdate(): StripeSqlError {
  return refusal("connectorInputPayload names no field to update", 'Give the fields to change: {"Name": "John"}.');
}

function refusal(message: string, hint: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "plan", hint });
}
