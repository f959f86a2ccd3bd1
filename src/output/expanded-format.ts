import type { ResultColumn } from "../driver/api.js";
import { visibleText } from "../value/visible-text.js";
import { displayWidth, fitText } from "./display-width.js";
import { headingOf } from "./heading.js";
import type { TableLook } from "./table-look.js";
import { lookedCell } from "./table-look.js";

export interface ExpandedRecord {
  /** From 1. */
  readonly number: number;
  readonly cells: readonly string[];
  /** Which of them are NULL. */
  readonly texts: readonly (string | null)[];
}

/** One record, a line a column, values whole. */
export function expandedRecord(
  { number, cells, texts }: ExpandedRecord,
  columns: readonly ResultColumn[],
  { width, look }: { readonly width: number | undefined; readonly look: TableLook },
): string {
  const names = columns.map((column) => visibleText(headingOf(column)));
  const nameWidth = Math.max(...names.map(displayWidth));
  const title = `-[ RECORD ${number} ]`;
  const lineWidths = cells.map((cell) => nameWidth + 3 + displayWidth(cell));
  const lines = names.map((name, index) => {
    const value = lookedCell(cells[index] ?? "", texts[index] === null, look);
    return `${fitText(name, nameWidth)} | ${value}`.trimEnd();
  });
  const ruleWidth = Math.min(width ?? 80, Math.max(...lineWidths));
  return `${[title.padEnd(ruleWidth, "-"), ...lines].join("\n")}\n`;
}
