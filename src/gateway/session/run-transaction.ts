import { keptNotice } from "../../driver/transaction-notes.js";
import { SqlState } from "../../error/sql-state.js";
import type { ListenedChannels } from "./listened-channels.js";
import type { Portals } from "./portals.js";
import type { RunContext, TransactionWrites } from "./session-backend.js";
import { sessionError } from "./session-error.js";
import { SessionState } from "./session-state.js";
import type { SessionStatement } from "./session-statement.js";
import type { StatementResult } from "./statement-result.js";
import { noRows } from "./statement-result.js";
import type { TransactionBlock } from "./transaction-block.js";
import { givenModes } from "./transaction-modes.js";

/** What of a session begins and ends with its transactions. */
export interface TransactionParts {
  readonly transaction: TransactionBlock;
  readonly portals: Portals;
  readonly channels: ListenedChannels;
  readonly writes: TransactionWrites;
  /** Tells the client which of its settings have gone back. */
  readonly settle: () => void;
}

type TransactionStatement = Extract<SessionStatement, { kind: "transaction" }>;

/** BEGIN, COMMIT, ROLLBACK, savepoints and their like. Writes are Stripe's and stay: where they were to go back, that is told. */
export async function runTransaction(
  { action, name = "", chain, modes }: TransactionStatement,
  notice: RunContext["notice"],
  parts: TransactionParts,
): Promise<StatementResult> {
  const warn = (message: string, sqlState?: string) =>
    notice({ message, severity: "WARNING", ...(sqlState === undefined ? {} : { sqlState }) });
  const { transaction, portals, channels, writes, settle } = parts;
  switch (action) {
    case "begin":
      transaction.begin(warn);
      transaction.setModes(givenModes(modes));
      writes.begin();
      return noRows("BEGIN");
    case "commit":
    case "rollback": {
      const tag = transaction[action](warn, chain);
      if (tag === "ROLLBACK") tellWritten(writes.since(0), warn);
      return ended(tag, parts);
    }
    case "savepoint":
      transaction.savepoint(name, { portals: portals.made, writes: writes.count, channels: channels.said });
      return noRows("SAVEPOINT");
    case "release":
      transaction.release(name);
      return noRows("RELEASE");
    case "rollback-to": {
      const marks = transaction.rollbackTo(name);
      tellWritten(writes.since(marks.writes), warn);
      channels.rollback(marks.channels);
      await portals.closeSince(marks.portals);
      settle();
      return noRows("ROLLBACK");
    }
    case "prepare": {
      // It ends the transaction either way, where there is one.
      const isBegun = transaction.status === "in-transaction";
      const result = await ended(transaction.rollback(warn, false), parts);
      if (isBegun) throw noPreparedTransactions();
      return result;
    }
    case "commit-prepared":
    case "rollback-prepared":
      if (transaction.isBlock) {
        const command = action.replace("-", " ").toUpperCase();
        throw sessionError(`${command} cannot run inside a transaction block`, SessionState.activeTransaction);
      }
      throw sessionError(`prepared transaction with identifier "${name}" does not exist`, SqlState.undefinedObject);
  }
}

/** What a transaction takes away with it, and tells at its end. */
async function ended(
  tag: "COMMIT" | "ROLLBACK",
  { transaction, portals, channels, writes, settle }: TransactionParts,
): Promise<StatementResult> {
  writes.end();
  if (transaction.status !== "idle") writes.begin();
  channels[tag === "COMMIT" ? "commit" : "rollback"]();
  await (tag === "COMMIT" ? portals.commit() : portals.rollback());
  settle();
  return noRows(tag);
}

function tellWritten(written: readonly string[], warn: (message: string) => void): void {
  const kept = keptNotice(written);
  if (kept !== undefined) warn(kept);
}

function noPreparedTransactions() {
  return sessionError("prepared transactions are disabled", SessionState.objectNotInPrerequisiteState, {
    detail: "Stripe carries out each write at once; there is nothing to commit later.",
  });
}
