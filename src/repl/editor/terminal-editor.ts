import { emitKeypressEvents } from "node:readline";
import { lendTerminal } from "../lend-terminal.js";
import type { LineEvent, Reader, ReadOptions } from "../reader.js";
import type { ReaderOptions } from "../reader-options.js";
import type { StandardStreams } from "../standard-streams.js";
import { EditedText } from "./edited-text.js";
import { History } from "./history.js";
import type { Key } from "./key.js";
import { keyName } from "./key.js";
import { Paste } from "./paste.js";
import { Screen } from "./screen.js";

/** What is being read, and who waits for it. */
interface Reading {
  readonly edited: EditedText;
  readonly resolve: (event: LineEvent) => void;
}

/**
 * Text of several lines from a terminal that can move its cursor, with history, search, completion and colours. Keys
 * come by Node's own decoder; what is typed while something runs is kept for the next text.
 */
export class TerminalEditor implements Reader {
  readonly #input: StandardStreams["input"];
  readonly #output: StandardStreams["output"];
  readonly #screen: Screen;
  readonly #history: History;
  readonly #options: ReaderOptions;
  readonly #early: Key[] = [];
  readonly #paste = new Paste();
  #reading: Reading | undefined;
  #isLent = false;
  #hasEnded = false;
  #texts: string[] = [];
  #onInterrupt: (() => void) | undefined;
  readonly #onKey = (text: string | undefined, key: Key) => this.#take({ sequence: text ?? "", ...key });
  readonly #onResize = () => this.#reading?.edited.draw();
  readonly #onEnd = () => this.#end();

  constructor({ input, output }: StandardStreams, options: ReaderOptions) {
    this.#input = input;
    this.#output = output;
    this.#options = options;
    this.#screen = new Screen(output);
    this.#history = new History(options.history);
    emitKeypressEvents(input);
    input.on("keypress", this.#onKey);
    input.on("end", this.#onEnd);
    output.on("resize", this.#onResize);
    input.setRawMode?.(true);
    input.resume();
  }

  read(options: ReadOptions): Promise<LineEvent> {
    return this.#read(options, "text");
  }

  async ask(question: string): Promise<string> {
    this.#early.length = 0;
    const event = await this.#read({ prompt: () => question, isComplete: () => true }, "answer");
    return event.kind === "line" ? event.text : "";
  }

  whileRunning(onInterrupt: (() => void) | undefined): void {
    this.#onInterrupt = onInterrupt;
    // A Ctrl-C that came between the line and its statement is meant for the statement.
    const early = this.#early.findIndex((key) => keyName(key) === "ctrl-c");
    if (onInterrupt === undefined || early < 0) return;
    this.#early.splice(0, early + 1);
    onInterrupt();
  }

  remember(): string {
    const entry = this.#texts.join("\n").trim();
    this.#texts = [];
    this.#history.add(entry);
    return entry;
  }

  forgetLine(): void {
    const line = this.#texts.pop();
    if (line !== undefined) this.#history.add(line.trim());
  }

  forget(): void {
    this.#texts = [];
  }

  history(): readonly string[] {
    return this.#history.entries;
  }

  lendTerminal(): () => void {
    this.#isLent = true;
    this.#input.pause();
    return lendTerminal(this.#input, {
      onInterrupt: () => this.#onInterrupt?.(),
      onReturn: () => {
        this.#isLent = false;
        if (!this.#hasEnded) this.#input.resume();
      },
    });
  }

  close(): void {
    if (this.#hasEnded) return;
    this.#input.removeListener("keypress", this.#onKey);
    this.#input.removeListener("end", this.#onEnd);
    this.#output.removeListener("resize", this.#onResize);
    this.#input.setRawMode?.(false);
    this.#input.pause();
    this.#end();
  }

  #read(options: ReadOptions, kind: "text" | "answer"): Promise<LineEvent> {
    if (this.#hasEnded) return Promise.resolve({ kind: "end" });
    const history = kind === "text" ? this.#history : new History([]);
    const edited = new EditedText(this.#screen, { ...this.#options, ...options, history, kind });
    return new Promise<LineEvent>((resolve) => {
      this.#reading = { edited, resolve };
      this.#output.write(Paste.on);
      edited.draw();
      while (this.#reading !== undefined) {
        const key = this.#early.shift();
        if (key === undefined) break;
        this.#take(key);
      }
    }).then((event) => {
      if (kind === "text" && event.kind === "line") this.#texts.push(event.text);
      return event;
    });
  }

  #take(key: Key): void {
    if (this.#isLent || this.#hasEnded) return;
    const isInterrupt = keyName(key) === "ctrl-c";
    if (isInterrupt && this.#onInterrupt !== undefined) {
      this.#onInterrupt();
      // A question asked meanwhile counts as not answered.
      if (this.#reading !== undefined) this.#finish({ kind: "interrupt", discarded: "" });
      return;
    }
    const reading = this.#reading;
    if (reading === undefined) this.#early.push(key);
    else if (isInterrupt) this.#finish({ kind: "interrupt", discarded: reading.edited.text });
    else if (keyName(key) === "ctrl-z") this.#suspend();
    else if (this.#paste.takes(key)) this.#paste.handOn((text) => reading.edited.paste(text));
    else this.#press(key, reading);
  }

  #press(key: Key, { edited }: Reading): void {
    const pressed = edited.press(key);
    if (pressed === "is entered") this.#finish({ kind: "line", text: edited.text });
    else if (pressed === "ends") this.#finish({ kind: "end" });
  }

  #finish(event: LineEvent): void {
    const reading = this.#reading;
    this.#reading = undefined;
    if (reading === undefined) return;
    reading.edited.leave(event.kind === "line");
    this.#output.write(Paste.off);
    this.#history.rewind();
    reading.resolve(event);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#finish({ kind: "end" });
  }

  /** To the shell, until `fg`. */
  #suspend(): void {
    if (process.platform === "win32") return;
    this.#reading?.edited.leave(false);
    this.#output.write(`${Paste.off}\n`);
    const takeBack = this.lendTerminal();
    process.once("SIGCONT", () => {
      takeBack();
      this.#output.write(Paste.on);
      this.#reading?.edited.draw();
    });
    process.kill(process.pid, "SIGTSTP");
  }
}
