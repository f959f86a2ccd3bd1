import type { SystemTable } from "../catalog/system-table.js";
import type { Statement } from "../syntax/statement.js";
import type { QueryOptions, SqlValue } from "./api.js";
import { RunningWork } from "./running-work.js";
import type { SharedParts } from "./shared-parts.js";
import type { StatementSurroundings } from "./statement-runner.js";
import { StatementRunner } from "./statement-runner.js";
import type { StatementStream } from "./statement-stream.js";
import { SessionTempTables } from "./temp-tables/session-temp-tables.js";
import { TimeZoneSetting } from "./time-zone-setting.js";
import type { TransactionNotes } from "./transaction-notes.js";
import { SessionViews } from "./views/session-views.js";

export interface PostgresSessionOptions {
  /** What statements can name beside the catalog's tables: PostgreSQL's own. */
  readonly systemTables: readonly SystemTable[];
  /** True refuses writes, whatever the connection allows. */
  readonly readOnly: boolean;
  /** Whose session it is, as the audit log names them. */
  readonly caller?: string | undefined;
  /** Told what is written in a transaction. */
  readonly transaction: TransactionNotes;
}

/** What one statement runs with: an engine that runs its text under the client's settings and over its parameters. */
export interface PostgresRun extends StatementSurroundings {
  /** Of the parameters, in their order, as planning takes them. */
  readonly values: readonly SqlValue[];
}

/** One user's statements in PostgreSQL's dialect over a database, each of which is read and described elsewhere. */
export class PostgresSession {
  readonly #runner: StatementRunner;
  readonly #running = new RunningWork();
  readonly #afterEnd: () => void;
  readonly #transaction: TransactionNotes;
  readonly #caller: string | undefined;

  /** @param afterEnd What is to be done once an ended session's statements have ended. */
  constructor(
    shared: SharedParts,
    { systemTables, readOnly, transaction, caller }: PostgresSessionOptions,
    afterEnd: () => void,
  ) {
    this.#afterEnd = afterEnd;
    this.#transaction = transaction;
    this.#caller = caller;
    const setting = new TimeZoneSetting(shared.engine, shared.properties.timeZone);
    const { engine } = shared;
    const parts = {
      dialect: "postgres",
      engine,
      systemTables,
      readOnly,
      views: new SessionViews(),
      tempTables: new SessionTempTables(),
      transaction: this.#transaction,
      setting,
    } as const;
    this.#runner = new StatementRunner(shared, parts, this.#running);
  }

  stream(statement: Statement, { values, ...surroundings }: PostgresRun, options: QueryOptions): StatementStream {
    const { kind, text } = statement;
    const runnable = { kind, text, values, read: async () => statement, notices: [], surroundings };
    return this.#runner.stream(runnable, { caller: this.#caller, ...options });
  }

  /** What was written in the transaction under way. */
  get writes(): Pick<TransactionNotes, "begin" | "end" | "count" | "since"> {
    return this.#transaction;
  }

  /** Takes no further statement, cancels those that run, and waits until each has ended. */
  async end(): Promise<void> {
    await this.#running.end();
    this.#afterEnd();
  }
}
