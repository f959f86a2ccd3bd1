import type { ConnectOptions } from "./api.js";
import type { Sandbox } from "./sandbox.js";

interface WithOptions {
  readonly options: ConnectOptions;
}

/** Definitions of connections whose sandboxes run here, so that all who open one see the same data. */
export interface SharedSandboxes<Definition extends WithOptions> {
  readonly definitions: readonly Definition[];
  close(): Promise<void>;
}

/** Starts the sandboxes that definitions ask for, each once. */
export async function shareSandboxes<Definition extends WithOptions>(
  definitions: readonly Definition[],
): Promise<SharedSandboxes<Definition>> {
  const started: Sandbox[] = [];
  const close = async () => {
    await Promise.all(started.map((sandbox) => sandbox.close()));
  };
  try {
    const shared: Definition[] = [];
    for (const definition of definitions) {
      const { sandbox: wanted, ...options } = definition.options;
      if (wanted === undefined || wanted === false) {
        shared.push(definition);
        continue;
      }
      const { startSandbox } = await import("./sandbox.js");
      const sandbox = await startSandbox(wanted === true ? {} : wanted, options.cachePath);
      started.push(sandbox);
      shared.push({ ...definition, options: { ...options, apiKey: sandbox.apiKey, apiBase: sandbox.url } });
    }
    return { definitions: shared, close };
  } catch (error) {
    await close();
    throw error;
  }
}
