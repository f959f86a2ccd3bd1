import type { Table } from "../../../catalog/catalog.js";
import type { WriteCall } from "../write-call.js";
import type { WriteSubject } from "../write-journal.js";

/** A call that its write left open. */
export interface UnsettledCall {
  readonly call: WriteCall;
  /** True where it may have been carried out. */
  readonly mayBeDone: boolean;
  /** False where its parameters are not all there: it cannot be sent. */
  readonly isWhole: boolean;
  /** When it may have been sent first, in milliseconds since 1970. */
  readonly sentMs: number;
}

/** A write that was left before its end. */
export interface UnsettledWrite {
  readonly subject: WriteSubject;
  readonly calls: readonly UnsettledCall[];
  /** After this, in milliseconds since 1970, nothing of it was sent. */
  readonly lastMs: number;
  readonly nowMs: number;
  /** The table that is written, or that the procedure answers with; undefined where there is none. */
  readonly table: Table | undefined;
  /** Where the account's events are listed, and the types that there are. */
  readonly events: EventList;
}

export interface EventList {
  /** "/v1/events" */
  readonly path: string;
  readonly types: ReadonlySet<string>;
}
