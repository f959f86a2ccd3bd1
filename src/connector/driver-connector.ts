import type { z } from "zod";
import type { ConnectionState } from "../driver/check-connection.js";
import { checkConnection } from "../driver/check-connection.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { getAction, listActions } from "./actions.js";
import type { Connector } from "./connector.js";
import { getEntityType, listEntityTypes } from "./entity-types.js";
import { executeAction } from "./execute-action.js";
import { executeSqlQuery } from "./execute-sql-query.js";
import { getEntity } from "./get-entity.js";
import { checkInput, inputSchemas } from "./input-schemas.js";
import { listEntities } from "./list-entities.js";
import { executeTool, listTools } from "./tools.js";
import { createEntity, deleteEntity, updateEntity } from "./write-entities.js";

/** The connector over a connection of the driver's: each input is checked, then turned into one statement. */
export function driverConnector(opened: OpenedConnection): Connector {
  const { catalog, connection, probe } = opened;
  let isClosed = false;
  function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
    if (isClosed) throw closedConnector();
    return checkInput(schema, input);
  }
  const connector: Connector = {
    listEntities: async (input, options = {}) =>
      listEntities(checked(inputSchemas.listEntities, input), opened, options),
    getEntity: async (input, options = {}) => getEntity(checked(inputSchemas.getEntity, input), opened, options),
    createEntity: async (input, options = {}) =>
      createEntity(checked(inputSchemas.createEntity, input), opened, options),
    updateEntity: async (input, options = {}) =>
      updateEntity(checked(inputSchemas.updateEntity, input), opened, options),
    deleteEntity: async (input, options = {}) =>
      deleteEntity(checked(inputSchemas.deleteEntity, input), opened, options),
    executeAction: async (input, options = {}) =>
      executeAction(checked(inputSchemas.executeAction, input), opened, options),
    executeSqlQuery: async (input, options = {}) =>
      executeSqlQuery(checked(inputSchemas.executeSqlQuery, input), opened, options),
    listEntityTypes: async (input = {}) => listEntityTypes(checked(inputSchemas.page, input), catalog),
    getEntityType: async (input) => getEntityType(checked(inputSchemas.getEntityType, input), catalog),
    listActions: async (input = {}) => listActions(checked(inputSchemas.page, input), catalog),
    getAction: async (input) => getAction(checked(inputSchemas.getAction, input), catalog),
    listTools: async (input = {}) => listTools(checked(inputSchemas.page, input), catalog),
    executeTool: async (input, options = {}) => ({
      result: await executeTool(checked(inputSchemas.executeTool, input), { connector, catalog }, options),
    }),
    checkStatus: async (_input, options = {}) => (await engineFailure(probe)) ?? checkConnection(connection, options),
    checkReadiness: async () => {
      const isReady = !isClosed && (await engineFailure(probe)) === undefined;
      return { status: isReady ? "READY" : "NOT_READY" };
    },
    close: async () => {
      isClosed = true;
      await connection.close();
    },
  };
  return connector;
}

async function engineFailure(probe: OpenedConnection["probe"]): Promise<ConnectionState | undefined> {
  try {
    await probe();
    return undefined;
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    return { state: "ERROR", description: `The local engine runs no statement: ${error.message}.` };
  }
}

function closedConnector(): StripeSqlError {
  return new StripeSqlError("the connector is closed", { sqlState: SqlState.connectionFailure, phase: "connect" });
}
