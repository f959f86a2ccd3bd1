import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Sandbox, SandboxOptions } from "../sandbox/sandbox.js";

export type { Sandbox, SandboxOptions } from "../sandbox/sandbox.js";

/** The numbers among the options, and the most of each. */
const greatest: Readonly<Record<string, number>> = {
  port: 65_535,
  customers: 1_000_000,
  charges: 10_000_000,
  seed: Number.MAX_SAFE_INTEGER,
  latencyMs: 3_600_000,
};

function requireSandboxOptions(options: SandboxOptions): void {
  const given: unknown = options;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw badOption("options of the sandbox are given as an object");
  }
  for (const [name, most] of Object.entries(greatest)) {
    const value: unknown = Reflect.get(given, name);
    const isFine = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
    if (value !== undefined && !isFine) throw badOption(`"${name}" is a whole number from 0 to ${most}`);
  }
}

function badOption(message: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "connect" });
}

/** Starts Stripe's look-alike on loopback over this version's catalog; closing it closes both. Error 22023 for options that are none. */
export async function startSandbox(options: SandboxOptions = {}, cachePath?: string): Promise<Sandbox> {
  requireSandboxOptions(options);
  const [{ openCatalog }, { keptStates }, { startSandbox: start }] = await Promise.all([
    import("../store/open-catalog.js"),
    import("../store/kept-states.js"),
    import("../sandbox/start-sandbox.js"),
  ]);
  const catalog = openCatalog({ cachePath });
  try {
    const sandbox = await start(catalog, options, { states: keptStates(cachePath) });
    const { url, port, apiKey, requests, faults } = sandbox;
    const close = async () => {
      await sandbox.close();
      catalog.close();
    };
    return { url, port, apiKey, requests, faults, close };
  } catch (error) {
    catalog.close();
    throw error;
  }
}
