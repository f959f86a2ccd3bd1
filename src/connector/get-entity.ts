import type { OpenedConnection } from "../driver/open-connection.js";
import { quoteName } from "../value/quote.js";
import type { CallOptions, GetEntityInput, GetEntityOutput } from "./connector.js";
import { connectorStatement } from "./connector-statement.js";
import { entityFields } from "./entity-fields.js";
import { entityTable, keyColumn, requireOperation, tableSql } from "./entity-table.js";
import { missingEntity } from "./missing-entity.js";

export async function getEntity(
  { entity, entityId }: GetEntityInput,
  { connection, catalog }: OpenedConnection,
  options: CallOptions,
): Promise<GetEntityOutput> {
  const table = entityTable(entity, catalog);
  requireOperation(table, "GET");
  const sql = `SELECT * FROM ${tableSql(table)} WHERE ${quoteName(keyColumn(table))} = $1 LIMIT 1`;
  const { rows } = await connectorStatement(() => connection.query(sql, [entityId], options));
  const [row] = rows;
  if (row === undefined) throw missingEntity(table, entityId);
  return { connectorOutputPayload: entityFields(row) };
}
