import type { ResultColumn } from "../driver/api.js";
import { visibleText } from "../value/visible-text.js";
import { displayWidth } from "./display-width.js";
import { headingOf } from "./heading.js";
import type { TableLook } from "./table-look.js";

export interface TableLayout {
  /** Columns of the terminal to fit into; undefined never cuts. */
  readonly width: number | undefined;
  /**
   * One line a column instead of one line a row; "auto" where the columns cannot stand side by side; "never"
   * for lists of names, whose last column, a description, gives way first.
   */
  readonly expanded: "on" | "off" | "auto" | "never";
  /** Default: lines between columns, NULL as the word. */
  readonly look?: TableLook;
}

export type TableShape =
  /**
   * `widths` may be of the first columns only: the others are left out. `note` says what is not shown whole. A cell of
   * the first column that is wider than it has a line of its own where `namesOverflow`.
   */
  | {
      readonly kind: "beside";
      readonly widths: readonly number[];
      readonly note: string | undefined;
      readonly namesOverflow?: true;
    }
  | { readonly kind: "expanded" };

/** The displayed cells of some rows. */
export type Cells = readonly (readonly string[])[];

/** A column that must be cut is left this wide at least. */
const narrowestCut = 16;
const narrowestName = 8;
const narrowestDescription = 20;

/** How a table is laid out, judged by its first rows. */
export function tableShape(columns: readonly ResultColumn[], cells: Cells, layout: TableLayout): TableShape {
  const headings = columns.map((column) => displayWidth(visibleText(headingOf(column))));
  const widths = widest(headings, cells);
  const natural: TableShape = { kind: "beside", widths, note: undefined };
  if (cells.length === 0) return natural;
  if (layout.expanded === "on") return { kind: "expanded" };
  // A lone column gains nothing from being cut: the terminal wraps it.
  if (layout.expanded === "off" || layout.width === undefined || columns.length === 1) return natural;
  const fit: Fit = { headings, terminalWidth: layout.width, border: layout.look?.border ?? 1, narrowest: narrowestCut };
  if (layout.expanded === "never") {
    const fitted = fitNames(widths, fit);
    const [, ...others] = fitted;
    return {
      kind: "beside",
      widths: fitted,
      note: cutNote(columns, widths, [widths[0] ?? 0, ...others]),
      namesOverflow: true,
    };
  }
  const fitted = fitWidths(widths, fit);
  if (fitted === undefined) return { kind: "expanded" };
  return { kind: "beside", widths: fitted, note: cutNote(columns, widths, fitted) };
}

interface Fit {
  /** Widths of the headings, which are never cut. */
  readonly headings: readonly number[];
  readonly terminalWidth: number;
  readonly border: TableLook["border"];
  /** A cell that is cut keeps this much. */
  readonly narrowest: number;
}

function cutNote(
  columns: readonly ResultColumn[],
  widths: readonly number[],
  fitted: readonly number[],
): string | undefined {
  const leftOut = columns.slice(fitted.length).map(headingOf);
  const notes = [
    ...(fitted.some((width, index) => width < (widths[index] ?? 0)) ? ["values that end in … are cut to fit"] : []),
    ...(leftOut.length > 0 ? [`${leftOut.join(", ")} left out`] : []),
  ];
  return notes.length === 0 ? undefined : notes.join("; ");
}

/** Later rows widen columns that nothing forces to be narrow. */
export function widenedShape(shape: TableShape, cells: Cells): TableShape {
  return shape.kind === "expanded" || shape.note !== undefined
    ? shape
    : { ...shape, widths: widest(shape.widths, cells) };
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

/** Cuts the widest columns until all fit; undefined where that would cut them too short to read. */
function fitWidths(widths: readonly number[], { headings, ...fit }: Fit): readonly number[] | undefined {
  const cutTo = (limit: number) => {
    return widths.map((width, index) => Math.max(headings[index] ?? 0, Math.min(width, limit)));
  };
  const fits = (limit: number) => lineWidth(cutTo(limit), fit.border) <= fit.terminalWidth;
  let limit = Math.max(...widths);
  while (limit > fit.narrowest && !fits(limit)) limit -= 1;
  return fits(limit) ? cutTo(limit) : undefined;
}

/** Cuts the last column alone or, where too little would be left of it, leaves it out and cuts the others. */
function fitNames(widths: readonly number[], fit: Fit): readonly number[] {
  const names = widths.slice(0, -1);
  const left = fit.terminalWidth - lineWidth(names, fit.border) - 3;
  if (left >= narrowestDescription) return [...names, Math.min(left, widths.at(-1) ?? 0)];
  return fitWidths(names, { ...fit, narrowest: narrowestName }) ?? names;
}

/** Of the longest line: under the header, each cell with a space on both sides, and "+" between them. */
function lineWidth(widths: readonly number[], border: TableLook["border"]): number {
  const text = widths.reduce((sum, width) => sum + width, 0);
  const gaps = widths.length - 1;
  switch (border) {
    case 0:
      return text + gaps;
    case 1:
      return text + 2 * widths.length + gaps;
    case 2:
      return text + 2 * widths.length + gaps + 2;
  }
}
