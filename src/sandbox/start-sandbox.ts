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
import type { SeedOptions } from "./seed/seed-business.js";
import { seedBusiness } from "./seed/seed-business.js";
import { seedVersion } from "./seed/seed-version.js";
import { SeededRandom } from "./seeded-random.js";
import type { StateStore } from "./seeded-state.js";
import { openSeededState } from "./seeded-state.js";

const defaultCustomers = 400;
const defaultSeed = 1;

/**
 * Starts Stripe's look-alike on loopback, seeded unless its file already holds a business. Throws what
 * SQLite or the socket throws where the file or the port cannot be had.
 */
export async function startSandbox(
  catalog: Catalog,
  options: SandboxOptions = {},
  { keepsProcess = true, states }: ProcessOptions = {},
): Promise<Sandbox> {
  const shapes = new ObjectShapes(catalog);
  const nowSeconds = options.nowSeconds ?? sandboxClock();
  const store = openStore(shapes, { ...options, catalog, nowSeconds, states });
  try {
    return await serve({ store, shapes, nowSeconds }, catalog, { ...options, keepsProcess });
  } catch (error) {
    store.close();
    throw error;
  }
}

export interface ProcessOptions {
  /** False: the process ends though the sandbox runs. Default true. */
  readonly keepsProcess?: boolean;
  /** Where seeded states are kept that need no file; default nowhere. */
  readonly states?: StateStore | undefined;
}

interface StoreOptions extends SandboxOptions {
  readonly catalog: Catalog;
  readonly nowSeconds: () => number;
  readonly states: StateStore | undefined;
}

function openStore(shapes: ObjectShapes, options: StoreOptions): ObjectStore {
  const { catalog, file, states: kept } = options;
  const seeding = {
    seed: options.seed ?? defaultSeed,
    customers: options.customers ?? defaultCustomers,
    charges: options.charges ?? 0,
    apiVersion: catalog.apiVersion,
    years: businessYears(options.nowSeconds()),
  };
  const seed = (store: ObjectStore) => seedBusiness(store, shapes, seeding);
  if (file === undefined) return openSeededState({ kept, name: stateName(catalog, seeding), seed });
  const store = new ObjectStore(file);
  try {
    if (store.readFact("account") === undefined) seed(store);
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

/** All that decides what is seeded. */
function stateName({ sdkVersion, apiVersion }: Catalog, { seed, customers, charges, years }: SeedOptions): string {
  return `sandbox-${sdkVersion}-${apiVersion}-${seedVersion}-${seed}-${customers}-${charges}-${years.endSeconds}.state`;
}

interface OpenedWorld {
  readonly store: ObjectStore;
  readonly shapes: ObjectShapes;
  readonly nowSeconds: () => number;
}

async function serve(
  { store, shapes, nowSeconds }: OpenedWorld,
  catalog: Catalog,
  options: SandboxOptions & { readonly keepsProcess: boolean },
): Promise<Sandbox> {
  const apiKey = options.apiKey ?? "sk_test_sandbox";
  const world: SandboxWorld = {
    store,
    shapes,
    // A reopened file must not make the ids of its objects again.
    random: new SeededRandom((options.seed ?? defaultSeed) * 7919 + store.lastSequence()),
    nowSeconds,
    apiVersion: catalog.apiVersion,
    searchLagSeconds: options.searchLagSeconds ?? 0,
    listLagSeconds: options.listLagSeconds ?? 0,
  };
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
