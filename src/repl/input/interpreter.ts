import { didYouMean } from "../../error/suggestion.js";
import { CommandArguments, readWords } from "../commands/command-arguments.js";
import { CommandMistake } from "../commands/command-mistake.js";
import type { MetaCommand } from "../commands/meta-command.js";
import { metaCommands } from "../commands/meta-commands.js";
import type { Shell } from "../commands/shell.js";
import type { ReplSession } from "../repl-session.js";
import { reportError, writeLines } from "../report-error.js";
import { unrunLines } from "../unrun-statements.js";
import { QueryBuffer } from "./query-buffer.js";
import { readInput } from "./read-input.js";
import type { Variables } from "./variables.js";
import { variablesIn } from "./variables.js";

export interface InterpreterOptions {
  readonly variables: Variables;
  readonly queriesFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly history: () => readonly string[];
  readonly lendTerminal: () => () => void;
}

const commandName = /^\\(?:[?!]|[A-Za-z]+\+?|\S?)/;

/** Runs typed text: its statements and its backslash commands, in order. */
export class Interpreter implements Shell {
  readonly query = new QueryBuffer();
  readonly commands = metaCommands;
  variables: Variables;
  isLeaving = false;
  scriptPath: string | undefined;

  constructor(
    readonly session: ReplSession,
    private readonly options: InterpreterOptions,
  ) {
    this.variables = options.variables;
  }

  get environment(): NodeJS.ProcessEnv {
    return this.options.environment;
  }

  get queriesFolder(): string {
    return this.options.queriesFolder;
  }

  history(): readonly string[] {
    return this.options.history();
  }

  async lendTerminal<Result>(use: () => Promise<Result>): Promise<Result> {
    const takeBack = this.options.lendTerminal();
    try {
      return await use();
    } finally {
      takeBack();
    }
  }

  /** Takes more of what is typed. False where something failed: the rest of this text is then not run. */
  async feed(text: string): Promise<boolean> {
    let left = `${this.query.text}${text}`;
    for (;;) {
      const { statements, rest, command } = readInput(left);
      this.query.text = rest.trimStart();
      const behind = command === undefined ? "" : command.text + command.after;
      if (!(await this.#runAll(statements, behind))) return false;
      if (command === undefined || this.isLeaving) return true;
      const after = await this.#runCommand(command.text);
      if (after === undefined) {
        this.#tellUnrun(command.after);
        return false;
      }
      left = joinedLines(this.query.text, `${after}${command.after}`);
    }
  }

  async runStatement(text: string): Promise<boolean> {
    if ((await this.session.run(this.variables.interpolate(text))) !== undefined) return true;
    // It stayed as it was, and was read as a parameter, for which nobody here can give a value.
    const [unset] = variablesIn(text).filter((name) => this.variables.get(name) === undefined);
    if (unset !== undefined) {
      writeLines(this.session.streams.errors, [
        `HINT:  There is no variable "${unset}": \\set ${unset} VALUE sets it.`,
      ]);
    }
    return false;
  }

  async runScript(text: string, path: string | undefined): Promise<boolean> {
    const [outer, typed] = [this.scriptPath, this.query.text];
    this.scriptPath = path;
    this.query.text = "";
    try {
      if (!(await this.feed(`${text}\n`))) return false;
      // The last statement of a file needs no semicolon.
      return this.isLeaving || this.query.text.trim() === "" || (await this.#runTyped(this.query.text.trim()));
    } finally {
      this.scriptPath = outer;
      this.query.text = typed;
    }
  }

  leave(): void {
    this.isLeaving = true;
  }

  say(line: string): void {
    writeLines(this.session.streams.output, [line]);
  }

  async #runAll(statements: readonly string[], behind: string): Promise<boolean> {
    for (const [index, statement] of statements.entries()) {
      if (this.isLeaving) return false;
      if (await this.#runTyped(statement.trim())) continue;
      this.#tellUnrun([...statements.slice(index + 1), behind].join(";"));
      return false;
    }
    return true;
  }

  /** What stands behind a failure in one text is not run: it may rely on what has failed. */
  #tellUnrun(text: string): void {
    if (!this.isLeaving) writeLines(this.session.streams.errors, unrunLines([text], 0));
  }

  async #runTyped(statement: string): Promise<boolean> {
    this.query.last = statement;
    return this.runStatement(statement);
  }

  /** What follows the command on its line, or undefined where it failed, which is told. */
  async #runCommand(text: string): Promise<string | undefined> {
    try {
      const name = commandName.exec(text)?.[0] ?? text;
      const command = this.#find(name);
      const given = text.slice(name.length);
      const { words, after } = command.takes === "line" ? { words: [], after: "" } : readWords(given, this.variables);
      const succeeded = await command.run(new CommandArguments(name, words, given.trim()), this);
      return succeeded ? after : undefined;
    } catch (error) {
      if (error instanceof CommandMistake) tellMistake(error, this.session.streams.errors);
      else reportError(error, this.session.streams.errors);
      return undefined;
    }
  }

  #find(name: string): MetaCommand {
    const found = this.commands.find((command) =>
      [command.name, ...(command.aliases ?? [])].some((one) => one === name),
    );
    if (found !== undefined) return found;
    const hint = didYouMean(
      name,
      this.commands.map((command) => command.name),
    );
    throw new CommandMistake(`unknown command ${name}`, hint ?? "Try \\? for help.");
  }
}

/** A command that has a line of its own leaves none behind in the statement around it. */
function joinedLines(before: string, after: string): string {
  return before + (/(^|\n)$/.test(before) ? after.replace(/^[ \t]*\n/, "") : after);
}

function tellMistake({ message, hint }: CommandMistake, errors: NodeJS.WritableStream): void {
  writeLines(errors, [`ERROR:  ${message}`, ...(hint === undefined ? [] : [`HINT:  ${hint}`])]);
}
