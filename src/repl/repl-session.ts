import type { Connection, PendingWrite, QueryOptions, ResultSummary, RowStream } from "../driver/api.js";
import type { TextFormat } from "./output-format.js";
import { ProgressLine } from "./progress-line.js";
import { ReplOutput } from "./repl-output.js";
import { reportError } from "./report-error.js";
import { runStatement } from "./run-statement.js";
import type { StandardStreams } from "./standard-streams.js";

/** Whoever sits before the REPL. */
export interface Person {
  /** What they answer to a question; empty where they do not. */
  ask(question: string): Promise<string>;
  /** What Ctrl-C does until told otherwise. */
  whileRunning(onInterrupt: (() => void) | undefined): void;
}

/** Runs statements one at a time, as the REPL's settings say. */
export class ReplSession {
  readonly output: ReplOutput;
  isTimed = false;
  readonly #progress: ProgressLine;
  #running: AbortController | undefined;
  #isOutputClosed = false;

  constructor(
    readonly connection: Connection,
    readonly streams: StandardStreams,
    private readonly person: Person,
    options: { readonly format: TextFormat; readonly onOutputClosed: () => void },
  ) {
    this.#progress = new ProgressLine(streams.errors);
    this.output = new ReplOutput(streams.output, options.format, {
      onClosed: () => {
        this.#isOutputClosed = true;
        this.#running?.abort();
        options.onOutputClosed();
      },
      beforeWrite: () => this.#progress.erase(),
    });
  }

  /** Cancels the statement that runs, if one does. */
  cancel(): void {
    this.#running?.abort();
  }

  /** False where the statement failed, which is reported. */
  runText(text: string): Promise<boolean> {
    return this.#run(text, "rows", (rows) => rows);
  }

  /** The same for a list of names, of which some may be left out. */
  runNames(text: string, select: (rows: RowStream) => RowStream): Promise<boolean> {
    return this.#run(text, "names", select);
  }

  async #run(text: string, content: "rows" | "names", select: (rows: RowStream) => RowStream): Promise<boolean> {
    const cancel = new AbortController();
    const target = this.output.target(content);
    this.#running = cancel;
    this.person.whileRunning(() => cancel.abort());
    try {
      const rows = select(this.connection.stream(text, undefined, this.#queryOptions(cancel.signal)));
      const summary = await runStatement({ text, rows }, target, this.streams.errors);
      if (this.isTimed) this.streams.output.write(timingLine(summary));
      return summary.error === undefined;
    } catch (error) {
      if (this.#isOutputClosed) return false;
      await target.flush();
      this.#progress.erase();
      reportError(error, this.streams.errors, text);
      return false;
    } finally {
      this.#progress.erase();
      this.#running = undefined;
      this.person.whileRunning(undefined);
    }
  }

  #queryOptions(signal: AbortSignal): QueryOptions {
    return {
      signal,
      ...(this.streams.errors.isTTY === true && { onProgress: (state) => this.#progress.show(state) }),
      confirmWrite: (write) => this.#confirm(write),
    };
  }

  async #confirm({ command, objects, live, mustBeConfirmed }: PendingWrite): Promise<boolean> {
    if (!live && !mustBeConfirmed) return true;
    this.#progress.erase();
    const what = `${objects} ${objects === 1 ? "object" : "objects"}`;
    const answer = await this.person.ask(
      `${command} will write ${what}${live ? " on a LIVE account" : ""}. Continue? [y/N] `,
    );
    return /^y(es)?$/i.test(answer.trim());
  }
}

function timingLine({ elapsedMs, requests }: ResultSummary): string {
  return `Time: ${Math.round(elapsedMs)} ms, ${requests} ${requests === 1 ? "request" : "requests"}\n`;
}
