import type { Connection, ConnectionDescription } from "../driver/api.js";
import type { TextFormat } from "../output/output-format.js";
import { splitTyped } from "../syntax/read-tokens.js";
import { complete } from "./completion.js";
import { Interpreter } from "./input/interpreter.js";
import { readInput } from "./input/read-input.js";
import type { Variables } from "./input/variables.js";
import { openReader } from "./open-reader.js";
import type { LineEvent, Reader } from "./reader.js";
import { ReplSession } from "./repl-session.js";
import { promptText } from "./repl-text.js";
import { reportError } from "./report-error.js";
import { showsColors } from "./shows-colors.js";
import type { StandardStreams } from "./standard-streams.js";

export interface ReplOptions {
  readonly format: TextFormat;
  /** Entries of earlier sessions, oldest first. */
  readonly history: readonly string[];
  /** Called with what was entered, before it runs. */
  readonly onEntry: (entry: string) => void;
  readonly variables: Variables;
  /** Folder of the saved queries. */
  readonly queriesFolder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Reads statements and backslash commands, runs them and prints what they give, until the person leaves. */
export class Repl {
  readonly #reader: Reader;
  readonly #session: ReplSession;
  readonly #interpreter: Interpreter;
  readonly #mode: ConnectionDescription["mode"];
  #wasInterruptedIdle = false;

  constructor(
    connection: Connection,
    private readonly streams: StandardStreams,
    private readonly options: ReplOptions,
  ) {
    const { environment, variables, queriesFolder } = options;
    this.#mode = connection.describe().mode;
    this.#reader = openReader(streams, {
      history: options.history,
      environment,
      isColored: () => this.#session.output.isColored,
      complete: (before, after) => complete(`${this.#interpreter.query.text}${before}`, after, connection),
    });
    this.#session = new ReplSession(connection, streams, this.#reader, {
      format: options.format,
      environment,
      isColored: showsColors(streams.output, environment),
      onOutputClosed: () => this.#reader.close(),
    });
    this.#interpreter = new Interpreter(this.#session, {
      variables,
      queriesFolder,
      environment,
      history: () => this.#reader.history(),
      lendTerminal: () => this.#reader.lendTerminal(),
    });
  }

  async run(): Promise<void> {
    while (!this.#interpreter.isLeaving) {
      const event = await this.#reader.read({
        prompt: (before) => this.#prompt(before),
        isComplete: (text) => this.#isComplete(text),
      });
      await this.#handle(event);
    }
    this.#reader.close();
    await this.redirect(undefined);
  }

  /** Cancels what runs, whose outcome is still told, and leaves. */
  end(): void {
    this.#interpreter.leave();
    this.#session.cancel();
    this.#reader.close();
  }

  /** Runs a file of a person's own settings. False where something in it failed, which is told. */
  runFile(text: string, path: string): Promise<boolean> {
    return this.#interpreter.runScript(text, path);
  }

  /** Sends results to a file, as `\o` does, or back to the screen. */
  async redirect(path: string | undefined): Promise<void> {
    try {
      await this.#session.output.redirect(path);
    } catch (error) {
      reportError(error, this.streams.errors);
    }
  }

  #prompt(before: string): string {
    const text = `${this.#interpreter.query.text}${before}`;
    const { rest, open } = splitTyped(text);
    return promptText(this.#mode, rest.trim() !== "", open);
  }

  /** Enter ends what can be run, and what is nothing. */
  #isComplete(text: string): boolean {
    if (this.#plainWord(text) !== undefined) return true;
    const { rest, command } = readInput(`${this.#interpreter.query.text}${text}\n`);
    return command !== undefined || rest.trim() === "";
  }

  async #handle(event: LineEvent): Promise<void> {
    switch (event.kind) {
      case "end":
        // A last statement without its semicolon is not run: it may have been left half-written.
        this.#interpreter.leave();
        if (this.streams.output.isTTY === true) this.streams.output.write("\n");
        return;
      case "interrupt":
        return this.#handleInterrupt(event.discarded);
      case "line":
        this.#wasInterruptedIdle = false;
        await this.#handleLine(event.text);
    }
  }

  #handleInterrupt(discarded: string): void {
    const { query } = this.#interpreter;
    this.streams.output.write("\n");
    const isIdle = query.text === "" && discarded === "";
    query.text = "";
    this.#reader.forget();
    if (isIdle && this.#wasInterruptedIdle) this.#interpreter.leave();
    else if (isIdle) this.streams.output.write("Ctrl-C once more, or \\q, to leave.\n");
    this.#wasInterruptedIdle = isIdle;
  }

  async #handleLine(typed: string): Promise<void> {
    const line = this.#plainWord(typed) ?? typed;
    this.#keep(line);
    await this.#interpreter.feed(`${line}\n`);
  }

  /** One entry for a statement, whatever lines it takes, and one for a command that is a line of its own. */
  #keep(line: string): void {
    const { statements, rest, command } = readInput(`${this.#interpreter.query.text}${line}\n`);
    if (command !== undefined && line.trimStart().startsWith("\\")) {
      this.#reader.forgetLine();
      this.options.onEntry(line.trim());
    } else if (command !== undefined || statements.length > 0) this.options.onEntry(this.#reader.remember());
    else if (rest.trim() === "") this.#reader.forget();
  }

  /** Besides backslash commands, the words that people try first. */
  #plainWord(line: string): string | undefined {
    if (this.#interpreter.query.text !== "") return undefined;
    return plainWords[line.trim().toLowerCase().replace(/;$/, "")];
  }
}

const plainWords: Readonly<Record<string, string>> = { help: "\\?", quit: "\\q", exit: "\\q" };
