import type { Interface } from "node:readline";
import { createInterface } from "node:readline";
import type { Completion } from "./completion.js";
import { historyEntry } from "./history-file.js";
import { lendTerminal } from "./lend-terminal.js";
import type { LineEvent, Reader, ReadOptions } from "./reader.js";
import type { StandardStreams } from "./standard-streams.js";

export interface LineReaderOptions {
  /** Oldest first. */
  readonly history: readonly string[];
  /** By what stands before the cursor in the line, and behind it. */
  readonly complete: (before: string, after: string) => Completion;
}

/** Single lines of a terminal that moves no cursor, by Node's own readline; or of any stream, plainly. */
export class LineReader implements Reader {
  readonly #interface: Interface;
  readonly #input: StandardStreams["input"];
  readonly #events: LineEvent[] = [];
  #waiting: ((event: LineEvent) => void) | undefined;
  #hasEnded = false;
  /** Newest first, as readline keeps it. */
  #history: string[];
  #lines: string[] = [];
  #onInterrupt: (() => void) | undefined;

  constructor({ input, output }: StandardStreams, { history, complete }: LineReaderOptions) {
    this.#input = input;
    // It has one line for an entry.
    this.#history = history.map(historyEntry).reverse();
    this.#interface = createInterface({
      input,
      output,
      terminal: input.isTTY === true && output.isTTY === true,
      history: this.#history,
      historySize: 1_000,
      removeHistoryDuplicates: true,
      completer: (before: string): [string[], string] => {
        const [candidates, replaced] = complete(before, this.#interface.line.slice(before.length));
        return [[...candidates], replaced];
      },
    });
    this.#interface.on("history", (kept: string[]) => {
      this.#history = kept;
    });
    this.#interface.on("line", (text) => this.#put({ kind: "line", text }));
    this.#interface.on("SIGINT", () => this.#interrupt());
    this.#interface.on("close", () => {
      this.#hasEnded = true;
      this.#put({ kind: "end" });
    });
  }

  async read({ prompt }: Pick<ReadOptions, "prompt">): Promise<LineEvent> {
    const early = this.#events.shift();
    if (early === undefined && this.#hasEnded) return { kind: "end" };
    if (early === undefined) {
      this.#interface.setPrompt(prompt(""));
      this.#interface.prompt();
    }
    const event =
      early ??
      (await new Promise<LineEvent>((resolve) => {
        this.#waiting = resolve;
      }));
    if (event.kind === "line") this.#lines.push(event.text);
    return event;
  }

  async ask(question: string): Promise<string> {
    this.#events.length = 0;
    const event = await this.read({ prompt: () => question });
    if (event.kind !== "line") return "";
    this.#lines.pop();
    this.#forget([event.text]);
    return event.text;
  }

  whileRunning(onInterrupt: (() => void) | undefined): void {
    this.#onInterrupt = onInterrupt;
    // A Ctrl-C that came between the line and its statement is meant for the statement.
    const early = this.#events.findIndex(({ kind }) => kind === "interrupt");
    if (onInterrupt === undefined || early < 0) return;
    this.#events.splice(early, 1);
    onInterrupt();
  }

  remember(): string {
    const entry = historyEntry(this.#lines.join("\n"));
    this.#forget(this.#lines);
    this.#lines = [];
    if (entry !== "" && this.#history[0] !== entry) this.#history.unshift(entry);
    return entry;
  }

  forgetLine(): void {
    this.#lines.pop();
  }

  forget(): void {
    this.#lines = [];
  }

  history(): readonly string[] {
    return [...this.#history].reverse();
  }

  lendTerminal(): () => void {
    this.#interface.pause();
    return lendTerminal(this.#input, {
      onInterrupt: () => this.#onInterrupt?.(),
      onReturn: () => {
        if (!this.#hasEnded) this.#interface.resume();
      },
    });
  }

  close(): void {
    this.#interface.close();
  }

  #forget(lines: readonly string[]): void {
    for (const line of [...lines].reverse()) if (this.#history[0] === line) this.#history.shift();
  }

  #interrupt(): void {
    if (this.#onInterrupt !== undefined) {
      this.#onInterrupt();
      // A question asked meanwhile counts as not answered.
      if (this.#waiting !== undefined) this.#put({ kind: "interrupt", discarded: "" });
      return;
    }
    const discarded = this.#interface.line;
    this.#interface.write(null, { ctrl: true, name: "u" });
    this.#put({ kind: "interrupt", discarded });
  }

  #put(event: LineEvent): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#events.push(event);
    else waiting(event);
  }
}
