import type { SystemTable } from "../catalog/system-table.js";
import type { LocalEngine } from "../execute/engine/local-engine.js";
import type { Statement } from "../syntax/statement.js";
import type { TimeZone } from "../value/time-zone.js";
import type { QueryOptions, SqlValue } from "./api.js";
import { RunningWork } from "./running-work.js";
import type { SharedParts } from "./shared-parts.js";
import { StatementRunner } from "./statement-runner.js";
import type { StatementStream } from "./statement-stream.js";
import { TimeZoneSetting } from "./time-zone-setting.js";
import { TransactionNotes } from "./transaction-notes.js";

export interface PostgresSessionOptions {
  /** What statements can name beside the catalog's tables: PostgreSQL's own. */
  readonly systemTables: readonly SystemTable[];
  /** True refuses writes, whatever the connection allows. */
  readonly readOnly: boolean;
}

/** What one statement runs with. */
export interface PostgresRun {
  /** Holds the statement's rows, and runs its text under the client's settings and over its parameters. */
  readonly engine: () => Promise<LocalEngine>;
  /** Of the client's times. */
  readonly zone: TimeZone;
  /** False where the client's settings have PostgreSQL print values in a way of their own. */
  readonly directWay: boolean;
  /** Of the parameters, in their order, as planning takes them. */
  readonly values: readonly SqlValue[];
}

/** One user's statements in PostgreSQL's dialect over a database, each of which is read and described elsewhere. */
export class PostgresSession {
  readonly #runner: StatementRunner;
  readonly #running = new RunningWork();
  readonly #afterEnd: () => void;
  readonly #transaction = new TransactionNotes();

  /** @param afterEnd What is to be done once an ended session's statements have ended. */
  constructor(shared: SharedParts, { systemTables, readOnly }: PostgresSessionOptions, afterEnd: () => void) {
    this.#afterEnd = afterEnd;
    const setting = new TimeZoneSetting(shared.engine, shared.properties.timeZone);
    const { engine } = shared;
    const parts = {
      dialect: "postgres",
      engine,
      systemTables,
      readOnly,
      transaction: this.#transaction,
      setting,
    } as const;
    this.#runner = new StatementRunner(shared, parts, this.#running);
  }

  stream(
    statement: Statement,
    { engine, zone, directWay, values }: PostgresRun,
    options: QueryOptions,
  ): StatementStream {
    const { kind, text } = statement;
    return this.#runner.stream(
      { kind, text, values, read: async () => statement, notices: [], surroundings: { engine, zone, directWay } },
      options,
    );
  }

  /** What is written from now on is named by ROLLBACK. */
  begin(): void {
    this.#transaction.begin(() => undefined);
  }

  commit(): void {
    this.#transaction.commit(() => undefined);
  }

  rollback(notice: (text: string) => void): void {
    this.#transaction.rollback((text) => {
      if (/already written/.test(text)) notice(text);
    });
  }

  /** Takes no further statement, cancels those that run, and waits until each has ended. */
  async end(): Promise<void> {
    await this.#running.end();
    this.#afterEnd();
  }
}
