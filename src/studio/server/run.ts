import type { Connection, PendingWrite, Progress, ResultColumn, ResultSummary, RowStream } from "../../driver/api.js";
import type { RunEvent, RunProgress, RunSummary, StudioColumn } from "../messages.js";
import type { KeptResult, ResultState, Results } from "./results.js";
import { studioError } from "./studio-error.js";

/** How often a page hears of a run, in milliseconds. */
const betweenProgress = 100;

/** One run of a text's statements, until its end, a failure, or a cancel. */
export class Run {
  readonly #cancel = new AbortController();
  #answer: ((confirmed: boolean) => void) | undefined;
  #pendingWrite: PendingWrite | undefined;
  #progress: Progress | undefined;
  #wake: (() => void) | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly results: Results,
  ) {}

  cancel(): void {
    this.#cancel.abort();
    this.confirm(false);
  }

  /** Answers the write that waits for it, if one does. */
  confirm(confirmed: boolean): void {
    this.#answer?.(confirmed);
    this.#answer = undefined;
  }

  /** What happens, as it does. Whoever stops asking cancels. */
  async *events(sql: string): AsyncGenerator<RunEvent> {
    try {
      const statements = this.connection.script(sql, {
        signal: this.#cancel.signal,
        onProgress: (progress) => {
          this.#progress = progress;
          this.#wake?.();
        },
        confirmWrite: (write) => this.#ask(write),
      });
      for await (const { text, rows } of statements) yield* this.#statement(text, rows);
    } catch (error) {
      yield { kind: "error", error: studioError(error) };
    } finally {
      this.cancel();
    }
  }

  async *#statement(text: string, rows: RowStream): AsyncGenerator<RunEvent> {
    const result = await this.results.open(text, await rows.columns());
    const columns = result.columns.map(studioColumn);
    yield { kind: "columns", result: result.id, text, columns };
    let failure: unknown;
    const stored = store(rows, result).catch((error: unknown) => {
      failure = error;
      result.state = { kind: "cut", error: studioError(error) };
    });
    let isStored = false;
    void stored.then(() => {
      isStored = true;
      this.#wake?.();
    });
    while (!isStored) {
      await this.#somethingNew();
      const write = this.#pendingWrite;
      this.#pendingWrite = undefined;
      if (write !== undefined) yield { kind: "confirm", ...write };
      else if (!isStored || failure !== undefined)
        yield { kind: "progress", result: result.id, stored: result.file.stored, progress: this.#shown() };
    }
    if (failure !== undefined) throw failure;
    yield { kind: "end", result: result.id, stored: result.file.stored, summary: summaryOf(await rows.summary()) };
  }

  #shown(): RunProgress {
    const { requests = 0, estimatedRequests, elapsedMs = 0 } = this.#progress ?? {};
    return { requests, estimatedRequests, elapsedMs };
  }

  /** Until a page has something to hear of, or some time has passed. */
  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, betweenProgress);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #ask(write: PendingWrite): Promise<boolean> {
    if (this.#cancel.signal.aborted) return Promise.resolve(false);
    this.#pendingWrite = write;
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#wake?.();
    });
  }
}

/** Rows can be read a hundredth of a second after they came, also while more are on their way, or after a failure. */
async function store(rows: RowStream, result: KeptResult): Promise<void> {
  const { file } = result;
  let flushed = performance.now();
  try {
    for await (const row of rows.texts("sql")) {
      await file.append(row);
      if (performance.now() - flushed < betweenProgress / 10) continue;
      await file.flush();
      flushed = performance.now();
    }
  } finally {
    await file.flush();
  }
  result.state = await endState(rows);
}

/** What a write gives of a part that succeeded is no whole result. */
async function endState(rows: RowStream): Promise<ResultState> {
  const { error } = await rows.summary();
  return error === undefined ? { kind: "whole" } : { kind: "cut", error: studioError(error) };
}

function studioColumn({ name, heading, type, currency }: ResultColumn): StudioColumn {
  return { key: name, name: heading ?? name, type, ...(currency === undefined ? {} : { currency }) };
}

function summaryOf({ command, rowCount, requests, elapsedMs, notices, error }: ResultSummary): RunSummary {
  const failure = error === undefined ? undefined : studioError(error);
  return { command, rowCount, requests, elapsedMs, notices, error: failure };
}
