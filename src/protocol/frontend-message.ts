import type { Format } from "./format-code.js";

/**
 * What a client sends.
 * Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export type FrontendMessage =
  | { readonly kind: "ssl-request" }
  | { readonly kind: "gss-encryption-request" }
  | CancelRequest
  | StartupMessage
  | { readonly kind: "password"; readonly password: string }
  | SaslInitialResponse
  | { readonly kind: "sasl-response"; readonly data: Uint8Array }
  | { readonly kind: "query"; readonly sql: string }
  | ParseMessage
  | BindMessage
  | { readonly kind: "describe"; readonly target: PreparedKind; readonly name: string }
  | { readonly kind: "close"; readonly target: PreparedKind; readonly name: string }
  /** `maxRows` 0 means all. */
  | { readonly kind: "execute"; readonly portal: string; readonly maxRows: number }
  | { readonly kind: "sync" }
  | { readonly kind: "flush" }
  | { readonly kind: "terminate" }
  | { readonly kind: "copy-data"; readonly data: Uint8Array }
  | { readonly kind: "copy-done" }
  | { readonly kind: "copy-fail"; readonly reason: string }
  /** Its content is not read: the session refuses it. */
  | { readonly kind: "function-call" };

export type PreparedKind = "statement" | "portal";

export interface CancelRequest {
  readonly kind: "cancel-request";
  readonly processId: number;
  /** 4 bytes in protocol 3.0, up to 256 in 3.2. */
  readonly secretKey: Uint8Array;
}

export interface StartupMessage {
  readonly kind: "startup";
  /** Of protocol 3: 0, 2, or a later one that is to be negotiated. */
  readonly minorVersion: number;
  readonly user: string;
  /** Where none is given, the user's name. */
  readonly database: string;
  /** The others by name, of two equal names the last: settings, `options` and `replication` among them. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Those whose names begin with `_pq_.`, by their whole names. */
  readonly protocolOptions: ReadonlyMap<string, string>;
}

export interface SaslInitialResponse {
  readonly kind: "sasl-initial-response";
  readonly mechanism: string;
  /** Undefined where the client waits for an empty challenge first. */
  readonly data: Uint8Array | undefined;
}

export interface ParseMessage {
  readonly kind: "parse";
  /** Empty for the unnamed statement. */
  readonly statement: string;
  readonly sql: string;
  /** OIDs of the parameters' types, 0 where the server is to infer it; maybe fewer than there are parameters. */
  readonly parameterTypes: readonly number[];
}

export interface BindMessage {
  readonly kind: "bind";
  readonly portal: string;
  readonly statement: string;
  /** None, one for all, or one for each parameter: see `formatAt`. */
  readonly parameterFormats: readonly Format[];
  readonly parameters: readonly (Uint8Array | null)[];
  /** None, one for all, or one for each column of the result. */
  readonly resultFormats: readonly Format[];
}
