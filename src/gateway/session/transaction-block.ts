import { SqlState } from "../../error/sql-state.js";
import type { TransactionStatus } from "../../protocol/transaction-status.js";
import { sessionError } from "./session-error.js";
import type { SessionSettings } from "./session-settings.js";
import { SessionState } from "./session-state.js";
import type { GivenModes, TransactionModes } from "./transaction-modes.js";
import { defaultModes } from "./transaction-modes.js";

type Notice = (text: string, sqlState: string) => void;

/** What a statement is told of the transaction that it runs in. */
export interface TransactionView extends TransactionModes {
  /** What now() says in it, in milliseconds since 1970. */
  readonly startedMs: number;
}

interface Savepoint {
  readonly name: string;
  readonly modes: TransactionModes;
  /** How much there was of what ROLLBACK TO takes away: cursors, writes that it names, and what was said of channels. */
  readonly marks: SavepointMarks;
}

export interface SavepointMarks {
  readonly portals: number;
  readonly writes: number;
  readonly channels: number;
}

export interface TransactionBlockOptions {
  /** True where no transaction may write. */
  readonly readOnly: boolean;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * A client's transaction, which Stripe knows nothing of: it holds settings, cursors, the clock and the state "failed", in
 * which nothing runs until it has ended. What was written stays written. Without BEGIN, the statements of one text, or
 * those up to a Sync, are one of their own: an implicit one.
 */
export class TransactionBlock {
  readonly #settings: SessionSettings;
  readonly #options: TransactionBlockOptions;
  #status: TransactionStatus = "idle";
  /** That of a text of several statements is a block like any other, but for savepoints. */
  #implicit: "none" | "single" | "several" = "none";
  #view: TransactionView | undefined;
  #hasQueried = false;
  #savepoints: readonly Savepoint[] = [];

  constructor(settings: SessionSettings, options: TransactionBlockOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  get status(): TransactionStatus {
    return this.#status;
  }

  /** True where SET LOCAL and cursors have something to last for. */
  get isBlock(): boolean {
    return this.#status !== "idle" || this.#implicit === "several";
  }

  get view(): TransactionView {
    return this.#view ?? this.#begun();
  }

  /** Before each statement that runs: begins an implicit transaction where there is none. */
  enter({ isOneOfSeveral }: { readonly isOneOfSeveral: boolean }): void {
    if (this.#status !== "idle") return;
    const isSecond = this.#implicit !== "none";
    this.#implicit = isOneOfSeveral || isSecond ? "several" : "single";
    if (isSecond) return;
    this.#start();
  }

  /** A statement reads or writes: from then on it is too late for some modes. */
  query(): void {
    this.#hasQueried = true;
  }

  /** After the last statement of a text, and at Sync. Whether there was an implicit transaction. */
  endImplicit(): boolean {
    if (this.#implicit === "none") return false;
    this.#settings.commit();
    this.#end();
    return true;
  }

  /** Of a failed transaction nothing runs but what ends it. */
  requireUsable(): void {
    if (this.#status !== "failed-transaction") return;
    throw sessionError(
      "current transaction is aborted, commands ignored until end of transaction block",
      SessionState.failedTransaction,
    );
  }

  /** A statement has failed. Whether an implicit transaction ended with it. */
  fail(): boolean {
    if (this.#status === "in-transaction") this.#status = "failed-transaction";
    if (this.#implicit === "none") return false;
    this.#roll();
    return true;
  }

  /** Fails with 25006 where the transaction reads only. */
  requireWritable(command: string): void {
    if (!this.view.readOnly) return;
    throw sessionError(`cannot execute ${command} in a read-only transaction`, SqlState.readOnly);
  }

  /** SET TRANSACTION, or the modes of BEGIN; 25001 where it is too late for them. */
  setModes({ isolation, readOnly, deferrable }: GivenModes): void {
    if (isolation !== undefined && isolation !== this.view.isolation)
      this.#requireEarly("SET TRANSACTION ISOLATION LEVEL", "must not be called in a subtransaction");
    if (readOnly === false && this.view.readOnly) this.#requireMayWrite();
    if (deferrable !== undefined)
      this.#requireEarly("SET TRANSACTION [NOT] DEFERRABLE", "cannot be called within a subtransaction");
    this.#view = {
      ...this.view,
      ...(isolation === undefined ? {} : { isolation }),
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(deferrable === undefined ? {} : { deferrable }),
    };
  }

  #requireEarly(command: string, inSubtransaction: string): void {
    if (this.#hasQueried)
      throw sessionError(`${command} must be called before any query`, SessionState.activeTransaction);
    if (this.#savepoints.length > 0)
      throw sessionError(`${command} ${inSubtransaction}`, SessionState.activeTransaction);
  }

  #requireMayWrite(): void {
    if (this.#options.readOnly) {
      throw sessionError("cannot set transaction read-write mode", SqlState.insufficientPrivilege, {
        detail: "The user, or the connection, may only read.",
      });
    }
    if (this.#savepoints.length > 0) {
      throw sessionError(
        "cannot set transaction read-write mode inside a read-only transaction",
        SessionState.activeTransaction,
      );
    }
    if (this.#hasQueried)
      throw sessionError("transaction read-write mode must be set before any query", SessionState.activeTransaction);
  }

  begin(notice: Notice): void {
    if (this.#status !== "idle") {
      notice("there is already a transaction in progress", SessionState.activeTransaction);
      return;
    }
    if (this.#implicit === "none") this.#start();
    this.#implicit = "none";
    this.#status = "in-transaction";
  }

  /** The tag of what became of it: a failed transaction is rolled back. */
  commit(notice: Notice, chain: boolean): "COMMIT" | "ROLLBACK" {
    if (this.#status === "failed-transaction") return this.rollback(notice, chain);
    const view = this.#ended("COMMIT", notice, chain);
    this.#settings.commit();
    this.#end();
    this.#chain(view);
    return "COMMIT";
  }

  rollback(notice: Notice, chain: boolean): "ROLLBACK" {
    const view = this.#ended("ROLLBACK", notice, chain);
    this.#roll();
    this.#chain(view);
    return "ROLLBACK";
  }

  /** What the next transaction has of this one. */
  #ended(command: string, notice: Notice, chain: boolean): TransactionModes | undefined {
    if (this.#status === "idle") {
      if (chain) throw noBlock(`${command} AND CHAIN`);
      notice("there is no transaction in progress", SessionState.noActiveTransaction);
    }
    return chain ? this.view : undefined;
  }

  #chain(modes: TransactionModes | undefined): void {
    if (modes === undefined) return;
    this.#start();
    this.#status = "in-transaction";
    const { isolation, readOnly, deferrable } = modes;
    this.#view = { ...this.view, isolation, readOnly, deferrable };
  }

  savepoint(name: string, marks: SavepointMarks): void {
    this.#requireExplicit("SAVEPOINT");
    this.#savepoints = [...this.#savepoints, { name, modes: this.view, marks }];
    this.#settings.savepoint(name);
  }

  /** What SET TRANSACTION said since then is over as well. */
  release(name: string): void {
    this.#requireExplicit("RELEASE SAVEPOINT");
    this.#restoreModes(this.#savepoints[this.#indexOf(name)]);
    this.#savepoints = this.#savepoints.slice(0, this.#indexOf(name));
    this.#settings.release(name);
  }

  /** What there was at the savepoint of what is to be taken away. */
  rollbackTo(name: string): SavepointMarks {
    this.#requireExplicit("ROLLBACK TO SAVEPOINT");
    const index = this.#indexOf(name);
    const savepoint = this.#savepoints[index];
    this.#restoreModes(savepoint);
    this.#savepoints = this.#savepoints.slice(0, index + 1);
    this.#settings.rollbackTo(name);
    this.#status = "in-transaction";
    return savepoint?.marks ?? { portals: 0, writes: 0, channels: 0 };
  }

  #restoreModes(savepoint: Savepoint | undefined): void {
    if (savepoint === undefined) return;
    const { isolation, readOnly, deferrable } = savepoint.modes;
    this.#view = { ...this.view, isolation, readOnly, deferrable };
  }

  #begun(): TransactionView {
    const modes = defaultModes(this.#settings.values);
    const { readOnly, now } = this.#options;
    return { ...modes, readOnly: modes.readOnly || readOnly, startedMs: now() };
  }

  #start(): void {
    this.#view = this.#begun();
    this.#settings.begin();
  }

  #roll(): void {
    if (this.#status !== "idle" || this.#implicit !== "none") this.#settings.rollback();
    this.#end();
  }

  #end(): void {
    this.#status = "idle";
    this.#implicit = "none";
    this.#view = undefined;
    this.#hasQueried = false;
    this.#savepoints = [];
  }

  #requireExplicit(command: string): void {
    if (this.#status === "idle") throw noBlock(command);
  }

  #indexOf(name: string): number {
    const index = this.#savepoints.findLastIndex((savepoint) => savepoint.name === name);
    if (index === -1) throw sessionError(`savepoint "${name}" does not exist`, SessionState.invalidSavepoint);
    return index;
  }
}

function noBlock(command: string) {
  return sessionError(`${command} can only be used in transaction blocks`, SessionState.noActiveTransaction);
}
