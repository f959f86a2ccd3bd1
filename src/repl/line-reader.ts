import type { Interface } from "node:readline";
import { createInterface } from "node:readline";
import type { Completion } from "./completion.js";
import { historyEntry } from "./history-file.js";
import type { StandardStreams } from "./standard-streams.js";

/** What a person did at the prompt. */
export type LineEvent =
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl-C; `discarded` is what was typed so far. */
  | { readonly kind: "interrupt"; readonly discarded: string }
  | { readonly kind: "end" };

export interface LineReaderOptions {
  /** Oldest first. */
  readonly history: readonly string[];
  /** By what stands before the cursor in the line, and behind it. */
  readonly complete: (before: string, after: string) => Completion;
}

/** Lines from a terminal, with editing, history and completion; or from any stream, plainly. */
export class LineReader {
  readonly #interface: Interface;
  readonly #events: LineEvent[] = [];
  #waiting: ((event: LineEvent) => void) | undefined;
  #hasEnded = false;
  /** Newest first, as readline keeps it. */
  #history: string[];
  #lines: string[] = [];
  #onInterrupt: (() => void) | undefined;

  constructor({ input, output }: StandardStreams, { history, complete }: LineReaderOptions) {
    this.#history = [...history].reverse();
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

  /** The next line, which may have been typed ahead. */
  async read(prompt: string): Promise<LineEvent> {
    const early = this.#events.shift();
    if (early === undefined && this.#hasEnded) return { kind: "end" };
    if (early === undefined) {
      this.#interface.setPrompt(prompt);
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

  /** A question whose answer must not have been typed before it was asked, nor enter the history. */
  async ask(question: string): Promise<string> {
    this.#events.length = 0;
    const event = await this.read(question);
    if (event.kind !== "line") return "";
    this.#lines.pop();
    this.#forget([event.text]);
    return event.text;
  }

  /** Ctrl-C calls this instead while something runs. */
  whileRunning(onInterrupt: (() => void) | undefined): void {
    this.#onInterrupt = onInterrupt;
    // A Ctrl-C that came between the line and its statement is meant for the statement.
    const early = this.#events.findIndex(({ kind }) => kind === "interrupt");
    if (onInterrupt === undefined || early < 0) return;
    this.#events.splice(early, 1);
    onInterrupt();
  }

  /** Makes one entry of history of the lines read since the last one. */
  remember(): string {
    const entry = historyEntry(this.#lines.join("\n"));
    this.#forget(this.#lines);
    this.#lines = [];
    if (entry !== "" && this.#history[0] !== entry) this.#history.unshift(entry);
    return entry;
  }

  /** Leaves the last line out of the entry that its statement will be; it stays one of its own. */
  forgetLine(): void {
    this.#lines.pop();
  }

  /** Gives up the lines of a statement that was not finished. */
  forget(): void {
    this.#lines = [];
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
