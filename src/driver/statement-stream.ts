import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Result, ResultColumn, ResultSummary, Row, RowStream, SqlValue, WriteOutcome } from "./api.js";
import type { RunningStatement } from "./run-statement.js";

/** What a stream's summary is made of once its rows have ended. */
export interface StatementMeter {
  readonly startedAt: number;
  readonly requests: () => number;
  readonly notices: readonly string[];
  /** Called once, however the statement ends. */
  readonly finish: (ended: StatementEnd) => void;
}

export interface StatementEnd {
  readonly rowCount: number;
  readonly outcomes: readonly WriteOutcome[];
  readonly elapsedMs: number;
  readonly error: unknown;
}

/** A statement that starts when its rows, columns or summary are first asked for. */
export class StatementStream implements RowStream {
  readonly #start: () => Promise<RunningStatement>;
  readonly #meter: StatementMeter;
  #running: Promise<RunningStatement> | undefined;
  #iterated = false;
  #rowCount = 0;
  #outcomes: readonly WriteOutcome[] = [];
  #failure: { readonly error: unknown } | undefined;
  #elapsedMs: number | undefined;

  constructor(start: () => Promise<RunningStatement>, meter: StatementMeter) {
    this.#start = start;
    this.#meter = meter;
  }

  async columns(): Promise<readonly ResultColumn[]> {
    return (await this.#run()).rows.columns;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
    for await (const batch of this.batches()) yield* batch;
  }

  /** The rows page by page: cheaper than row by row. */
  async *batches(): AsyncGenerator<readonly Row[]> {
    if (this.#iterated) throw alreadyRead();
    this.#iterated = true;
    try {
      const { rows } = await this.#run();
      for await (const batch of rows.batches) {
        this.#rowCount += batch.length;
        yield batch as readonly { readonly [column: string]: SqlValue }[];
      }
    } catch (error) {
      this.#failure = { error };
      this.#finish(error);
      throw error;
    } finally {
      this.#finish();
    }
  }

  async summary(): Promise<ResultSummary> {
    if (!this.#iterated) for await (const batch of this.batches()) void batch;
    // The rows that came before a failure are no result.
    if (this.#failure !== undefined) throw this.#failure.error;
    const { command, rows, outcomes } = await this.#run();
    const written = outcomes.filter((outcome) => outcome.state === "written").length;
    const failed = outcomes.find((outcome) => outcome.state === "failed");
    const isWrite = command === "INSERT" || command === "UPDATE" || command === "DELETE";
    return {
      command,
      columns: rows.columns,
      rowCount: isWrite ? written : this.#rowCount,
      requests: this.#meter.requests(),
      elapsedMs: this.#elapsedMs ?? performance.now() - this.#meter.startedAt,
      notices: [...this.#meter.notices],
      outcomes,
      error: failed?.state === "failed" ? failed.error : undefined,
    };
  }

  /** Reads the stream to its end. */
  async collect(): Promise<Result> {
    const rows: Row[] = [];
    for await (const batch of this.batches()) for (const row of batch) rows.push(row);
    return { ...(await this.summary()), rows };
  }

  async #run(): Promise<RunningStatement> {
    this.#running ??= this.#start();
    try {
      const running = await this.#running;
      this.#outcomes = running.outcomes;
      return running;
    } catch (error) {
      this.#finish(error);
      throw error;
    }
  }

  #finish(error?: unknown): void {
    if (this.#elapsedMs !== undefined) return;
    this.#elapsedMs = performance.now() - this.#meter.startedAt;
    this.#meter.finish({
      rowCount: this.#rowCount,
      outcomes: this.#outcomes,
      elapsedMs: this.#elapsedMs,
      error,
    });
  }
}

function alreadyRead(): StripeSqlError {
  return new StripeSqlError("the rows of a stream can be read once only", {
    sqlState: SqlState.invalidParameterValue,
    phase: "execute",
    hint: "Use query(…) to hold all rows, or run the statement again.",
  });
}
