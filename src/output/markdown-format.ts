import { isNumeric } from "../value/numeric-type.js";
import { displayText } from "./cell-text.js";
import { headingOf } from "./heading.js";
import type { PrintableRows } from "./printable-rows.js";

/** A table of GitHub's Markdown. A statement without columns prints nothing. */
export async function* printMarkdown(rows: PrintableRows): AsyncGenerator<string> {
  const columns = await rows.columns();
  if (columns.length > 0) {
    yield markdownLine(columns.map((column) => escapeMarkdown(headingOf(column))));
    yield markdownLine(columns.map(({ type }) => (isNumeric(type) ? "---:" : "---")));
  }
  for await (const texts of rows.texts("sql")) {
    yield markdownLine(texts.map((text) => escapeMarkdown(displayText(text))));
  }
}

function markdownLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\|<*_`]/g, "\\$&");
}
