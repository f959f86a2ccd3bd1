/** The bits of a cell's dots in U+2800, by row and column. */
const dotBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

interface Cell {
  dots: number;
  series: number;
  /** What stands in the cell in place of its dots. */
  sign: string | undefined;
}

/** Cells of a terminal, each of two by four dots. The dot (0, 0) is the lowest on the left. */
export class BrailleCanvas {
  readonly #cells: Cell[][];

  constructor(
    /** Cells. */
    readonly width: number,
    readonly height: number,
  ) {
    this.#cells = Array.from({ length: height }, () =>
      Array.from({ length: width }, () => ({ dots: 0, series: 0, sign: undefined })),
    );
  }

  get dotsAcross(): number {
    return this.width * 2;
  }

  get dotsUp(): number {
    return this.height * 4;
  }

  dot(x: number, y: number, series: number): void {
    const down = this.dotsUp - 1 - y;
    const cell = this.#cells[Math.floor(down / 4)]?.[Math.floor(x / 2)];
    if (cell === undefined) return;
    cell.dots |= dotBits[down % 4]?.[x % 2] ?? 0;
    cell.series = series;
  }

  line(from: readonly [x: number, y: number], to: readonly [x: number, y: number], series: number): void {
    const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]), 1);
    for (let step = 0; step <= steps; step += 1) {
      const part = step / steps;
      this.dot(Math.round(from[0] + (to[0] - from[0]) * part), Math.round(from[1] + (to[1] - from[1]) * part), series);
    }
  }

  /** A sign in the cell of a dot. */
  sign(x: number, y: number, { text, series }: { readonly text: string; readonly series: number }): void {
    const cell = this.#cells[Math.floor((this.dotsUp - 1 - y) / 4)]?.[Math.floor(x / 2)];
    if (cell === undefined) return;
    cell.sign = text;
    cell.series = series;
  }

  /** From the top. `paint` colours what is of a series. */
  rows(paint: (text: string, series: number) => string): readonly string[] {
    return this.#cells.map((cells) => {
      const texts = cells.map(({ dots, series, sign }) => {
        if (sign === undefined && dots === 0) return " ";
        return paint(sign ?? String.fromCharCode(0x2800 + dots), series);
      });
      return texts.join("").trimEnd();
    });
  }
}
