import { checkConnection } from "../driver/check-connection.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { getAction, listActions } from "./actions.js";
import type { CallOptions, Connector } from "./connector.js";
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
  const { catalog, connection } = opened;
  const connector: Connector = {
    listEntities: async (input, options = {}) =>
      listEntities(checkInput(inputSchemas.listEntities, input), opened, options),
    getEntity: async (input, options = {}) => getEntity(checkInput(inputSchemas.getEntity, input), opened, options),
    createEntity: async (input, options = {}) =>
      createEntity(checkInput(inputSchemas.createEntity, input), opened, options),
    updateEntity: async (input, options = {}) =>
      updateEntity(checkInput(inputSchemas.updateEntity, input), opened, options),
    deleteEntity: async (input, options = {}) =>
      deleteEntity(checkInput(inputSchemas.deleteEntity, input), opened, options),
    executeAction: async (input, options = {}) =>
      executeAction(checkInput(inputSchemas.executeAction, input), opened, options),
    executeSqlQuery: async (input, options = {}) =>
      executeSqlQuery(checkInput(inputSchemas.executeSqlQuery, input), opened, options),
    listEntityTypes: async (input = {}) => listEntityTypes(checkInput(inputSchemas.page, input), catalog),
    getEntityType: async (input) => getEntityType(checkInput(inputSchemas.getEntityType, input), catalog),
    listActions: async (input = {}) => listActions(checkInput(inputSchemas.page, input), catalog),
    getAction: async (input) => getAction(checkInput(inputSchemas.getAction, input), catalog),
    listTools: async (input = {}) => listTools(checkInput(inputSchemas.page, input), catalog),
    executeTool: async (input, options: CallOptions = {}) => {
      const { tool, parameters } = checkInput(inputSchemas.executeTool, input);
      return { result: await executeTool({ tool, parameters }, { connector, catalog }, options) };
    },
    checkStatus: async (_input, options = {}) => checkConnection(connection, options),
    checkReadiness: async () => ({ status: "READY" }),
    close: () => connection.close(),
  };
  return connector;
}
