import { headingOf } from "./heading.js";
import type { PrintableRows } from "./printable-rows.js";

/**
 * RFC 4180 with a header. NULL is an empty field and an empty text is `""`, as in PostgreSQL's COPY.
 * A statement without columns prints nothing.
 */
export async function* printCsv(rows: PrintableRows): AsyncGenerator<string> {
  const columns = await rows.columns();
  if (columns.length > 0) yield csvLine(columns.map(headingOf));
  for await (const texts of rows.texts("iso")) yield csvLine(texts);
}

function csvLine(fields: readonly (string | null)[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

function csvField(text: string | null): string {
  if (text === null) return "";
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
