import type { ResultColumn } from "../driver/api.js";
import { isNumeric } from "../value/numeric-type.js";
import { visibleText } from "../value/visible-text.js";
import { displayText } from "./cell-text.js";
import { displayWidth, fitText } from "./display-width.js";
import { expandedRecord } from "./expanded-format.js";
import { headingOf } from "./heading.js";
import type { PrintableRows } from "./printable-rows.js";
import { rowCountLine } from "./row-count-line.js";
import type { TableLook } from "./table-look.js";
import { lookedCell, plainLook } from "./table-look.js";
import type { TableLayout, TableShape } from "./table-shape.js";
import { tableShape, widenedShape } from "./table-shape.js";

type RowTexts = readonly (string | null)[];

/** Rows looked at before the first line is printed, to find the columns' widths. */
const blockSize = 500;

/** A table as psql prints it, with its row count. A statement without columns prints nothing. */
export async function* printTable(rows: PrintableRows, layout: TableLayout): AsyncGenerator<string> {
  const columns = await rows.columns();
  const { look = plainLook } = layout;
  let shape: TableShape | undefined;
  let printed = 0;
  for await (const block of blocks(rows)) {
    if (columns.length === 0) continue;
    const cells = block.map((texts) => texts.map((text) => displayText(text, look.nullText)));
    shape = shape === undefined ? tableShape(columns, cells, layout) : widenedShape(shape, cells);
    if (shape.kind === "beside" && printed === 0) yield headerLines(columns, shape, look);
    const shown = block.map((texts, index): Row => ({ cells: cells[index] ?? [], texts }));
    yield* rowTexts(shown, columns, { shape, layout, printed });
    printed += block.length;
  }
  if (shape?.kind === "beside" && look.border === 2) yield rule(shape.widths, 2);
  if (columns.length > 0) yield rowCountLine(printed, noteOf(shape));
}

interface Place {
  readonly shape: TableShape;
  readonly layout: TableLayout;
  /** Rows before these. */
  readonly printed: number;
}

function rowTexts(
  rows: readonly Row[],
  columns: readonly ResultColumn[],
  { shape, layout, printed }: Place,
): readonly string[] {
  const { look = plainLook, width } = layout;
  return rows.map((row, index) => {
    if (shape.kind === "beside") return rowLines(row, columns, shape, look);
    return expandedRecord({ number: printed + index + 1, ...row }, columns, { width, look });
  });
}

type Beside = Extract<TableShape, { kind: "beside" }>;

function noteOf(shape: TableShape | undefined): string | undefined {
  return shape?.kind === "beside" ? shape.note : undefined;
}

/** At least one block, so that an empty result has its header. */
async function* blocks(rows: PrintableRows): AsyncGenerator<readonly RowTexts[]> {
  let block: RowTexts[] = [];
  let isFirst = true;
  for await (const row of rows.texts("sql")) {
    block.push(row);
    if (block.length < blockSize) continue;
    yield block;
    block = [];
    isFirst = false;
  }
  if (block.length > 0 || isFirst) yield block;
}

interface Row {
  readonly cells: readonly string[];
  /** Which of them are NULL. */
  readonly texts: RowTexts;
}

function headerLines(columns: readonly ResultColumn[], { widths }: Beside, look: TableLook): string {
  const names = columns.map((column) => visibleText(headingOf(column)));
  const heading = joined(fitted({ cells: names, texts: names }, columns, widths), look.border);
  return `${look.border === 2 ? rule(widths, 2) : ""}${heading}${rule(widths, look.border)}`;
}

/** A name that is wider than its column has a line of its own above the rest of its row. */
function rowLines(
  row: Row,
  columns: readonly ResultColumn[],
  { widths, namesOverflow }: Beside,
  look: TableLook,
): string {
  const [name = "", ...others] = row.cells;
  if (namesOverflow === true && displayWidth(name) > (widths[0] ?? 0)) {
    const rest = { cells: ["", ...others], texts: row.texts };
    return `${look.border === 0 ? "" : " "}${name}\n${rowLines(rest, columns, { kind: "beside", widths, note: undefined }, look)}`;
  }
  const cells = fitted(row, columns, widths).map((cell, index) => lookedCell(cell, row.texts[index] === null, look));
  return joined(cells, look.border);
}

function fitted({ cells }: Row, columns: readonly ResultColumn[], widths: readonly number[]): readonly string[] {
  return widths.map((width, index) => {
    return fitText(cells[index] ?? "", width, isNumeric(columns[index]?.type ?? "") ? "right" : "left");
  });
}

function joined(cells: readonly string[], border: TableLook["border"]): string {
  switch (border) {
    case 0:
      return `${cells.join(" ").trimEnd()}\n`;
    case 1:
      return `${` ${cells.join(" | ")}`.trimEnd()}\n`;
    case 2:
      return `| ${cells.join(" | ")} |\n`;
  }
}

function rule(widths: readonly number[], border: TableLook["border"]): string {
  const parts = widths.map((width) => "-".repeat(border === 0 ? width : width + 2));
  switch (border) {
    case 0:
      return `${parts.join(" ")}\n`;
    case 1:
      return `${parts.join("+")}\n`;
    case 2:
      return `+${parts.join("+")}+\n`;
  }
}
