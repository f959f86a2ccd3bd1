import type { ResultColumn } from "../driver/api.js";
import { displayText, visibleText } from "./cell-text.js";
import { fitText } from "./display-width.js";
import { expandedRecord } from "./expanded-format.js";
import { headingOf } from "./heading.js";
import { isNumeric } from "./numeric-type.js";
import type { PrintableRows } from "./printable-rows.js";
import { rowCountLine } from "./row-count-line.js";
import type { TableLayout, TableShape } from "./table-shape.js";
import { tableShape, widenedShape } from "./table-shape.js";

type RowTexts = readonly (string | null)[];

/** Rows looked at before the first line is printed, to find the columns' widths. */
const blockSize = 500;

/** A table as psql prints it, with its row count. A statement without columns prints nothing. */
export async function* printTable(rows: PrintableRows, layout: TableLayout): AsyncGenerator<string> {
  const columns = await rows.columns();
  let shape: TableShape | undefined;
  let printed = 0;
  for await (const block of blocks(rows)) {
    if (columns.length === 0) continue;
    const cells = block.map((texts) => texts.map(displayText));
    shape = shape === undefined ? tableShape(columns, cells, layout) : widenedShape(shape, cells);
    if (shape.kind === "beside" && printed === 0) yield headerLines(columns, shape.widths);
    for (const row of cells) {
      printed += 1;
      yield shape.kind === "beside"
        ? rowLine(row, columns, shape.widths)
        : expandedRecord(printed, columns, row, layout.width);
    }
  }
  if (columns.length > 0) yield rowCountLine(printed, noteOf(shape));
}

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

function headerLines(columns: readonly ResultColumn[], widths: readonly number[]): string {
  const names = columns.map((column) => visibleText(headingOf(column)));
  return `${rowLine(names, columns, widths)}${widths.map((width) => "-".repeat(width + 2)).join("+")}\n`;
}

function rowLine(cells: readonly string[], columns: readonly ResultColumn[], widths: readonly number[]): string {
  const fitted = widths.map((width, index) => {
    return fitText(cells[index] ?? "", width, isNumeric(columns[index]?.type ?? "") ? "right" : "left");
  });
  return `${` ${fitted.join(" | ")}`.trimEnd()}\n`;
}
