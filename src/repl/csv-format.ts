import type { RowStream } from "../driver/api.js";
import { plainText } from "./cell-text.js";

/**
 * RFC 4180 with a header. NULL is an empty field and an empty text is `""`, as in PostgreSQL's COPY.
 * A statement without columns prints nothing.
 */
export async function* printCsv(rows: RowStream): AsyncGenerator<string> {
  const columns = await rows.columns();
  if (columns.length > 0) yield csvLine(columns.map(({ name }) => name));
  for await (const row of rows) yield csvLine(columns.map(({ name, type }) => plainText(row[name] ?? null, type)));
}

function csvLine(fields: readonly (string | undefined)[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

function csvField(text: string | undefined): string {
  if (text === undefined) return "";
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
