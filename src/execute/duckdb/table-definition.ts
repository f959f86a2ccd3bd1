import { quoteName } from "../../value/quote.js";
import type { SessionTable } from "../engine/engine-session.js";
import { engineColumns } from "./engine-column.js";

export const tableName = ({ schema, name }: SessionTable): string =>
  schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;

/** What stands behind CREATE TABLE. */
export function tableDefinition(table: SessionTable): string {
  const columns = table.columns.map(({ name, type }) => `${quoteName(name)} ${engineColumns[type].sql}`);
  return `${tableName(table)} (${columns.join(", ")})`;
}
