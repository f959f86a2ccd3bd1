import type { Catalog, Procedure } from "../catalog/catalog.js";
import type { Row } from "../driver/api.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { didYouMean } from "../error/suggestion.js";
import type { JsonObject } from "../value/json.js";
import { resultShape } from "./action-results.js";
import type { ActionResult, CallOptions, ExecuteActionInput, ExecuteActionOutput } from "./connector.js";
import { connectorStatement } from "./connector-statement.js";
import { quoteName } from "./entity-table.js";
import { flatResult } from "./flat-result.js";

/** Runs an action: the stored procedure of its name. */
export async function executeAction(
  { action, connectorInputPayload: payload }: ExecuteActionInput,
  { connection, catalog }: OpenedConnection,
  options: CallOptions,
): Promise<ExecuteActionOutput> {
  const procedure = actionProcedure(action, catalog);
  const inputs = Object.keys(payload).map((name, index) => `${quoteName(name)} = $${index + 1}`);
  const sql = `EXEC ${procedure.name} ${inputs.join(", ")}`;
  const { rows } = await connectorStatement(() =>
    connection.query(sql, Object.values(payload), { ...options, wholeObjects: true }),
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
    ...Object.fromEntries(names.map((name) => [name, null])),
    ...(givesObject ? { ...flatResult(object), ...more?.(object) } : {}),
  };
}

function objectOf(row: Row): JsonObject {
  return row["_json"] as JsonObject;
}
