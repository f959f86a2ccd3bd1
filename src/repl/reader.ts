/** What a person did at the prompt. */
export type LineEvent =
  /** A line or, of an editor of several lines, all of them. */
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl-C; `discarded` is what was typed so far. */
  | { readonly kind: "interrupt"; readonly discarded: string }
  | { readonly kind: "end" };

export interface ReadOptions {
  /** The prompt of a line, by the lines before it. */
  prompt(before: string): string;
  /** True where Enter ends the text; else it begins a new line, in an editor of several lines. */
  isComplete(text: string): boolean;
}

/** Whoever types, and the history of it. */
export interface Reader {
  /** What is typed next, which may have been typed ahead. */
  read(options: ReadOptions): Promise<LineEvent>;
  /** A question whose answer must not have been typed before it was asked, nor enter the history. */
  ask(question: string): Promise<string>;
  /** Ctrl-C calls this instead while something runs. */
  whileRunning(onInterrupt: (() => void) | undefined): void;
  /** Makes one entry of history of what was read since the last one. */
  remember(): string;
  /** Leaves the last line out of the entry that its statement will be; it stays one of its own. */
  forgetLine(): void;
  /** Gives up the lines of a statement that was not finished. */
  forget(): void;
  /** Oldest first. */
  history(): readonly string[];
  /** Leaves the terminal to another program; the answer takes it back. */
  lendTerminal(): () => void;
  close(): void;
}
