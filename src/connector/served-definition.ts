import type { ConnectOptions } from "../driver/api.js";

/** As much of a connection's definition as serving it takes. */
export interface ServedDefinition {
  readonly name: string;
  /** "europe-west1"; where it is not given, any is taken. */
  readonly location?: string | undefined;
  /** Replicas that serve it. */
  readonly nodes: { readonly minimum: number; readonly maximum: number };
  readonly transactionsPerSecondPerNode: number;
  /** True where it is not to be used for now. */
  readonly suspended?: boolean | undefined;
  /** What `connect` takes. */
  readonly options: ConnectOptions;
}
