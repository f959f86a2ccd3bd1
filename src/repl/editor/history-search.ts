import type { Edit } from "./edit.js";
import type { History } from "./history.js";

/** Ctrl-R: what is looked for, and what was found of it. */
export class HistorySearch {
  #wanted = "";
  #place: number;
  #found: Edit;
  #fails = false;

  constructor(
    private readonly history: History,
    /** What was typed before the search, which giving it up brings back. */
    readonly before: Edit,
  ) {
    this.#place = history.entries.length;
    this.#found = before;
  }

  get prompt(): string {
    return `(${this.#fails ? "failing " : ""}reverse-i-search)\`${this.#wanted}': `;
  }

  get found(): Edit {
    return this.#found;
  }

  type(text: string): void {
    this.#wanted += text;
    this.#look(this.#place + 1);
  }

  erase(): void {
    this.#wanted = this.#wanted.slice(0, -1);
    this.#look(this.history.entries.length);
  }

  older(): void {
    this.#look(this.#place);
  }

  #look(before: number): void {
    if (this.#wanted === "") return;
    const match = this.history.find(this.#wanted, before);
    this.#fails = match === undefined;
    if (match === undefined) return;
    this.#place = match.place;
    const cursor = match.entry.toLowerCase().indexOf(this.#wanted.toLowerCase());
    this.#found = { text: match.entry, cursor: Math.max(0, cursor) };
  }
}
