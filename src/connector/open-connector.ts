import type { ConnectOptions } from "../driver/api.js";
import type { ConnectionSurroundings } from "../driver/open-connection.js";
import { openConnection } from "../driver/open-connection.js";
import type { Connector } from "./connector.js";
import { driverConnector } from "./driver-connector.js";

/**
 * Opens a connector. Statements of `executeSqlQuery` come from others than who runs this program: they are kept from
 * its files, unless the options say otherwise.
 */
export async function openConnector(
  options: ConnectOptions,
  surroundings?: ConnectionSurroundings,
): Promise<Connector> {
  return driverConnector(await openConnection({ fileAccess: false, ...options }, surroundings));
}
