import type { Catalog } from "../catalog/catalog.js";
import { openCatalog } from "../catalog/open-catalog.js";
import { openStatistics, passingStatistics } from "../catalog/statistics-store.js";
import type { Connection, ConnectOptions } from "./api.js";
import type { ConnectionProperties } from "./connection-properties.js";
import { connectionPropertyTable, resolveProperties } from "./connection-properties.js";
import { DriverConnection } from "./driver-connection.js";
import { openServer } from "./open-server.js";
import type { StatementLog } from "./statement-log.js";
import { openStatementLog } from "./statement-log.js";

/**
 * Opens a connection to Stripe, or to the embedded sandbox where no key is given.
 *
 * @param input A connection string ("ApiKey=sk_test_…;AccountId=acct_…") or options; the key may come from
 *   the environment's STRIPE_API_KEY instead. Nothing is sent to Stripe before the first statement.
 * @throws StripeSqlError 22023 for a property that is unknown or of the wrong form.
 */
export async function connect(input?: string | ConnectOptions): Promise<Connection> {
  const properties = resolveProperties(input, process.env);
  const log = await openStatementLog(properties);
  const catalog = openLoggedCatalog(properties, log);
  const propertyTable = connectionPropertyTable(properties);
  const server = await openServer({ properties, catalog, log });
  log?.connected(Object.fromEntries(propertyTable.map(({ name, value }) => [name, value])));
  return new DriverConnection({
    properties,
    catalog,
    statistics: properties.target.kind === "sandbox" ? passingStatistics() : openStatistics(properties.cachePath),
    propertyTable,
    server,
    engine: async (tables) => (await import("../execute/local-engine.js")).LocalEngine.open(tables),
    log,
  });
}

function openLoggedCatalog({ cachePath }: ConnectionProperties, log: StatementLog | undefined): Catalog {
  const startedAt = performance.now();
  let isCompiled = false;
  const catalog = openCatalog({
    ...(cachePath === undefined ? {} : { cachePath }),
    onCompile: () => {
      isCompiled = true;
    },
  });
  log?.cache(isCompiled ? "catalog compiled" : "catalog opened", {
    sdkVersion: catalog.sdkVersion,
    apiVersion: catalog.apiVersion,
    elapsedMs: performance.now() - startedAt,
  });
  return catalog;
}
