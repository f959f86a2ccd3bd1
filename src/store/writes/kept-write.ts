import type { ProcessIdentity } from "../process-identity.js";
import { isGone } from "../process-identity.js";

/**
 * What is known of a call: "planned" was not sent, or was surely not carried out; "sent" may be on its way, or may have
 * been when its process ended; "in doubt" got no answer that tells. The others are settled.
 */
export type KeptCallState = "planned" | "sent" | "in doubt" | "written" | "failed" | "no match";

/** One call as it was to be sent. */
export interface PlannedCall {
  /** Among the write's calls, from 0. */
  readonly place: number;
  readonly method: string;
  /** "/v1/customers/cus_1" */
  readonly path: string;
  readonly endpointPath: string | undefined;
  readonly apiBase: string | undefined;
  readonly accountId: string | undefined;
  /** Of the object that is written, where that was there before. */
  readonly objectId: string | undefined;
  /** JSON, without what is secret. */
  readonly parameters: string;
  /** False where something secret was left out of the parameters: it cannot be sent again. */
  readonly isWhole: boolean;
  readonly idempotencyKey: string | undefined;
}

/** What became of a call. */
export interface Settlement {
  readonly place: number;
  readonly state: KeptCallState;
  /** Of the object, where it is known. */
  readonly id: string | undefined;
  /** Stripe's, of the last answer. */
  readonly requestId: string | undefined;
  /** Why it is so, where that is not plain. */
  readonly message: string | undefined;
}

export interface KeptCall extends PlannedCall {
  readonly state: KeptCallState;
  readonly id: string | undefined;
  readonly requestId: string | undefined;
  readonly message: string | undefined;
  /** When it may have been sent first, in milliseconds since 1970. */
  readonly sentMs: number | undefined;
  readonly settledMs: number | undefined;
}

export interface PlannedWrite {
  readonly id: string;
  /** Whichever text tells accounts apart, without telling the key. */
  readonly account: string;
  /** "INSERT Customer" */
  readonly command: string;
  /** Without what is secret. */
  readonly statement: string;
  /** JSON of what else its sender has to know to go on with it. */
  readonly facts: string;
  readonly calls: readonly PlannedCall[];
}

/** How many calls of a write are in each state. */
export type CallCounts = Readonly<Record<KeptCallState, number>>;

export interface KeptWrite extends Omit<PlannedWrite, "calls"> {
  readonly begunMs: number;
  /** When its last sender was through with it; undefined where one is at it, or ended without a word. */
  readonly endedMs: number | undefined;
  /** When its sender last said that it was there. */
  readonly beatMs: number;
  /** Who is at it, or was until it ended without a word; undefined for nobody. */
  readonly owner: ProcessIdentity | undefined;
  readonly counts: CallCounts;
}

/** True where somebody is at a write, as far as can be told. */
export function isUnderWay({ owner }: Pick<KeptWrite, "owner">): boolean {
  return owner !== undefined && !isGone(owner);
}

/** Calls that somebody has still to settle. */
export function unsettledCalls({ counts }: Pick<KeptWrite, "counts">): number {
  return counts.planned + counts.sent + counts["in doubt"];
}
