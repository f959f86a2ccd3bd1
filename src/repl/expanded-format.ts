import type { ResultColumn } from "../driver/api.js";
import { visibleText } from "./cell-text.js";
import { displayWidth, fitText } from "./display-width.js";
import { headingOf } from "./heading.js";

/** One record, a line a column, values whole. */
export function expandedRecord(
  number: number,
  columns: readonly ResultColumn[],
  cells: readonly string[],
  width: number | undefined,
): string {
  const names = columns.map((column) => visibleText(headingOf(column)));
  const nameWidth = Math.max(...names.map(displayWidth));
  const title = `-[ RECORD ${number} ]`;
  const lines = names.map((name, index) => `${fitText(name, nameWidth)} | ${cells[index] ?? ""}`.trimEnd());
  const ruleWidth = Math.min(width ?? 80, Math.max(...lines.map(displayWidth)));
  return `${[title.padEnd(ruleWidth, "-"), ...lines].join("\n")}\n`;
}
