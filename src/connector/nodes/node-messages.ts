import type { ConnectOptions } from "../../driver/api.js";
import type { WriteRecord } from "../../driver/write-record.js";
import type { BucketLimit } from "../../stripe/rate/rate-store.js";
import type { ConnectorMethod } from "../connector.js";
import type { ErrorMessage } from "./error-message.js";

/** What the primary tells a node. */
export type MessageToNode =
  | { readonly kind: "open"; readonly definition: ConnectOptions }
  | CallMessage
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "ping" }
  | { readonly kind: "reserved"; readonly id: number; readonly waitMs: number }
  | SlowDownMessage
  /** It has nothing under way, and is to end. */
  | { readonly kind: "close" };

/** What a node tells the primary. */
export type MessageFromNode =
  /** Its first word: what is sent before it is lost. */
  | { readonly kind: "listening" }
  | { readonly kind: "ready" }
  | { readonly kind: "unable"; readonly error: ErrorMessage }
  /** What a call has written; its result or failure follows. */
  | { readonly kind: "written"; readonly id: number; readonly write: WriteRecord }
  | { readonly kind: "result"; readonly id: number; readonly output: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly error: ErrorMessage }
  | { readonly kind: "pong" }
  /** It ends itself, as nothing else gives back the memory that it holds. What it answers still comes after. */
  | { readonly kind: "exhausted" }
  | { readonly kind: "reserve"; readonly id: number; readonly limits: readonly BucketLimit[] }
  | SlowDownMessage;

export interface CallMessage {
  readonly kind: "call";
  readonly id: number;
  readonly method: ConnectorMethod;
  readonly input: unknown;
  readonly idempotencyKey: string | undefined;
  readonly caller: string | undefined;
}

interface SlowDownMessage {
  readonly kind: "slow-down";
  readonly limit: BucketLimit;
  readonly pauseMs: number;
}
