import type { ChartRequest } from "../chart/chart-request.js";
import { formatFor, formatOfFile } from "../output/format-of-file.js";
import type { OutputFormat, TextFormat } from "../output/output-format.js";
import { isFileFormat } from "../output/output-format.js";
import type { TableLayout } from "../output/table-shape.js";
import { CommandMistake } from "./commands/command-mistake.js";
import { FileSink } from "./file-sink.js";
import { isStandardOutput } from "./output-file.js";
import { PagedSink } from "./paged-sink.js";
import { pagerCommand, pagerEnvironment } from "./pager-command.js";
import { plotTarget } from "./plot/plot-target.js";
import { ProgramSink } from "./program-sink.js";
import type { ResultTarget } from "./result-target.js";
import { resultFileTarget, textTarget } from "./result-target.js";
import type { OutputStream } from "./standard-streams.js";
import type { StreamSinkEvents } from "./stream-sink.js";
import { StreamSink } from "./stream-sink.js";
import type { TextSink } from "./text-sink.js";

export interface ReplOutputOptions extends StreamSinkEvents {
  readonly format: TextFormat;
  readonly isColored: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** Leaves the terminal to another program; the answer takes it back. */
  readonly lendTerminal: () => () => void;
}

/** Where the REPL's results go and how they look: `\o`, `\format`, `\x` and `\pset`. */
export class ReplOutput {
  format: TextFormat;
  expanded: TableLayout["expanded"] = "auto";
  nullText = "NULL";
  border: 0 | 1 | 2 = 1;
  pager: "on" | "off" | "always" = "on";
  isColored: boolean;
  readonly #screen: StreamSink;
  #paged: PagedSink | undefined;
  #file: FileSink | undefined;

  constructor(
    private readonly stream: OutputStream,
    private readonly options: ReplOutputOptions,
  ) {
    this.format = options.format;
    this.isColored = options.isColored;
    this.#screen = new StreamSink(stream, options);
  }

  /** True while the terminal is the pager's. */
  get isPaging(): boolean {
    return this.#paged?.isOpen === true;
  }

  /** The target as it is set now, for rows or for a list of names. Closing it is not the statement's business. */
  target(content: "rows" | "names"): ResultTarget {
    if (this.#file !== undefined) return textTarget(this.#file, this.format, () => this.#fileLayout());
    const width = this.stream.isTTY === true ? (this.stream.columns ?? 80) : undefined;
    return textTarget(this.#screenSink(), this.format, () => ({
      width,
      expanded: content === "names" && this.expanded === "auto" ? "never" : this.expanded,
      look: { border: this.border, nullText: this.nullText, isColored: this.isColored },
    }));
  }

  /** A file of its own for one result. */
  async fileTarget(
    path: string,
    format: OutputFormat = formatFor(path, this.format),
    chart?: ChartRequest | undefined,
  ): Promise<ResultTarget> {
    if (isFileFormat(format)) return resultFileTarget(path, { format, standardOutput: this.stream, chart });
    if (isStandardOutput(path)) return textTarget(this.#screen, format, () => this.#fileLayout());
    return textTarget(await FileSink.open(path), format, () => this.#fileLayout());
  }

  /** A program that gets one result. */
  programTarget(command: string): ResultTarget {
    const takeBack = this.options.lendTerminal();
    const program = new ProgramSink(command, this.options.environment);
    const end = async (): Promise<void> => {
      const status = await program.end().finally(takeBack);
      if (status !== 0) throw new CommandMistake(`"${command}" ended with ${status}`);
    };
    return { ...textTarget(program, this.format, () => this.#fileLayout()), close: end, discard: end };
  }

  /** What follows goes to a file, or back to the screen; the file before it is completed. */
  async redirect(path: string | undefined): Promise<void> {
    const named = path === undefined ? undefined : formatOfFile(path);
    if (named !== undefined && isFileFormat(named)) throw holdsOneResult(path ?? "", named);
    const previous = this.#file;
    this.#file = undefined;
    await previous?.close();
    if (path !== undefined && !isStandardOutput(path)) this.#file = await FileSink.open(path);
  }

  /** Gives up the file that results went to. */
  async discard(): Promise<void> {
    const previous = this.#file;
    this.#file = undefined;
    await previous?.discard();
  }

  /** Draws results where they go. Closing it is not the statement's business. */
  plotTarget(chart: ChartRequest): ResultTarget {
    const isScreen = this.#file === undefined && this.stream.isTTY === true;
    const width = (isScreen ? this.stream.columns : undefined) ?? 80;
    const target = plotTarget(chart, this.#file ?? this.#screen, () => ({
      ...{ width, isColored: isScreen && this.isColored },
    }));
    return { ...target, close: target.flush, discard: target.flush };
  }

  /** A text to where results go. */
  async write(text: string): Promise<void> {
    const sink = this.#file ?? this.#screen;
    await sink.write(text);
    await sink.flush();
  }

  /** A text for the person, page by page where it is long. */
  async showText(text: string): Promise<void> {
    const sink = this.#screenSink();
    await sink.write(text);
    await sink.flush();
  }

  /** What runs meanwhile has one line a column. */
  async expandedFor<Result>(use: () => Promise<Result>): Promise<Result> {
    const before = this.expanded;
    this.expanded = "on";
    try {
      return await use();
    } finally {
      this.expanded = before;
    }
  }

  /** What runs meanwhile does not wait for a person to leave the pager. */
  async unpagedFor<Result>(use: () => Promise<Result>): Promise<Result> {
    const before = this.pager;
    this.pager = "off";
    try {
      return await use();
    } finally {
      this.pager = before;
    }
  }

  #screenSink(): TextSink {
    const command = pagerCommand(this.options.environment);
    const { isTTY, rows, columns = 80 } = this.stream;
    if (isTTY !== true || rows === undefined || command === undefined || this.pager === "off") return this.#screen;
    this.#paged = new PagedSink(this.#screen, {
      command,
      environment: pagerEnvironment(this.options.environment),
      // The prompt takes a line too.
      rows: this.pager === "always" ? 0 : rows - 1,
      columns,
      lendTerminal: this.options.lendTerminal,
    });
    return this.#paged;
  }

  #fileLayout(): TableLayout {
    return {
      width: undefined,
      expanded: this.expanded === "on" ? "on" : "off",
      look: { border: this.border, nullText: this.nullText, isColored: false },
    };
  }
}

function holdsOneResult(path: string, format: string): CommandMistake {
  return new CommandMistake(
    `"${path}" would be text, and no ${format}`,
    "A file of this format holds one result: \\g FILE behind a statement, or \\copy … to FILE, writes it.",
  );
}
