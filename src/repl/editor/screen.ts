import type { OutputStream } from "../standard-streams.js";
import type { ScreenRows } from "./screen-rows.js";

/** The rows of a terminal below the last output, drawn anew whenever they change. */
export class Screen {
  /** The row of those drawn in which the cursor is. */
  #cursorRow = 0;

  constructor(private readonly output: OutputStream) {}

  get width(): number {
    return this.output.columns ?? 80;
  }

  /** As many rows as there is room for, those around the cursor. */
  draw({ rows, cursorRow, cursorColumn }: ScreenRows): void {
    const room = Math.max(1, this.output.rows ?? 24);
    const first = Math.max(0, Math.min(cursorRow - Math.floor(room / 2), rows.length - room));
    const shown = rows.slice(first, first + room);
    const row = cursorRow - first;
    const back = shown.length - 1 - row;
    this.output.write(
      `${this.#toTop()}${shown.join("\r\n")}\r${back > 0 ? `\u001b[${back}A` : ""}${cursorColumn > 0 ? `\u001b[${cursorColumn}C` : ""}`,
    );
    this.#cursorRow = row;
  }

  /** Leaves the rows as they are, whole, and goes on below them. */
  leave({ rows }: Pick<ScreenRows, "rows">): void {
    this.output.write(`${this.#toTop()}${rows.join("\r\n")}\r\n`);
    this.#cursorRow = 0;
  }

  /** The same, but goes on behind the last of them. */
  end({ rows }: Pick<ScreenRows, "rows">): void {
    this.output.write(`${this.#toTop()}${rows.join("\r\n")}`);
    this.#cursorRow = 0;
  }

  /** Rows that end above what is drawn next. */
  write(text: string): void {
    this.output.write(text);
    this.#cursorRow = 0;
  }

  clear(): void {
    this.output.write("\u001b[H\u001b[2J");
    this.#cursorRow = 0;
  }

  #toTop(): string {
    return `${this.#cursorRow > 0 ? `\u001b[${this.#cursorRow}A` : ""}\r\u001b[J`;
  }
}
