import { displayWidth } from "../output/display-width.js";
import { ProgramSink } from "./program-sink.js";
import type { TextSink } from "./text-sink.js";

export interface Pager {
  /** The shell's command. */
  readonly command: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A text of no more lines than this, in this many columns, is shown without it. */
  readonly rows: number;
  readonly columns: number;
  /** Leaves the terminal to it; the answer takes it back. */
  lendTerminal(): () => void;
}

/** Text of a statement: to the screen where it fits there, else through the pager, from its first page on. */
export class PagedSink implements TextSink {
  #held = "";
  #lines = 0;
  #program: ProgramSink | undefined;
  #takeBack: (() => void) | undefined;

  constructor(
    private readonly screen: TextSink,
    private readonly pager: Pager,
  ) {}

  /** True while the terminal is the pager's. */
  get isOpen(): boolean {
    return this.#program !== undefined;
  }

  async write(text: string): Promise<void> {
    if (this.#program !== undefined) return this.#program.write(text);
    this.#held += text;
    this.#lines += linesOf(text, this.pager.columns);
    if (this.#lines <= this.pager.rows) return;
    this.#takeBack = this.pager.lendTerminal();
    this.#program = new ProgramSink(this.pager.command, this.pager.environment);
    const held = this.#held;
    this.#held = "";
    await this.#program.write(held);
  }

  /** The statement has ended: waits until the person has left the pager. */
  async flush(): Promise<void> {
    const held = this.#held;
    this.#held = "";
    this.#lines = 0;
    if (held !== "") await this.screen.write(held);
    const program = this.#program;
    try {
      await program?.end();
    } finally {
      this.#program = undefined;
      this.#takeBack?.();
      this.#takeBack = undefined;
    }
    await this.screen.flush();
  }

  close(): Promise<void> {
    return this.flush();
  }

  discard(): Promise<void> {
    return this.flush();
  }
}

/** Lines of a terminal that a text takes, those that it wraps among them. */
function linesOf(text: string, columns: number): number {
  return text
    .split("\n")
    .slice(0, -1)
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}
