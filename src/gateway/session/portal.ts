import { SqlState } from "../../error/sql-state.js";
import type { Format } from "../../protocol/format-code.js";
import { formatAt } from "../../protocol/format-code.js";
import type { FieldDescription } from "../../protocol/row-description.js";
import { followAbort } from "../../stripe/linked-abort.js";
import type { DataRows } from "./data-rows.js";
import { splitRows } from "./data-rows.js";
import { KeptRows } from "./kept-rows.js";
import { sessionError } from "./session-error.js";
import { SessionState } from "./session-state.js";
import type { SessionStatement } from "./session-statement.js";
import type { StatementResult } from "./statement-result.js";

/** What the statement runs with. */
export interface PortalRun {
  readonly signal: AbortSignal;
  /** Those that it is first asked for in, of a portal whose text is not its own. */
  readonly formats: readonly Format[];
  /** How many rows more are wanted at the moment. */
  readonly wantedRows: () => number;
}

export interface PortalOptions {
  readonly name: string;
  /** The text that it was made of: positions of errors are in it where `isOwnText`. */
  readonly sql: string;
  /** False for a cursor: FETCH fails, whose text is another. Default true. */
  readonly isOwnText?: boolean;
  /** Undefined for an empty text. */
  readonly statement: SessionStatement | undefined;
  /** Of its rows, with the formats that they come in; undefined where it gives none, or only its rows tell. */
  readonly fields: readonly FieldDescription[] | undefined;
  /** True where its columns are not known before it has run. Default false. */
  readonly isKnownByRows?: boolean;
  readonly run: (running: PortalRun) => Promise<StatementResult>;
  /** True for a cursor whose rows are binary where nothing else is asked for. Default false. */
  readonly isBinary?: boolean;
  /** True for a cursor that outlives its transaction. Default false. */
  readonly isHeld?: boolean;
  /** True for a cursor that goes back as well: the rows that it has read are kept. Default false. */
  readonly isScrollable?: boolean;
}

/**
 * A statement whose rows a client takes in portions: a portal of the protocol, or a cursor. It runs once it is asked for
 * rows. It stands before the first row, on one, or behind the last.
 */
export class Portal {
  readonly name: string;
  readonly sql: string;
  readonly isOwnText: boolean;
  readonly statement: SessionStatement | undefined;
  readonly fields: readonly FieldDescription[] | undefined;
  readonly isKnownByRows: boolean;
  readonly isBinary: boolean;
  readonly isHeld: boolean;
  readonly isScrollable: boolean;
  readonly createdMs = Date.now();
  readonly #run: PortalOptions["run"];
  readonly #cancellation = new AbortController();
  readonly #kept: KeptRows | undefined;
  #result: StatementResult | undefined;
  #left: DataRows | undefined;
  /** Rows that it has passed; the last of them is the one that it stands on, unless it is behind them all. */
  #row = 0;
  #isBehind = false;
  /** Rows that are asked for and have not come yet. */
  #wanted = 0;
  #formats: readonly Format[] | undefined;
  #hasEnded = false;
  #hasFailed = false;

  constructor(options: PortalOptions) {
    const { name, sql, isOwnText = true, statement, fields, run } = options;
    const { isKnownByRows = false, isBinary = false, isHeld = false, isScrollable = false } = options;
    this.name = name;
    this.sql = sql;
    this.isOwnText = isOwnText;
    this.statement = statement;
    this.fields = fields;
    this.isKnownByRows = isKnownByRows;
    this.isBinary = isBinary;
    this.isHeld = isHeld;
    this.isScrollable = isScrollable;
    this.#run = run;
    this.#kept = isScrollable ? new KeptRows() : undefined;
  }

  /**
   * Of a cursor, before its rows are taken: each FETCH of the extended query says which formats it wants. Fails with 0A000
   * where it has been read in others.
   */
  useFormats(formats: readonly Format[]): void {
    const wanted = (this.fields ?? []).map((_, index) => formatAt(formats, index));
    this.#formats ??= wanted;
    if (this.isOwnText || wanted.join() === this.#formats.join()) return;
    throw sessionError("a cursor cannot change between text and binary", SqlState.featureNotSupported, {
      hint: "Fetch all of its rows in the format of the first.",
    });
  }

  /** Whether it stands on a row: neither before nor behind them all. */
  get isOnRow(): boolean {
    return this.#row > 0 && !this.#isBehind;
  }

  /** Where it stands: 0 before the first row, else the number of a row; one more than there are, behind them all. */
  get place(): number {
    return this.#row + (this.#isBehind ? 1 : 0);
  }

  /**
   * The next rows, so many at most, as they come. Fewer come only where there are no more. The signal cancels the whole
   * statement.
   */
  async *take(wanted: number, signal: AbortSignal): AsyncGenerator<DataRows> {
    if (wanted <= 0) return;
    this.#wanted = wanted;
    const result = await this.#start(signal);
    const unlink = followAbort(this.#cancellation, signal);
    try {
      while (this.#wanted > 0) {
        const rows = await this.#next(result, this.#wanted);
        if (rows === undefined) break;
        this.#row += rows.count;
        this.#wanted -= rows.count;
        yield rows;
      }
      if (this.#wanted > 0) this.#isBehind = true;
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    } finally {
      this.#wanted = 0;
      unlink();
    }
  }

  /** The rows before the one that it stands on, so many at most, the nearest first. Only where it is scrollable. */
  async *takeBack(wanted: number, signal: AbortSignal): AsyncGenerator<DataRows> {
    this.#requireUsable();
    const kept = this.#requireKept();
    const place = this.place;
    if (wanted <= 0 || place === 0) return;
    signal.throwIfAborted();
    const to = Math.max(0, place - 1 - wanted);
    const isShort = place - 1 - to < wanted;
    this.#isBehind = false;
    this.#row = isShort ? 0 : place - wanted;
    yield* kept.backward(place - 1, to);
  }

  /** Goes to before the first row. Only where it is scrollable, or stands there. */
  rewind(): void {
    this.#requireUsable();
    if (this.place === 0) return;
    this.#requireKept();
    this.#row = 0;
    this.#isBehind = false;
  }

  /** Fails with 55000 where it only goes on. */
  #requireKept(): KeptRows {
    if (this.#kept !== undefined) return this.#kept;
    this.#hasFailed = true;
    throw sessionError("cursor can only scan forward", SessionState.objectNotInPrerequisiteState, {
      hint: "Declare it with SCROLL option to enable backward scan.",
    });
  }

  /** Runs the statement, where it does not run yet. Fails with 55000 where it has been carried out and gives no rows. */
  async result(signal: AbortSignal): Promise<StatementResult> {
    if (this.#hasEnded && this.fields === undefined && !this.isKnownByRows) throw this.#notRunnable();
    return this.#start(signal);
  }

  /** COMMIT, DISCARD ALL and CLOSE ALL close every portal, their own too: its result is there all the same. */
  async #start(signal: AbortSignal): Promise<StatementResult> {
    this.#requireUsable();
    const unlink = followAbort(this.#cancellation, signal);
    try {
      const { signal: own } = this.#cancellation;
      this.#result ??= await this.#run({ signal: own, formats: this.#formats ?? [], wantedRows: () => this.#wanted });
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
    await this.#kept?.close();
  }

  /** So many of the rows that follow, or fewer; undefined behind them all. */
  async #next(result: StatementResult, wanted: number): Promise<DataRows | undefined> {
    if (this.#kept !== undefined) return this.#nextKept(this.#kept, result, wanted);
    const rows = this.#left ?? (await this.#nextRead(result));
    if (rows === undefined) return undefined;
    const [first, rest] = splitRows(rows, wanted);
    this.#left = rest;
    return first;
  }

  async #nextKept(kept: KeptRows, result: StatementResult, wanted: number): Promise<DataRows | undefined> {
    while (this.#row >= kept.count) {
      const rows = await this.#nextRead(result);
      if (rows === undefined) return undefined;
      await kept.add(rows);
    }
    for await (const rows of kept.forward(this.#row, Math.min(kept.count, this.#row + wanted))) return rows;
    return undefined;
  }

  async #nextRead(result: StatementResult): Promise<DataRows | undefined> {
    while (!this.#hasEnded) {
      const next = await result.rows.next();
      if (next.done === true) this.#hasEnded = true;
      else if (next.value.count > 0 || this.#kept === undefined) return next.value;
    }
    return undefined;
  }

  /** What failed has no end that could be told. */
  #requireUsable(): void {
    if (this.#hasFailed) throw this.#notRunnable();
  }

  #notRunnable() {
    const message = this.name === "" ? "portal cannot be run" : `portal "${this.name}" cannot be run`;
    return sessionError(message, SessionState.objectNotInPrerequisiteState);
  }
}
