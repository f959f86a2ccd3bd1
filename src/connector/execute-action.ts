import type { Catalog, Procedure } from "../catalog/catalog.js";
import type { Row } from "../driver/api.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import type { JsonObject } from "../value/json.js";
import { quoteName } from "../value/quote.js";
import { resultShape } from "./action-results.js";
import type { ActionResult, CallOptions, ExecuteActionInput, ExecuteActionOutput } from "./connector.js";
import { connectorStatement } from "./connector-statement.js";
import { flatResult } from "./flat-result.js";
import { payloadFields } from "./payload-fields.js";

/** Runs an action: the stored procedure of its name. */
export async function executeAction(
  { action, connectorInputPayload: payload }: ExecuteActionInput,
  { connection, catalog }: OpenedConnection,
  options: CallOptions,
): Promise<ExecuteActionOutput> {
  const procedure = actionProcedure(action, catalog);
  const fields = payloadFields(payload, procedure.parameters);
  const inputs = fields.map(([name], index) => `${quoteName(name)} = $${index + 1}`);
  const sql = `EXEC ${procedure.name} ${inputs.join(", ")}`;
  const parameters = fields.map(([, value]) => value);
  const { rows } = await connectorStatement(() =>
    connection.query(sql, parameters, { ...options, wholeObjects: true }),
  );
  return { connectorOutputPayload: rows.map((row) => actionResult(procedure.name, objectOf(row))) };
}

/** The procedure of an action; 42883 where there is none of the name. */
export function actionProcedure(action: string, catalog: Catalog): Procedure {
  const procedure = catalog.findProcedure(action);
  if (procedure !== undefined) return procedure;
  throw new StripeSqlError(`action "${action}" does not exist`, {
    sqlState: SqlState.undefinedFunction,
    phase: "plan",
    hint: didYouMean(action, catalog.procedureNames()) ?? "List the actions to see them all.",
  });
}

function actionResult(action: string, object: JsonObject): ActionResult {
  const { givesObject, more, names = [] } = resultShape(action);
  return {
    ...(givesObject ? {} : more?.(object)),
    Success: "true",
    ...(givesObject ? withNames(names, { ...flatResult(object), ...more?.(object) }) : {}),
  };
}

/** A name is null where the object has neither it nor any that begins with it: `next_action.type` tells of `next_action`. */
function withNames(names: readonly string[], result: ActionResult): ActionResult {
  const prefixes = new Set(Object.keys(result).flatMap(prefixesOf));
  const missing = names.filter((name) => !prefixes.has(name));
  return { ...Object.fromEntries(missing.map((name) => [name, null])), ...result };
}

function prefixesOf(name: string): readonly string[] {
  const parts = name.split(".");
  return parts.map((_, index) => parts.slice(0, index).join("."));
}

function objectOf(row: Row): JsonObject {
  return row["_json"] as JsonObject;
}
