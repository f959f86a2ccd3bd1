/** As many entries as are kept in the history's file. */
const keptEntries = 1_000;

/** Entries of this session and earlier ones, oldest first, and the place in them that a person has gone back to. */
export class History {
  readonly #entries: string[];
  #place: number;
  /** What was typed before going back. */
  #draft = "";

  constructor(entries: readonly string[]) {
    this.#entries = [...entries];
    this.#place = this.#entries.length;
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  add(entry: string): void {
    if (entry !== "" && this.#entries.at(-1) !== entry) this.#entries.push(entry);
    if (this.#entries.length > keptEntries) this.#entries.shift();
    this.rewind();
  }

  rewind(): void {
    this.#place = this.#entries.length;
    this.#draft = "";
  }

  /** The entry before, or undefined before the first. */
  older(typed: string): string | undefined {
    if (this.#place === 0) return undefined;
    if (this.#place === this.#entries.length) this.#draft = typed;
    this.#place -= 1;
    return this.#entries[this.#place];
  }

  newer(): string | undefined {
    if (this.#place >= this.#entries.length) return undefined;
    this.#place += 1;
    return this.#entries[this.#place] ?? this.#draft;
  }

  /** The newest entry before a place that holds a text, in any case of its letters. */
  find(text: string, before: number): { readonly entry: string; readonly place: number } | undefined {
    const wanted = text.toLowerCase();
    for (let place = Math.min(before, this.#entries.length) - 1; place >= 0; place -= 1) {
      const entry = this.#entries[place] ?? "";
      if (entry.toLowerCase().includes(wanted)) return { entry, place };
    }
    return undefined;
  }
}
