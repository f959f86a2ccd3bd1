import type { Sandbox, SandboxOptions } from "../sandbox/sandbox.js";

export type { Sandbox, SandboxOptions } from "../sandbox/sandbox.js";

/** Starts Stripe's look-alike on loopback over this version's catalog; closing it closes both. */
export async function startSandbox(options: SandboxOptions = {}, cachePath?: string): Promise<Sandbox> {
  const [{ openCatalog }, { startSandbox: start }] = await Promise.all([
    import("../store/open-catalog.js"),
    import("../sandbox/start-sandbox.js"),
  ]);
  const catalog = openCatalog({ cachePath });
  try {
    const sandbox = await start(catalog, options);
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
