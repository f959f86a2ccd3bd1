import type { FieldDescription } from "../../protocol/row-description.js";
import { followAbort } from "../../stripe/linked-abort.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import type { DataRows } from "./data-rows.js";
import { splitRows } from "./data-rows.js";
import { sessionError } from "./session-error.js";
import { SessionState } from "./session-state.js";
import type { StatementResult } from "./statement-result.js";

export interface PortalOptions {
  /** The text that positions of errors are in; undefined where that is no text of the client's at hand. */
  readonly sql?: string | undefined;
  /** Undefined for an empty text. */
  readonly statement: PostgresStatement | undefined;
  /** Of its rows, with the formats that they come in; undefined where it gives none. */
  readonly fields: readonly FieldDescription[] | undefined;
  readonly run: (signal: AbortSignal) => Promise<StatementResult>;
  /** True for a cursor that outlives its transaction. Default false. */
  readonly isHeld?: boolean;
}

/** A statement whose rows a client takes in portions: a portal of the protocol, or a cursor. It runs once it is asked for rows. */
export class Portal {
  readonly sql: string | undefined;
  readonly statement: PostgresStatement | undefined;
  readonly fields: readonly FieldDescription[] | undefined;
  readonly isHeld: boolean;
  readonly #run: PortalOptions["run"];
  readonly #cancellation = new AbortController();
  #result: StatementResult | undefined;
  #left: DataRows | undefined;
  #hasEnded = false;
  #hasFailed = false;

  constructor({ sql, statement, fields, run, isHeld = false }: PortalOptions) {
    this.sql = sql;
    this.statement = statement;
    this.fields = fields;
    this.isHeld = isHeld;
    this.#run = run;
  }

  /** Whether it is known that no further row comes. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * The next rows, so many at most, as they come. Fewer come only where there are no more. The signal cancels the whole
   * statement.
   */
  async *take(wanted: number, signal: AbortSignal): AsyncGenerator<DataRows> {
    if (wanted <= 0) return;
    const result = await this.#start(signal);
    const unlink = followAbort(this.#cancellation, signal);
    try {
      for (let open = wanted; open > 0; ) {
        const rows = await this.#next(result);
        if (rows === undefined) return;
        const [first, rest] = splitRows(rows, open);
        this.#left = rest;
        open -= first.count;
        yield first;
      }
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    } finally {
      unlink();
    }
  }

  /** Runs the statement, where it does not run yet. Fails with 55000 where it has been carried out and gives no rows. */
  async result(signal: AbortSignal): Promise<StatementResult> {
    if (this.#hasEnded && this.fields === undefined) throw notRunnable();
    return this.#start(signal);
  }

  /** COMMIT, DISCARD ALL and CLOSE ALL close every portal, their own too: its result is there all the same. */
  async #start(signal: AbortSignal): Promise<StatementResult> {
    // What failed has no end that could be told.
    if (this.#hasFailed) throw notRunnable();
    const unlink = followAbort(this.#cancellation, signal);
    try {
      this.#result ??= await this.#run(this.#cancellation.signal);
      return this.#result;
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    } finally {
      unlink();
    }
  }

  /** Gives up what was not taken. */
  async close(): Promise<void> {
    this.#hasEnded = true;
    this.#left = undefined;
    await this.#result?.rows.return(undefined);
  }

  async #next(result: StatementResult): Promise<DataRows | undefined> {
    const left = this.#left;
    this.#left = undefined;
    if (left !== undefined) return left;
    if (this.#hasEnded) return undefined;
    const next = await result.rows.next();
    if (next.done === true) this.#hasEnded = true;
    return next.done === true ? undefined : next.value;
  }
}

function notRunnable() {
  return sessionError("portal cannot be run", SessionState.objectNotInPrerequisiteState);
}
