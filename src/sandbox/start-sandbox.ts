import type { Catalog } from "../catalog/catalog.js";
import type { SandboxWorld } from "./account-state.js";
import { Dispatcher } from "./dispatcher.js";
import { ArmedFaults } from "./fault-injector.js";
import { SandboxServer } from "./http-server.js";
import { ObjectShapes } from "./object-shape.js";
import { ObjectStore } from "./object-store.js";
import { operations } from "./operations.js";
import { RateLimiter } from "./rate-limiter.js";
import { KeptRequestLog } from "./request-log.js";
import { Router } from "./router.js";
import type { Sandbox, SandboxOptions } from "./sandbox.js";
import { sandboxClock } from "./sandbox-clock.js";
import { businessYears } from "./seed/business-years.js";
import { seedBusiness } from "./seed/seed-business.js";
import { SeededRandom } from "./seeded-random.js";

const defaultCustomers = 400;

/**
 * Starts Stripe's look-alike on loopback, seeded unless its file already holds a business. Throws what
 * SQLite or the socket throws where the file or the port cannot be had.
 */
export async function startSandbox(
  catalog: Catalog,
  options: SandboxOptions = {},
  { keepsProcess = true }: ProcessOptions = {},
): Promise<Sandbox> {
  const store = new ObjectStore(options.file);
  try {
    return await serve(store, catalog, { ...options, keepsProcess });
  } catch (error) {
    store.close();
    throw error;
  }
}

export interface ProcessOptions {
  /** False: the process ends though the sandbox runs. Default true. */
  readonly keepsProcess?: boolean;
}

async function serve(
  store: ObjectStore,
  catalog: Catalog,
  options: SandboxOptions & Required<ProcessOptions>,
): Promise<Sandbox> {
  const apiKey = options.apiKey ?? "sk_test_sandbox";
  const world = openWorld(store, catalog, options);
  const faults = new ArmedFaults();
  const log = new KeptRequestLog();
  const rate = options.requestsPerSecond;
  const server = new SandboxServer({
    world,
    dispatcher: new Dispatcher(world, new Router(catalog), operations),
    apiKey,
    latencyMs: options.latencyMs ?? 0,
    limiter: rate === undefined ? undefined : new RateLimiter(rate, () => performance.now()),
    faults,
    log,
  });
  const port = await server.listen(options.port ?? 0, options.keepsProcess);
  const close = async () => {
    await server.close();
    store.close();
  };
  return { url: `http://127.0.0.1:${port}`, port, apiKey, requests: log, faults, close };
}

function openWorld(store: ObjectStore, catalog: Catalog, options: SandboxOptions): SandboxWorld {
  const shapes = new ObjectShapes(catalog);
  const seed = options.seed ?? 1;
  const nowSeconds = options.nowSeconds ?? sandboxClock();
  if (store.readFact("account") === undefined) {
    seedBusiness(store, shapes, {
      seed,
      customers: options.customers ?? defaultCustomers,
      charges: options.charges ?? 0,
      apiVersion: catalog.apiVersion,
      years: businessYears(nowSeconds()),
    });
  }
  return {
    store,
    shapes,
    // A reopened file must not make the ids of its objects again.
    random: new SeededRandom(seed * 7919 + store.lastSequence()),
    nowSeconds,
    apiVersion: catalog.apiVersion,
    searchLagSeconds: options.searchLagSeconds ?? 0,
    listLagSeconds: options.listLagSeconds ?? 0,
  };
}
