import type { CallOptions, Connector, ConnectorMethod } from "./connector.js";

/** A connector that takes calls by name, wherever it runs. */
export type CallConnector = <Method extends ConnectorMethod>(
  method: Method,
  input: Parameters<Connector[Method]>[0],
  options?: CallOptions,
) => Promise<Awaited<ReturnType<Connector[Method]>>>;

/** One connection as the HTTP API serves it. */
export interface ServedConnection {
  readonly name: string;
  /** "europe-west1"; undefined where its definition names none: then any is taken. */
  readonly location: string | undefined;
  readonly call: CallConnector;
  /** Takes the place of one transaction. Undefined: it may go; else the milliseconds after which to ask again. */
  admit(): number | undefined;
  /** Numbers for the metrics. */
  readonly nodes: NodeCounts;
}

export interface NodeCounts {
  readonly running: number;
  readonly callsUnderWay: number;
  readonly restarts: number;
}
