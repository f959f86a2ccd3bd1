import { isNumeric } from "../value/numeric-type.js";
import { visibleText } from "../value/visible-text.js";
import { headingOf } from "./heading.js";
import type { PrintableRows } from "./printable-rows.js";

const style = [
  "body { font: 14px/1.4 system-ui, sans-serif; color-scheme: light dark; }",
  "table { border-collapse: collapse; }",
  "th, td { padding: 0.25em 0.75em; border-bottom: 1px solid #8884; text-align: left; vertical-align: top; }",
  "td { white-space: pre-wrap; }",
  ".number { text-align: right; font-variant-numeric: tabular-nums; }",
  ".null { opacity: 0.5; }",
].join("\n");

/** A whole document with a table, and no script in it. A statement without columns prints nothing. */
export async function* printHtml(rows: PrintableRows): AsyncGenerator<string> {
  const columns = await rows.columns();
  if (columns.length === 0) {
    for await (const _texts of rows.texts("sql"));
    return;
  }
  const classes = columns.map(({ type }) => (isNumeric(type) ? "number" : undefined));
  const headings = columns.map((column, index) => element("th", classes[index], escapeHtml(headingOf(column))));
  yield `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Result</title>\n<style>\n${style}\n</style>\n</head>\n`;
  yield `<body>\n<table>\n<thead>\n<tr>${headings.join("")}</tr>\n</thead>\n<tbody>\n`;
  for await (const texts of rows.texts("sql")) {
    const cells = texts.map((text, index) =>
      text === null ? element("td", "null", "NULL") : element("td", classes[index], escapeHtml(text)),
    );
    yield `<tr>${cells.join("")}</tr>\n`;
  }
  yield "</tbody>\n</table>\n</body>\n</html>\n";
}

function element(name: "th" | "td", className: string | undefined, content: string): string {
  return `<${name}${className === undefined ? "" : ` class="${className}"`}>${content}</${name}>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Line breaks stay, and are shown as such. */
function escapeHtml(text: string): string {
  const lines = text.split("\n").map(visibleText);
  return lines.join("\n").replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
