import type { ConnectOptions } from "../driver/api.js";
import type { ConnectionForm } from "../driver/connection-file/connection-form.js";
import { activeOptions } from "../driver/connection-input.js";
import type { ConnectionContext } from "../driver/open-connection.js";
import { openConnection } from "../driver/open-connection.js";
import type { Connector } from "./connector.js";
import { driverConnector } from "./driver-connector.js";

/**
 * Opens a connector. Nothing is sent to Stripe, and no secret is read, before its first call. Statements of
 * `executeSqlQuery` come from others than who runs this program: they are kept from its files, unless the property
 * FileAccess says otherwise.
 *
 * @param config A connection file's path, an object of the same form, or what `connect` takes.
 * @throws StripeSqlError 22023 that lists every mistake.
 */
export async function openConnector(
  config: string | ConnectionForm | ConnectOptions,
  context?: ConnectionContext,
): Promise<Connector> {
  const opened = await openConnection(await inputOf(config), { ...ofServed, ...context });
  return driverConnector(opened);
}

/** What its callers may take of this machine. */
const ofServed: ConnectionContext = { allowOtherAccounts: false, fileAccess: false, memoryLimit: "1GB" };

/** Only the form of a file has a name. */
async function inputOf(config: string | ConnectionForm | ConnectOptions): Promise<string | ConnectOptions> {
  if (typeof config === "string" || !("name" in config)) return config;
  const { parseConnectionDefinition } = await import("../driver/connection-file/parse-connection-definition.js");
  return activeOptions(parseConnectionDefinition(config));
}
