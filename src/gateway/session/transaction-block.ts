import { SqlState } from "../../error/sql-state.js";
import type { TransactionStatus } from "../../protocol/transaction-status.js";
import { sessionError } from "./session-error.js";
import type { SessionSettings } from "./session-settings.js";
import { SessionState } from "./session-state.js";

type Notice = (text: string, sqlState: string) => void;

/**
 * A client's transaction, which Stripe knows nothing of: it holds settings, cursors and the state "failed", in which
 * nothing runs until it has ended. What was written stays written.
 */
export class TransactionBlock {
  readonly #settings: SessionSettings;
  #status: TransactionStatus = "idle";
  #savepoints: readonly string[] = [];
  #readsOnly: boolean | undefined;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  get status(): TransactionStatus {
    return this.#status;
  }

  /** Of a failed transaction nothing runs but what ends it. */
  requireUsable(): void {
    if (this.#status !== "failed-transaction") return;
    throw sessionError(
      "current transaction is aborted, commands ignored until end of transaction block",
      SessionState.failedTransaction,
    );
  }

  /** A statement has failed. */
  fail(): void {
    if (this.#status === "in-transaction") this.#status = "failed-transaction";
  }

  /** As the transaction was begun or set; undefined where neither said. */
  get readsOnly(): boolean | undefined {
    return this.#readsOnly;
  }

  /** Fails with 25006 where the transaction, or by default each of them, is one that reads only. */
  requireWritable(command: string): void {
    if (!(this.#readsOnly ?? this.#settings.values.get("default_transaction_read_only") === "on")) return;
    throw sessionError(`cannot execute ${command} in a read-only transaction`, SqlState.readOnly);
  }

  /** SET TRANSACTION, or the modes of BEGIN; without a transaction it comes to nothing. */
  setReadsOnly(readsOnly: boolean | undefined): void {
    if (this.#status !== "idle" && readsOnly !== undefined) this.#readsOnly = readsOnly;
  }

  begin(notice: Notice): void {
    if (this.#status !== "idle") {
      notice("there is already a transaction in progress", SessionState.activeTransaction);
      return;
    }
    this.#status = "in-transaction";
    this.#settings.begin();
  }

  /** The tag of what became of it: a failed transaction is rolled back. */
  commit(notice: Notice): "COMMIT" | "ROLLBACK" {
    if (this.#status === "failed-transaction") {
      this.#roll();
      return "ROLLBACK";
    }
    if (this.#status === "idle") notice("there is no transaction in progress", SessionState.noActiveTransaction);
    this.#settings.commit();
    this.#end();
    return "COMMIT";
  }

  rollback(notice: Notice): "ROLLBACK" {
    if (this.#status === "idle") notice("there is no transaction in progress", SessionState.noActiveTransaction);
    this.#roll();
    return "ROLLBACK";
  }

  savepoint(name: string): void {
    this.#requireBlock("SAVEPOINT");
    this.#savepoints = [...this.#savepoints, name];
    this.#settings.savepoint(name);
  }

  release(name: string): void {
    this.#requireBlock("RELEASE SAVEPOINT");
    this.#savepoints = this.#savepoints.slice(0, this.#indexOf(name));
    this.#settings.release(name);
  }

  rollbackTo(name: string): void {
    this.#requireBlock("ROLLBACK TO SAVEPOINT");
    this.#savepoints = this.#savepoints.slice(0, this.#indexOf(name) + 1);
    this.#settings.rollbackTo(name);
    this.#status = "in-transaction";
  }

  #roll(): void {
    if (this.#status !== "idle") this.#settings.rollback();
    this.#end();
  }

  #end(): void {
    this.#status = "idle";
    this.#savepoints = [];
    this.#readsOnly = undefined;
  }

  #requireBlock(command: string): void {
    if (this.#status === "idle")
      throw sessionError(`${command} can only be used in transaction blocks`, SessionState.noActiveTransaction);
  }

  #indexOf(name: string): number {
    const index = this.#savepoints.lastIndexOf(name);
    if (index === -1) throw sessionError(`savepoint "${name}" does not exist`, SessionState.invalidSavepoint);
    return index;
  }
}
