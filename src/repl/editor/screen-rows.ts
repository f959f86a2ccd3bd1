import { displayWidth } from "../../output/display-width.js";
import { visibleText } from "../../value/visible-text.js";
import type { Edit } from "./edit.js";
import type { ColoredPart } from "./token-color.js";

/** A text as it stands on the screen. */
export interface ScreenRows {
  /** With codes for colours. */
  readonly rows: readonly string[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

export interface ScreenLayout {
  /** Columns of the terminal. */
  readonly width: number;
  /** The prompt of each line, by its number from 0. */
  readonly prompts: readonly string[];
  readonly parts: readonly ColoredPart[];
}

const graphemes = new Intl.Segmenter();
const tab = "    ";

/** Lays out an edited text in rows of a terminal, wrapped where a line is longer than one. */
export function screenRows({ text, cursor }: Edit, { width, prompts, parts }: ScreenLayout): ScreenRows {
  const rows = new RowWriter(width, prompts);
  let place = rows.place();
  for (const { start, end, color } of parts) {
    for (const { segment, index } of graphemes.segment(text.slice(start, end))) {
      if (start + index === cursor) place = rows.place();
      rows.write(segment, color);
    }
  }
  if (cursor === text.length) place = rows.place();
  return { rows: rows.finished(), cursorRow: place.row, cursorColumn: place.column };
}

class RowWriter {
  readonly #rows: string[] = [];
  #row = "";
  #column = 0;
  #line = 0;
  #color: string | undefined;

  constructor(
    private readonly width: number,
    private readonly prompts: readonly string[],
  ) {
    this.put(prompts[0] ?? "", undefined);
  }

  /** A character of the text. */
  write(segment: string, color: string | undefined): void {
    if (segment === "\n") {
      this.#line += 1;
      this.next();
      this.put(this.prompts[this.#line] ?? "", undefined);
    } else this.put(segment === "\t" ? tab : visibleText(segment), color);
  }

  put(text: string, color: string | undefined): void {
    for (const { segment } of graphemes.segment(text)) {
      const columns = displayWidth(segment);
      if (this.#column + columns > this.width) this.next();
      if (color !== this.#color) this.#row += color === undefined ? "\u001b[0m" : `\u001b[0;${color}m`;
      this.#color = color;
      this.#row += segment;
      this.#column += columns;
    }
  }

  /** Where the next character would stand. */
  place(): { readonly row: number; readonly column: number } {
    if (this.#column >= this.width) this.next();
    return { row: this.#rows.length, column: this.#column };
  }

  next(): void {
    this.#rows.push(this.#color === undefined ? this.#row : `${this.#row}\u001b[0m`);
    this.#row = "";
    this.#column = 0;
    this.#color = undefined;
  }

  finished(): readonly string[] {
    this.next();
    return this.#rows;
  }
}
