import type { Connection, PendingWrite, QueryOptions, ResultSummary, RowStream } from "../driver/api.js";
import type { TextFormat } from "../output/output-format.js";
import { moneyRows } from "./money-rows.js";
import { ProgressLine } from "./progress-line.js";
import { ReplOutput } from "./repl-output.js";
import { reportError } from "./report-error.js";
import type { ResultTarget } from "./result-target.js";
import { runStatement } from "./run-statement.js";
import type { StandardStreams } from "./standard-streams.js";
import { OutputClosed } from "./text-sink.js";

/** Whoever sits before the REPL. */
export interface Person {
  /** What they answer to a question; empty where they do not. Undefined where there is nobody to ask. */
  ask?(question: string): Promise<string>;
  /** What Ctrl-C does until told otherwise. */
  whileRunning(onInterrupt: (() => void) | undefined): void;
  /** Leaves the terminal to another program; the answer takes it back. */
  lendTerminal(): () => void;
}

export interface ReplSessionOptions {
  readonly format: TextFormat;
  readonly environment: NodeJS.ProcessEnv;
  readonly isColored: boolean;
  readonly onOutputClosed: () => void;
}

export interface RunOptions {
  /** Default: where results go. */
  readonly target?: ResultTarget;
  /** "names" for lists of names, which are laid out as such. Default "rows". */
  readonly content?: "rows" | "names";
  /** Leaves some of the rows out. */
  readonly select?: (rows: RowStream) => RowStream;
}

/** Runs statements one at a time, as the REPL's settings say. */
export class ReplSession {
  readonly output: ReplOutput;
  isTimed = false;
  /** True where amounts are shown in their currencies' own units. */
  isMoney = false;
  readonly #progress: ProgressLine;
  #running: AbortController | undefined;
  #isOutputClosed = false;

  constructor(
    readonly connection: Connection,
    readonly streams: StandardStreams,
    private readonly person: Person,
    options: ReplSessionOptions,
  ) {
    this.#progress = new ProgressLine(streams.errors);
    this.output = new ReplOutput(streams.output, {
      ...options,
      onClosed: () => {
        this.#isOutputClosed = true;
        this.#running?.abort();
        options.onOutputClosed();
      },
      beforeWrite: () => this.#progress.erase(),
      lendTerminal: () => person.lendTerminal(),
    });
  }

  /** Cancels the statement that runs, if one does. */
  cancel(): void {
    this.#running?.abort();
  }

  /** What Ctrl-C does between statements. */
  whileWaiting(onInterrupt: (() => void) | undefined): void {
    this.person.whileRunning(onInterrupt);
  }

  /** Runs a statement to its end. Undefined where it failed, which is reported. */
  async run(text: string, options: RunOptions = {}): Promise<ResultSummary | undefined> {
    const { target = this.output.target(options.content ?? "rows"), select = (rows) => rows } = options;
    const cancel = new AbortController();
    this.#running = cancel;
    this.person.whileRunning(() => cancel.abort());
    const startedAt = performance.now();
    let stream: RowStream | undefined;
    try {
      stream = select(this.connection.stream(text, undefined, this.#queryOptions(cancel.signal)));
      const rows = this.isMoney && target.takesMinorUnits !== true ? moneyRows(stream) : stream;
      const summary = await this.#printed({ text, rows }, target);
      if (this.isTimed) this.streams.output.write(timingLine(summary));
      return summary.error === undefined ? summary : undefined;
    } catch (error) {
      if (this.#isOutputClosed) return undefined;
      await target.flush();
      this.#progress.erase();
      reportError(error, this.streams.errors, text);
      // What failed, or was canceled, has taken its requests all the same.
      if (this.isTimed)
        this.streams.output.write(
          timingLine({ elapsedMs: performance.now() - startedAt, requests: stream?.requests ?? 0 }),
        );
      return undefined;
    } finally {
      this.#progress.erase();
      this.#running = undefined;
      this.person.whileRunning(undefined);
    }
  }

  /** Who leaves a pager early has seen enough: that is no failure. */
  async #printed(
    statement: { readonly text: string; readonly rows: RowStream },
    target: ResultTarget,
  ): Promise<ResultSummary> {
    try {
      return await runStatement(statement, target, this.streams.errors);
    } catch (error) {
      if (!(error instanceof OutputClosed) || this.#isOutputClosed) throw error;
      await target.flush();
      return statement.rows.summary();
    }
  }

  #queryOptions(signal: AbortSignal): QueryOptions {
    const { person } = this;
    return {
      signal,
      ...(this.streams.errors.isTTY === true && {
        onProgress: (state) => {
          if (!this.output.isPaging) this.#progress.show(state);
        },
      }),
      ...(person.ask !== undefined && { confirmWrite: (write) => this.#confirm(write) }),
    };
  }

  async #confirm({ command, objects, live, mustBeConfirmed }: PendingWrite): Promise<boolean> {
    if (!live && !mustBeConfirmed) return true;
    this.#progress.erase();
    const what = `${objects} ${objects === 1 ? "object" : "objects"}`;
    const where = live ? " on a LIVE account" : "";
    const answer = await this.person.ask?.(`${command} will write ${what}${where}. Continue? [y/N] `);
    return /^y(es)?$/i.test(answer?.trim() ?? "");
  }
}

function timingLine({ elapsedMs, requests }: Pick<ResultSummary, "elapsedMs" | "requests">): string {
  return `Time: ${Math.round(elapsedMs)} ms, ${requests} ${requests === 1 ? "request" : "requests"}\n`;
}
