import { printCsv } from "./csv-format.js";
import { printHtml } from "./html-format.js";
import { printJson, printJsonLines } from "./json-format.js";
import { printMarkdown } from "./markdown-format.js";
import type { TextFormat } from "./output-format.js";
import type { PrintableRows } from "./printable-rows.js";
import { printTable } from "./table-format.js";
import type { TableLayout } from "./table-shape.js";

/** The text of a result in pieces, as its rows come. Only the table looks ahead, and by one block of rows. */
export function printResult(rows: PrintableRows, format: TextFormat, layout: TableLayout): AsyncIterable<string> {
  switch (format) {
    case "table":
      return printTable(rows, layout);
    case "csv":
      return printCsv(rows);
    case "json":
      return printJson(rows);
    case "jsonl":
      return printJsonLines(rows);
    case "markdown":
      return printMarkdown(rows);
    case "html":
      return printHtml(rows);
  }
}
