import { displayWidth } from "../../src/output/display-width.js";

/** A code of ECMA-48, or a character. */
const codes = /\p{Cc}\[(\??[\d;]*)([A-Za-z])|[\s\S]/gu;

/** What a terminal shows of the codes that the editor writes: moves, erasing and text that wraps; colours are left out. */
export class ScreenEmulator {
  readonly #rows: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(private readonly columns: number) {}

  write(text: string): this {
    for (const [character, parameters = "", code] of text.matchAll(codes)) {
      if (code !== undefined) this.#obey(code, Number(parameters) || 0);
      else if (character === "\r") this.#column = 0;
      else if (character === "\n") this.#down();
      else this.#put(character);
    }
    return this;
  }

  get text(): string {
    return this.#rows
      .map((row) =>
        Array.from(row, (cell) => cell ?? " ")
          .join("")
          .trimEnd(),
      )
      .join("\n")
      .trimEnd();
  }

  /** From 0. */
  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: this.#column };
  }

  #obey(code: string, count: number): void {
    if (code === "A") this.#row = Math.max(0, this.#row - Math.max(1, count));
    else if (code === "C") this.#column = Math.min(this.columns - 1, this.#column + Math.max(1, count));
    else if (code === "J") {
      this.#rows.length = this.#row + 1;
      this.#rows[this.#row]?.splice(this.#column);
    } else if (code === "K") this.#rows[this.#row]?.splice(this.#column);
    else if (!/[mhl]/.test(code)) throw new Error(`the emulator knows no code ${code}`);
  }

  #put(character: string): void {
    const width = displayWidth(character);
    if (this.#column + width > this.columns) {
      this.#column = 0;
      this.#down();
    }
    const row = this.#rows[this.#row] ?? [];
    row[this.#column] = character;
    if (width === 2) row[this.#column + 1] = "";
    this.#column += width;
  }

  #down(): void {
    this.#row += 1;
    if (this.#rows[this.#row] === undefined) this.#rows.push([]);
  }
}
