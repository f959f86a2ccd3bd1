import type { Table, WriteEndpoint } from "../catalog/catalog.js";
import type { Result, SqlValue } from "../driver/api.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { filterCondition } from "../plan/filter/filter-condition.js";
import { quoteName } from "../value/quote.js";
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
import { entityTable, keyColumn, requireOperation, tableSql } from "./entity-table.js";
import { missingEntity } from "./missing-entity.js";
import { rejectPartialWrite } from "./partial-write.js";
import type { PayloadField, PayloadInput } from "./payload-fields.js";
import { accountField, payloadFields } from "./payload-fields.js";

export async function createEntity(
  { entity, connectorInputPayload: payload }: CreateEntityInput,
  opened: OpenedConnection,
  options: CallOptions,
): Promise<WriteEntityOutput> {
  const table = entityTable(entity, opened.catalog);
  requireOperation(table, "CREATE");
  const fields = payloadFields(payload, inputsOf(table.create));
  const columns = fields.map(([name]) => quoteName(name));
  const values = columns.map((_, index) => `$${index + 1}`);
  const source = columns.length === 0 ? "DEFAULT VALUES" : `(${columns.join(", ")}) VALUES (${values.join(", ")})`;
  const sql = `INSERT INTO ${tableSql(table)} ${source}`;
  const [id] = writtenIds(await run(opened, { sql, parameters: valuesOf(fields) }, options));
  return { connectorOutputPayload: idOf(id) };
}

export async function updateEntity(
  input: UpdateEntityInput,
  opened: OpenedConnection,
  options: CallOptions,
): Promise<WriteEntityOutput> {
  const { connectorInputPayload: payload } = input;
  const table = entityTable(input.entity, opened.catalog);
  requireOperation(table, "UPDATE");
  const given = payloadFields(payload, inputsOf(table.update));
  const fields = given.filter(([name]) => name !== accountField);
  if (fields.length === 0) throw nothingToUpdate();
  const account = valuesOf(given.filter(([name]) => name === accountField));
  const assignments = fields.map(([name], index) => `${quoteName(name)} = $${index + 1}`).join(", ");
  const target = writeTarget(input, table, fields.length + account.length + 1);
  // The account is no field that changes: it is where the entity is.
  const where = account.map((_, index) => `${quoteName(accountField)} = $${fields.length + index + 1}`);
  const sql = `UPDATE ${tableSql(table)} SET ${assignments} WHERE ${[target.condition, ...where].join(" AND ")}`;
  const parameters = [...valuesOf(fields), ...account, ...target.parameters];
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
  const { condition, parameters } = writeTarget(input, table, 1);
  const sql = `DELETE FROM ${tableSql(table)} WHERE ${condition}`;
  const ids = writtenIds(await run(opened, { sql, parameters }, options));
  if (input.entityId === undefined) return { entityIds: ids };
  if (ids.length === 0) throw missingEntity(table, input.entityId);
  return {};
}

function inputsOf(endpoint: WriteEndpoint | undefined): readonly PayloadInput[] {
  const { parameters = [], keys = [] } = endpoint ?? {};
  return [...parameters, ...keys.map(({ column }) => ({ name: column, type: "VARCHAR" as const }))];
}

const valuesOf = (fields: readonly PayloadField[]): readonly SqlValue[] => fields.map(([, value]) => value);

interface WriteTarget {
  readonly condition: string;
  readonly parameters: readonly SqlValue[];
}

/** The one entity of an id, or those of a filter clause; never all. */
function writeTarget(
  { entityId, filterClause }: Pick<UpdateEntityInput, "entityId" | "filterClause">,
  table: Table,
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
  return { condition: filterCondition(filterClause, table), parameters: [] };
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

/** Some of Stripe's objects have no id. */
function writtenIds({ outcomes }: Pick<Result, "outcomes">): readonly string[] {
  return outcomes.flatMap((outcome) => (outcome.state === "written" && outcome.id !== "" ? [outcome.id] : []));
}

function idOf(id: string | undefined): EntityFields {
  return id === undefined ? {} : { Id: id };
}

function nothingToUpdate(): StripeSqlError {
  return refusal("connectorInputPayload names no field to update", 'Give the fields to change: {"Name": "John"}.');
}

function refusal(message: string, hint: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "plan", hint });
}
