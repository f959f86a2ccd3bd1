import type { RowStream } from "../driver/api.js";
import { displayText } from "./cell-text.js";
import { isNumeric } from "./numeric-type.js";

/** A table of GitHub's Markdown. A statement without columns prints nothing. */
export async function* printMarkdown(rows: RowStream): AsyncGenerator<string> {
  const columns = await rows.columns();
  if (columns.length > 0) {
    yield markdownLine(columns.map(({ name }) => escapeMarkdown(name)));
    yield markdownLine(columns.map(({ type }) => (isNumeric(type) ? "---:" : "---")));
  }
  for await (const row of rows) {
    yield markdownLine(columns.map(({ name, type }) => escapeMarkdown(displayText(row[name] ?? null, type))));
  }
}

function markdownLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\|<*_`]/g, "\\$&");
}
