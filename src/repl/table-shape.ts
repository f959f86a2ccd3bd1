import type { ResultColumn } from "../driver/api.js";
import { visibleText } from "./cell-text.js";
import { displayWidth } from "./display-width.js";

export interface TableLayout {
  /** Columns of the terminal to fit into; undefined never cuts. */
  readonly width: number | undefined;
  /** One line a column instead of one line a row; "auto" where the columns cannot stand side by side. */
  readonly expanded: "on" | "off" | "auto";
}

export type TableShape =
  | { readonly kind: "beside"; readonly widths: readonly number[]; readonly isCut: boolean }
  | { readonly kind: "expanded" };

/** The displayed cells of some rows. */
export type Cells = readonly (readonly string[])[];

/** A column that must be cut is left this wide at least. */
const narrowestCut = 16;

/** How a table is laid out, judged by its first rows. */
export function tableShape(columns: readonly ResultColumn[], cells: Cells, layout: TableLayout): TableShape {
  const widths = widest(
    columns.map(({ name }) => displayWidth(visibleText(name))),
    cells,
  );
  const natural: TableShape = { kind: "beside", widths, isCut: false };
  if (cells.length === 0) return natural;
  if (layout.expanded === "on") return { kind: "expanded" };
  // A lone column gains nothing from being cut: the terminal wraps it.
  if (layout.expanded === "off" || layout.width === undefined || columns.length === 1) return natural;
  const fitted = fitWidths(widths, layout.width - 3 * columns.length + 1);
  if (fitted === undefined) return { kind: "expanded" };
  return { kind: "beside", widths: fitted, isCut: fitted.some((width, index) => width < (widths[index] ?? 0)) };
}

/** Later rows widen columns that nothing forces to be narrow. */
export function widenedShape(shape: TableShape, cells: Cells): TableShape {
  return shape.kind === "expanded" || shape.isCut ? shape : { ...shape, widths: widest(shape.widths, cells) };
}

function widest(widths: readonly number[], cells: Cells): readonly number[] {
  const result = [...widths];
  for (const row of cells) {
    row.forEach((cell, index) => {
      result[index] = Math.max(result[index] ?? 0, displayWidth(cell));
    });
  }
  return result;
}

/** Cuts the widest columns until all fit into `available`; undefined where that would cut them too short to read. */
function fitWidths(widths: readonly number[], available: number): readonly number[] | undefined {
  const total = (limit: number) => widths.reduce((sum, width) => sum + Math.min(width, limit), 0);
  let limit = Math.max(...widths);
  while (limit > narrowestCut && total(limit) > available) limit -= 1;
  return total(limit) > available ? undefined : widths.map((width) => Math.min(width, limit));
}
