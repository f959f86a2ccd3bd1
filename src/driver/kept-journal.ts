import { randomBytes } from "node:crypto";
import { redact } from "../error/redact.js";
import type { StripeSqlError } from "../error/stripe-sql-error.js";
import { endingStates } from "../execute/write/send-writes.js";
import type { WriteCall } from "../execute/write/write-call.js";
import type { CallOutcome, WriteJournal, WriteSubject } from "../execute/write/write-journal.js";
import type { ProcessIdentity } from "../store/process-identity.js";
import { thisProcess } from "../store/process-identity.js";
import type { KeptCall, PlannedCall, Settlement } from "../store/writes/kept-write.js";
import type { KeptWrites } from "../store/writes/kept-writes.js";
import { firstPlaces, OpenWrite } from "../store/writes/open-write.js";
import { keptParameters } from "./kept-parameters.js";
import { unfinishedText } from "./unfinished-write.js";
import type { WriteFacts } from "./write-facts.js";

export interface KeptJournalOptions {
  readonly writes: () => KeptWrites;
  /** Whichever text tells accounts apart. */
  readonly account: string;
  /** The statement, without what is secret. */
  readonly text: () => string;
  readonly notice: (text: string) => void;
  /** False where new writes are not to be kept. */
  readonly isKept: boolean;
}

/** A statement's writes on the disk. Of a single call there is nothing to be resumed: it is left out. */
export class KeptJournal implements WriteJournal {
  readonly #options: KeptJournalOptions;
  readonly #unsent = new Set<number>();
  #open: OpenWrite | undefined;
  #unfinished: string | undefined;
  #hasEnded = false;

  constructor(options: KeptJournalOptions) {
    this.#options = options;
  }

  /** Goes on with a write that was taken: `waiting` are the places of the calls that are left. */
  resume(write: { readonly id: string; readonly owner: ProcessIdentity; readonly waiting: readonly number[] }): void {
    this.#open = new OpenWrite(write.id, this.#options.writes(), write);
  }

  /** Undefined where nothing is kept. */
  get id(): string | undefined {
    return this.#open?.id;
  }

  /** How to go on with what is left of it; undefined where nothing is. */
  get unfinished(): string | undefined {
    return this.#unfinished;
  }

  async begin(calls: readonly WriteCall[], subject: WriteSubject): Promise<void> {
    if (this.#open !== undefined || !this.#options.isKept || calls.length < 2) return;
    const writes = this.#options.writes();
    const owner = thisProcess();
    const planned = calls.map(plannedCall);
    const places = planned.map(({ place }) => place);
    const first = firstPlaces(places);
    const { account, text } = this.#options;
    const id = `w-${randomBytes(5).toString("hex")}`;
    const facts: WriteFacts = { ...subject, statementKey: calls[0]?.statement ?? "" };
    const command = `${subject.kind.toUpperCase()} ${subject.name}`;
    writes.begin(
      { id, account, command, statement: shortened(text()), facts: JSON.stringify(facts), calls: planned },
      owner,
      first,
    );
    this.#open = new OpenWrite(id, writes, { owner, waiting: places.slice(first.length) });
  }

  async sending({ index }: WriteCall): Promise<void> {
    try {
      this.#open?.letOut(index);
    } catch (error) {
      this.#unsent.add(index);
      throw error;
    }
  }

  async settled(call: WriteCall, outcome: CallOutcome, requestId: string | undefined): Promise<void> {
    // What could not be kept as sent is kept as it was.
    if (this.#unsent.has(call.index)) return;
    this.#open?.settle(settlementOf(call.index, outcome, requestId));
  }

  /** Settles a call that is not sent, by what is known of it. */
  known(settlement: Settlement): void {
    this.#open?.settle(settlement);
  }

  async ended(): Promise<void> {
    const { writes, account, notice } = this.#options;
    const id = this.id;
    if (this.#open === undefined || id === undefined || this.#hasEnded) return;
    this.#hasEnded = true;
    try {
      this.#open.end();
    } finally {
      const write = writes().find(account, id);
      this.#unfinished = write === undefined ? undefined : unfinishedText(write);
      if (this.#unfinished !== undefined) notice(this.#unfinished);
    }
  }
}

/** The beginning tells which it was; all values are with the calls. */
const shownCharacters = 2_000;

const shortened = (text: string): string =>
  text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;

function plannedCall(call: WriteCall): PlannedCall {
  const { index, method, path, endpointPath, apiBase, accountId, id, idempotencyKey } = call;
  const { text, isWhole } = keptParameters(call.parameters);
  const address = { method, path, endpointPath, apiBase, accountId };
  return { place: index, ...address, objectId: id, parameters: text, isWhole, idempotencyKey };
}

/** A call as it is sent again. */
export function writeCallOf(
  { place, method, path, endpointPath, apiBase, accountId, objectId, idempotencyKey }: KeptCall,
  { statement, parameters }: Pick<WriteCall, "statement" | "parameters">,
): WriteCall {
  // Both were a call's of ours.
  const known = { method, apiBase } as Pick<WriteCall, "method" | "apiBase">;
  return { ...known, statement, parameters, index: place, path, endpointPath, accountId, id: objectId, idempotencyKey };
}

function settlementOf(place: number, outcome: CallOutcome, requestId: string | undefined): Settlement {
  const { id } = outcome;
  switch (outcome.state) {
    case "written":
    case "no match":
      return { place, state: outcome.state, id, requestId, message: undefined };
    case "not tried":
      return { place, state: "planned", id, requestId: undefined, message: undefined };
    case "failed":
      return {
        ...{ place, id, state: stateOf(outcome.error) },
        requestId: outcome.error.stripe.requestId ?? requestId,
        message: redact(outcome.error.message),
      };
  }
}

function stateOf({ stripe, retryable, sqlState }: StripeSqlError): Settlement["state"] {
  if (stripe.inDoubt === true) return "in doubt";
  return retryable || endingStates.has(sqlState) ? "planned" : "failed";
}
