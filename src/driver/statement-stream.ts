import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { OutputColumn, Tuple } from "../execute/row-source.js";
import { givenRows } from "../execute/row-source.js";
import { canceledError, connectionClosed } from "../stripe/canceled-error.js";
import type { TimeZone } from "../value/time-zone.js";
import type {
  Result,
  ResultColumn,
  ResultSummary,
  Row,
  RowStream,
  TextStyle,
  WriteOutcome,
  WriteSummary,
} from "./api.js";
import { resultColumns, rowObjects, rowTexts } from "./row-objects.js";
import type { RunningStatement } from "./run-statement.js";
import type { CancelableWork } from "./running-work.js";

/** A statement as its stream sees it. */
export interface StatementWork {
  readonly run: () => Promise<RunningStatement>;
  /** Its columns without running it; undefined where it has to run for them. */
  readonly describe: () => Promise<readonly OutputColumn[] | undefined>;
  /** Aborting it cancels the statement. */
  readonly cancellation: AbortController;
  readonly startedAt: number;
  /** In which times are written as texts: known once it runs. */
  readonly timeZone: () => TimeZone;
  readonly requests: () => number;
  readonly notices: readonly string[];
  /** What it sent as a write so far; undefined where that is nothing. */
  readonly write: () => WriteSummary | undefined;
  /** Called once, before it runs; may refuse. */
  readonly begin: () => void;
  /** Called where it holds nothing open any more, though its rows have not been asked for. */
  readonly rest: () => void;
  /** Called once, however it ends. */
  readonly finish: (ended: StatementEnd) => void;
}

export interface StatementEnd {
  readonly rowCount: number;
  readonly outcomes: readonly WriteOutcome[];
  readonly elapsedMs: number;
  readonly error: unknown;
}

/** A statement that starts when its rows, columns or summary are first asked for. */
export class StatementStream implements RowStream, CancelableWork {
  readonly #work: StatementWork;
  #running: Promise<RunningStatement> | undefined;
  /** Set while it is read to its end in here: no reader outside can leave it waiting. */
  #reading: Promise<void> | undefined;
  #isIterated = false;
  #isEnded = false;
  #rowCount = 0;
  #outcomes: readonly WriteOutcome[] = [];
  #failure: { readonly error: unknown } | undefined;
  #elapsedMs: number | undefined;

  constructor(work: StatementWork) {
    this.#work = work;
  }

  async columns(): Promise<readonly ResultColumn[]> {
    const described = this.#running === undefined ? await this.#work.describe() : undefined;
    if (described !== undefined) return resultColumns(described);
    if (!this.#isIterated) this.#running ??= this.#beginAndHold();
    return resultColumns((await this.#run()).rows.columns);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
    for await (const batch of this.batches()) yield* batch;
  }

  /** The rows page by page: cheaper than row by row. */
  async *batches(): AsyncGenerator<readonly Row[]> {
    yield* this.#read(rowObjects);
  }

  async *texts(style: TextStyle): AsyncGenerator<readonly (string | null)[]> {
    if (!textStyles.has(style)) throw noStyle();
    const shape = (columns: readonly OutputColumn[]) => rowTexts(columns, { style, zone: this.#work.timeZone() });
    for await (const batch of this.#read(shape)) yield* batch;
  }

  /** What the local engine, or a scan, tells of the columns; the statement runs for it. */
  async outputColumns(): Promise<readonly OutputColumn[]> {
    return (await this.#run()).rows.columns;
  }

  get requests(): number {
    return this.#work.requests();
  }

  /** The rows as their cells. */
  async *tuples(): AsyncGenerator<readonly Tuple[]> {
    yield* this.#read(() => (tuples) => tuples);
  }

  async *#read<Item>(
    shape: (columns: readonly OutputColumn[]) => (tuples: readonly Tuple[]) => readonly Item[],
  ): AsyncGenerator<readonly Item[]> {
    if (this.#isIterated) throw alreadyRead();
    this.#isIterated = true;
    try {
      const { rows, command } = await this.#run();
      const shaped = withinStack(shape(rows.columns));
      for await (const tuples of rows.batches) {
        this.#requireUncanceled(command);
        this.#rowCount += tuples.length;
        yield shaped(tuples);
      }
      this.#requireUncanceled(command);
    } catch (error) {
      this.#failure = { error };
      this.#finish(error);
      throw error;
    } finally {
      this.#finish();
    }
  }

  async summary(): Promise<ResultSummary> {
    if (!this.#isIterated) await this.#readAll(() => undefined);
    // The rows that came before a failure are no result.
    if (this.#failure !== undefined) throw this.#failure.error;
    const { command, rows, outcomes, error } = await this.#run();
    const written = outcomes.filter((outcome) => outcome.state === "written").length;
    const failed = outcomes.find((outcome) => outcome.state === "failed");
    const write = this.#work.write();
    const isWrite = tableWrites.has(command);
    return {
      command,
      columns: resultColumns(rows.columns),
      rowCount: isWrite ? written : this.#rowCount,
      requests: this.#work.requests(),
      elapsedMs: this.#elapsedMs ?? performance.now() - this.#work.startedAt,
      notices: [...this.#work.notices],
      outcomes,
      error: failed?.state === "failed" ? failed.error : error,
      ...(write === undefined ? {} : { write }),
    };
  }

  /** Reads the stream to its end. */
  async collect(): Promise<Result> {
    const rows: Row[] = [];
    await this.#readAll((batch) => {
      for (const row of batch) rows.push(row);
    });
    return { ...(await this.summary()), rows };
  }

  cancel(): void {
    this.#work.cancellation.abort(connectionClosed);
  }

  /**
   * A reader that comes back for more gets the cancellation; a write that is read to its end in here tells what it
   * wrote.
   */
  async end(): Promise<void> {
    // Its failure is its reader's matter.
    if (this.#reading !== undefined) return this.#reading.catch(() => undefined);
    this.#isEnded = true;
    const running = await this.#running?.catch(() => undefined);
    await running?.rows.batches.return(undefined);
    this.#finish(canceledError(this.#work.cancellation.signal));
  }

  async #readAll(take: (batch: readonly Row[]) => void): Promise<void> {
    const read = async () => {
      for await (const batch of this.batches()) take(batch);
    };
    this.#reading = read();
    await this.#reading;
  }

  /** A write is not undone by its cancellation: its outcome is told. */
  #requireUncanceled(command: string): void {
    const { signal } = this.#work.cancellation;
    if (this.#isEnded || (command === "SELECT" && signal.aborted)) throw canceledError(signal);
  }

  async #run(): Promise<RunningStatement> {
    this.#running ??= this.#begin();
    try {
      const running = await this.#running;
      this.#outcomes = running.outcomes;
      return running;
    } catch (error) {
      this.#finish(error);
      throw error;
    }
  }

  async #begin(): Promise<RunningStatement> {
    this.#work.begin();
    return this.#work.run();
  }

  /** So that nothing stays open while it is not known whether the rows will be asked for. */
  async #beginAndHold(): Promise<RunningStatement> {
    const running = await this.#begin();
    const { columns, batches } = running.rows;
    const held: Tuple[] = [];
    for await (const tuples of batches) for (const tuple of tuples) held.push(tuple);
    this.#work.rest();
    return { ...running, rows: givenRows(columns, held) };
  }

  #finish(error?: unknown): void {
    if (this.#elapsedMs !== undefined) return;
    this.#elapsedMs = performance.now() - this.#work.startedAt;
    this.#work.finish({
      rowCount: this.#rowCount,
      outcomes: this.#outcomes,
      elapsedMs: this.#elapsedMs,
      error,
    });
  }
}

/** Commands that count the objects that they wrote. */
const tableWrites: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE", "COPY"]);

/** What reads values goes as deep as they are nested: past some thousands of brackets its stack is full. */
function withinStack<Item>(
  shape: (tuples: readonly Tuple[]) => readonly Item[],
): (tuples: readonly Tuple[]) => readonly Item[] {
  return (tuples) => {
    try {
      return shape(tuples);
    } catch (error) {
      throw error instanceof RangeError ? tooDeepValue(error) : error;
    }
  };
}

function tooDeepValue(cause: RangeError): StripeSqlError {
  return new StripeSqlError("a value is nested too deeply", {
    sqlState: SqlState.programLimitExceeded,
    phase: "execute",
    hint: "Select it as a text by CAST(… AS VARCHAR), or a part of it.",
    cause,
  });
}

const textStyles: ReadonlySet<unknown> = new Set<TextStyle>(["sql", "iso", "json"]);

function noStyle(): StripeSqlError {
  return new StripeSqlError("the style of texts is one of sql, iso and json", {
    sqlState: SqlState.invalidParameterValue,
    phase: "execute",
  });
}

function alreadyRead(): StripeSqlError {
  return new StripeSqlError("the rows of a stream can be read once only", {
    sqlState: SqlState.invalidParameterValue,
    phase: "execute",
    hint: "Use query(…) to hold all rows, or run the statement again.",
  });
}
