import type { Connection } from "../driver/api.js";
import { splitTyped } from "../syntax/read-tokens.js";
import { complete } from "./completion.js";
import type { LineEvent } from "./line-reader.js";
import { LineReader } from "./line-reader.js";
import type { MetaCommand } from "./meta-command.js";
import { parseMetaCommand } from "./meta-command.js";
import type { TextFormat } from "./output-format.js";
import { ReplSession } from "./repl-session.js";
import { promptText } from "./repl-text.js";
import { reportError } from "./report-error.js";
import { runMetaCommand } from "./run-meta-command.js";
import type { StandardStreams } from "./standard-streams.js";

export interface ReplOptions {
  readonly format: TextFormat;
  /** Entries of earlier sessions, oldest first. */
  readonly history: readonly string[];
  /** Called with what was entered, as one line, before it runs. */
  readonly onEntry: (entry: string) => void;
}

/** Reads statements and backslash commands, runs them and prints what they give, until the person leaves. */
export class Repl {
  readonly #reader: LineReader;
  readonly #session: ReplSession;
  /** Lines of a statement that has no semicolon yet. */
  #buffer = "";
  #isLeaving = false;
  #wasInterruptedIdle = false;

  constructor(
    private readonly connection: Connection,
    private readonly streams: StandardStreams,
    private readonly options: ReplOptions,
  ) {
    this.#reader = new LineReader(streams, {
      history: options.history,
      complete: (before, after) => complete(`${this.#buffer}${before}`, after, connection),
    });
    this.#session = new ReplSession(connection, streams, this.#reader, {
      format: options.format,
      onOutputClosed: () => this.#reader.close(),
    });
  }

  async run(): Promise<void> {
    const { mode } = this.connection.describe();
    while (!this.#isLeaving) {
      const { open } = splitTyped(this.#buffer);
      await this.#handle(await this.#reader.read(promptText(mode, this.#buffer !== "", open)));
    }
    this.#reader.close();
    await this.redirect(undefined);
  }

  /** Cancels what runs, whose outcome is still told, and leaves. */
  end(): void {
    this.#isLeaving = true;
    this.#session.cancel();
    this.#reader.close();
  }

  /** Sends results to a file, as `\o` does, or back to the screen. */
  redirect(path: string | undefined): Promise<void> {
    return this.#reporting(() => this.#session.output.redirect(path));
  }

  async #handle(event: LineEvent): Promise<void> {
    switch (event.kind) {
      case "end":
        // A last statement without its semicolon is not run: it may have been left half-written.
        this.#isLeaving = true;
        if (this.streams.output.isTTY === true) this.streams.output.write("\n");
        return;
      case "interrupt":
        return this.#handleInterrupt(event.discarded);
      case "line":
        this.#wasInterruptedIdle = false;
        return this.#handleLine(event.text);
    }
  }

  #handleInterrupt(discarded: string): void {
    this.streams.output.write("\n");
    const isIdle = this.#buffer === "" && discarded === "";
    this.#buffer = "";
    this.#reader.forget();
    if (isIdle && this.#wasInterruptedIdle) this.#isLeaving = true;
    else if (isIdle) this.streams.output.write("Ctrl-C once more, or \\q, to leave.\n");
    this.#wasInterruptedIdle = isIdle;
  }

  async #handleLine(line: string): Promise<void> {
    const command = this.#metaCommandOf(line);
    if (command !== undefined) return this.#handleMetaCommand(command, line);
    const { statements, rest } = splitTyped(`${this.#buffer}${line}\n`);
    this.#buffer = rest.trimStart();
    if (statements.length > 0) this.options.onEntry(this.#reader.remember());
    else if (this.#buffer === "") this.#reader.forget();
    for (const statement of statements) {
      if (this.#isLeaving || !(await this.#session.runText(statement.trim()))) return;
    }
  }

  /** A backslash command may stand between the lines of a statement, but not inside of a quotation. */
  #metaCommandOf(line: string): MetaCommand | undefined {
    const text = line.trim();
    const { open } = splitTyped(this.#buffer);
    if (text.startsWith("\\") && (open === undefined || open === "(")) return parseMetaCommand(text);
    return this.#buffer === "" ? plainWords[text.toLowerCase().replace(/;$/, "")] : undefined;
  }

  async #handleMetaCommand(command: MetaCommand, line: string): Promise<void> {
    this.#reader.forgetLine();
    this.options.onEntry(line.trim());
    if (command.kind === "quit") this.#isLeaving = true;
    else await this.#reporting(() => runMetaCommand(command, this.#session));
  }

  async #reporting(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      reportError(error, this.streams.errors);
    }
  }
}

/** Besides backslash commands, the words that people try first. */
const plainWords: Readonly<Record<string, MetaCommand>> = {
  help: { kind: "help" },
  quit: { kind: "quit" },
  exit: { kind: "quit" },
};
