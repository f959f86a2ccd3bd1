import type { BuiltInView } from "../../catalog/built-in-view.js";
import type { Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { readFrames } from "../../protocol/backend-frames.js";
import { decodeFields, decodeParameterTypes, decodeResponse } from "../../protocol/decode-backend.js";
import type { BoundStatement, StatementText } from "../../protocol/frontend-messages.js";
import { describeStatement, query, runStatement } from "../../protocol/frontend-messages.js";
import type { ResponseFields } from "../../protocol/response-fields.js";
import type { FieldDescription } from "../../protocol/row-description.js";
import { throwIfCanceled } from "../../stripe/canceled-error.js";
import type { LinkedAbort } from "../../stripe/linked-abort.js";
import type { Cell } from "../../value/cell.js";
import { quoteName } from "../../value/quote.js";
import { backendError } from "./backend-error.js";
import type { ClientSettings } from "./client-settings.js";
import { beginTurn, enterSession, leaveSession, resetSession } from "./client-settings.js";
import type { FilledColumn } from "./fill/table-filling.js";
import { TableFilling } from "./fill/table-filling.js";
import { FrameQueue } from "./frame-queue.js";
import { isReadingStatement } from "./reading-statement.js";
import { filledBuiltInView } from "./schema/built-in-views.js";
import type { StepAnswer } from "./worker/answer-sorter.js";
import type { PostgresThread } from "./worker/postgres-thread.js";

export type StatementDescription =
  | {
      readonly kind: "described";
      /** OIDs, in the order of $1, $2. */
      readonly parameterTypes: readonly number[];
      /** Undefined where the statement gives no rows. */
      readonly fields: readonly FieldDescription[] | undefined;
    }
  | { readonly kind: "refused"; readonly refusal: ResponseFields };

export interface RunOutcome {
  /** True where the last frame is an ErrorResponse. */
  readonly isRefused: boolean;
}

/**
 * One client's use of the engine, which is its alone until the turn ends. All that happens is one transaction, which is
 * rolled back: rows, settings, and whatever a statement did. Aborting the turn's signal cancels what runs; whatever is
 * asked of the turn from then on fails with 57014.
 */
export class PostgresTurn {
  readonly #thread: PostgresThread;
  readonly #client: ClientSettings;
  readonly #abort: LinkedAbort;
  readonly #onEnded: (hasFilled: boolean) => void;
  readonly #fillings = new Map<Table, TableFilling>();
  /** Messages that go before the next. */
  #pending: Uint8Array[];
  #hasBegun = false;
  #step: Promise<unknown> | undefined;
  #ended: Promise<void> | undefined;

  constructor({ thread, client, abort, onEnded }: TurnParts) {
    this.#thread = thread;
    this.#client = client;
    this.#pending = [query(beginTurn(client))];
    this.#abort = abort;
    this.#onEnded = onEnded;
    abort.signal.addEventListener("abort", this.#cancel, { once: true });
  }

  readonly #cancel = () => void this.#thread.cancel();

  /** Adds hidden and pseudo-columns to a table for this turn, for a statement that names them. */
  prepare(table: Table, columns: readonly FilledColumn[]): void {
    const statements = this.#filling(table).prepare(columns);
    if (statements.length > 0) this.#pending.push(query(statements.join("; ")));
  }

  /** Gives built-in views their queries for this turn, once the tables have all columns that those name. */
  fillViews(views: readonly BuiltInView[]): void {
    if (views.length > 0) this.#pending.push(query(views.map(filledBuiltInView).join("; ")));
  }

  /**
   * Adds rows to a table, given column by column. Columns that are not given are NULL, or a running number in the key. A
   * row whose key is there already is left out.
   */
  async fill(table: Table, columns: readonly FilledColumn[], cells: readonly (readonly Cell[])[]): Promise<void> {
    this.prepare(table, columns);
    for (const messages of this.#filling(table).copy(columns, cells)) {
      await this.#copying;
      this.#copying = this.#run(messages, undefined);
      // Told to whoever asks next.
      this.#copying.catch(() => undefined);
    }
  }

  /** The copy under way. Rows are written for the next meanwhile. */
  #copying: Promise<unknown> | undefined;

  /** Takes the rows of a table away again, for others of the same turn. */
  clear(table: Table): void {
    this.#pending.push(query(this.#filling(table).clear().join("; ")));
  }

  /** Parameter types and columns of a statement, a write too: nothing runs. */
  async describe(statement: StatementText): Promise<StatementDescription> {
    const pieces: Uint8Array[] = [];
    const answer = await this.#asClient(statement.text, describeStatement(statement), (frames) => {
      this.#thread.taken();
      pieces.push(frames);
    });
    const bodies = new Map([...readFrames(Buffer.concat(pieces))].map(({ type, body }) => [type, body]));
    const [refusal, types, fields] = ["E", "t", "T"].map((type) => bodies.get(type));
    if (answer.isRefused && refusal !== undefined) return { kind: "refused", refusal: decodeResponse(refusal) };
    return {
      kind: "described",
      parameterTypes: types === undefined ? [] : decodeParameterTypes(types),
      fields: fields === undefined ? undefined : decodeFields(fields),
    };
  }

  /**
   * Runs a statement. What comes are PostgreSQL's own frames, in pieces of whole ones: RowDescription or NoData, DataRow,
   * CommandComplete or ErrorResponse, notices, and those of a COPY; none of ParseComplete, BindComplete, ReadyForQuery. While
   * nobody takes them, the backend waits. `return()` cancels what is left.
   */
  async *run(statement: BoundStatement): AsyncGenerator<Uint8Array, RunOutcome> {
    if (!isReadingStatement(statement.text)) throw notReadingError();
    const queue = new FrameQueue();
    const running = this.#asClient(statement.text, runStatement(statement), (frames) => queue.push(frames));
    const settled = running.then(
      () => queue.end(),
      () => queue.end(),
    );
    try {
      for (let piece = await queue.next(); piece !== undefined; piece = await queue.next()) {
        this.#thread.taken();
        yield piece;
      }
      const { isRefused } = await running;
      return { isRefused };
    } finally {
      if (!queue.isEnded) await this.#thread.cancel();
      await settled;
    }
  }

  /** Rolls everything back and gives the turn to the next. A second call gives the same promise. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#abort.signal.removeEventListener("abort", this.#cancel);
    this.#abort.unlink();
    try {
      if (this.#step !== undefined) await this.#thread.cancel();
      await this.#step;
      if (!this.#thread.hasEnded && this.#hasBegun) await this.#reset();
    } finally {
      this.#onEnded(this.#fillings.size > 0);
    }
  }

  async #reset(): Promise<void> {
    const frames = Buffer.concat([query("ROLLBACK"), query(resetSession())]);
    try {
      const { states, failure } = await this.#thread.run({ frames, given: undefined });
      if (states !== "II" || failure !== undefined)
        await this.#thread.end("it could not be brought back to a clean state");
    } catch (error) {
      if (!(error instanceof StripeSqlError)) throw error;
    }
  }

  #filling(table: Table): TableFilling {
    const filling = this.#fillings.get(table) ?? new TableFilling(table);
    this.#fillings.set(table, filling);
    return filling;
  }

  /** A client's messages, with its rights and settings, which it leaves again. */
  async #asClient(text: string, messages: Uint8Array, take: (frames: Uint8Array) => void): Promise<StepAnswer> {
    if (text.includes("\0")) throw nulError();
    await this.#copying;
    const enter = query(enterSession(this.#client, quoteName(this.#client.user), text));
    const given = this.#pending.length + 1;
    const answer = await this.#run(Buffer.concat([enter, messages, query(leaveSession)]), given, take);
    if (!/^T+[TE]T$/.test(answer.states)) {
      await this.#thread.end("a statement left its transaction");
      throw leftTransactionError();
    }
    return answer;
  }

  async #run(
    messages: Uint8Array,
    given: number | undefined,
    take?: (frames: Uint8Array) => void,
  ): Promise<StepAnswer> {
    throwIfCanceled(this.#abort.signal);
    const frames = Buffer.concat([...this.#pending, messages]);
    this.#pending = [];
    const beginsAtMs = this.#hasBegun ? undefined : this.#client.transaction?.startedMs;
    this.#hasBegun = true;
    const step = this.#thread.run({ frames, given, beginsAtMs }, take);
    const over = step.then(
      () => undefined,
      () => undefined,
    );
    this.#step = over;
    try {
      const answer = await step;
      throwIfCanceled(this.#abort.signal);
      if (answer.failure !== undefined) throw backendError(answer.failure);
      return answer;
    } catch (error) {
      throwIfCanceled(this.#abort.signal);
      throw error;
    } finally {
      if (this.#step === over) this.#step = undefined;
    }
  }
}

interface TurnParts {
  readonly thread: PostgresThread;
  readonly client: ClientSettings;
  readonly abort: LinkedAbort;
  /** Told once, when the next may have the engine. */
  readonly onEnded: (hasFilled: boolean) => void;
}

function notReadingError(): StripeSqlError {
  return new StripeSqlError("the local PostgreSQL runs only statements that read", {
    sqlState: SqlState.featureNotSupported,
    phase: "execute",
  });
}

function nulError(): StripeSqlError {
  return new StripeSqlError('invalid byte sequence for encoding "UTF8": 0x00', {
    sqlState: SqlState.untranslatableCharacter,
    phase: "syntax",
  });
}

function leftTransactionError(): StripeSqlError {
  return new StripeSqlError("the statement ended the transaction that it ran in", {
    sqlState: SqlState.internalError,
    phase: "execute",
  });
}
