import type { ConnectOptions } from "../api.js";

/**
 * A connection as a file or a program describes it, checked and complete with defaults. It is plain JSON, and holds
 * no secret: a key and a password are names of secrets or of environment variables, read when it is opened.
 */
export interface ConnectionDefinition {
  /** "stripe-eu" */
  readonly name: string;
  readonly description?: string | undefined;
  /** Google Cloud's project that it belongs to. */
  readonly project?: string | undefined;
  /** "europe-west1" */
  readonly location?: string | undefined;
  /** Version of Google's Stripe connector that it was written for. */
  readonly connectorVersion?: number | undefined;
  /** E-mail of the service account that reads its secrets. */
  readonly serviceAccount?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Replicas that serve it. Default 2 to 50. */
  readonly nodes: { readonly minimum: number; readonly maximum: number };
  /** Default 6. */
  readonly transactionsPerSecondPerNode: number;
  /** True where it is not to be used for now. */
  readonly suspended: boolean;
  /** What `connect` takes. */
  readonly options: ConnectOptions;
}
