import type { CallOptions, Connector } from "../../../src/connector/connector.js";
import type { CallConnector, NodeCounts, ServedConnection } from "../../../src/connector/served-connection.js";

interface ServedOptions {
  readonly name?: string;
  readonly location?: string | undefined;
  readonly admit?: () => number | undefined;
  readonly nodes?: NodeCounts;
}

/** A connector of this process as a connection that is served. */
export function serve(connector: Connector, options: ServedOptions = {}): ServedConnection {
  // TypeScript does not see that a method and its input are chosen together.
  const methods = connector as unknown as Record<string, (input: unknown, options?: CallOptions) => Promise<unknown>>;
  const call = async (method: string, input: unknown, callOptions?: CallOptions) =>
    methods[method]?.(input, callOptions);
  return servedBy(call as CallConnector, options);
}

/** A connection whose every call ends as this function does. */
export function servedBy(call: CallConnector, options: ServedOptions = {}): ServedConnection {
  const { name = "stripe-eu", admit = () => undefined } = options;
  const { nodes = { running: 2, callsUnderWay: 0, restarts: 0 } } = options;
  return { name, location: "location" in options ? options.location : "europe-west1", call, admit, nodes };
}
