import type { Catalog } from "../catalog/catalog.js";
import { openCatalog } from "../catalog/open-catalog.js";
import { openStatistics, passingStatistics } from "../catalog/statistics-store.js";
import type { Sandbox } from "../sandbox/sandbox.js";
import { isLiveKey } from "../stripe/is-live-key.js";
import { requestLimits } from "../stripe/request-limits.js";
import type { RequestObserver } from "../stripe/request-observer.js";
import type { Connection, ConnectOptions } from "./api.js";
import type { ConnectionProperties } from "./connection-properties.js";
import { connectionPropertyTable, resolveProperties } from "./connection-properties.js";
import { DriverConnection } from "./driver-connection.js";
import { Lazy } from "./lazy.js";
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
  const catalog = openCatalog(properties.cachePath === undefined ? {} : { cachePath: properties.cachePath });
  const { target } = properties;
  const sandbox = target.kind === "sandbox" ? await startEmbedded(catalog, target) : undefined;
  const server = target.kind === "server" ? target : { apiKey: sandbox?.apiKey ?? "", apiBase: sandbox?.url ?? "" };
  const log = await openStatementLog(properties);
  return new DriverConnection({
    properties,
    catalog,
    statistics: target.kind === "sandbox" ? passingStatistics() : openStatistics(properties.cachePath),
    propertyTable: connectionPropertyTable(properties),
    mode: sandbox !== undefined ? "sandbox" : isLiveKey(server.apiKey) ? "live" : "test",
    apiBase: server.apiBase,
    requestsPerSecond: requestLimits({ ...server, requestsPerSecond: properties.requestsPerSecond })?.all,
    client: new Lazy(() => openClient(properties, server, log?.observer)),
    engine: async (tables) => (await import("../execute/local-engine.js")).LocalEngine.open(tables),
    closeSandbox: async () => sandbox?.close(),
    log,
  });
}

async function startEmbedded(
  catalog: Catalog,
  { customers, seed }: { readonly customers: number | undefined; readonly seed: number | undefined },
): Promise<Sandbox> {
  const { startSandbox } = await import("../sandbox/start-sandbox.js");
  return startSandbox(catalog, {
    ...(customers === undefined ? {} : { customers }),
    ...(seed === undefined ? {} : { seed }),
  });
}

interface Server {
  readonly apiKey: string;
  readonly apiBase: string;
}

async function openClient(properties: ConnectionProperties, server: Server, observer: RequestObserver | undefined) {
  const { openStripeClient } = await import("../stripe/stripe-client.js");
  const { accountId, apiVersion, requestsPerSecond, timeoutMs } = properties;
  return openStripeClient({ ...server, accountId, apiVersion, requestsPerSecond, timeoutMs, observer });
}
