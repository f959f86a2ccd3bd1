import type { ResultColumn, Row, RowStream } from "../driver/api.js";
import { isoTime, jsonText } from "./cell-text.js";

/** One array of row objects. Where the statement fails half-way the array stays open, so that no reader takes it for whole. */
export async function* printJson(rows: RowStream): AsyncGenerator<string> {
  const columns = await rows.columns();
  let isFirst = true;
  for await (const row of rows) {
    yield `${isFirst ? "[\n" : ",\n"}${rowText(row, columns)}`;
    isFirst = false;
  }
  yield isFirst ? "[]\n" : "\n]\n";
}

/** One object a line. */
export async function* printJsonLines(rows: RowStream): AsyncGenerator<string> {
  const columns = await rows.columns();
  for await (const row of rows) yield `${rowText(row, columns)}\n`;
}

function rowText(row: Row, columns: readonly ResultColumn[]): string {
  const fields = columns.map(({ name, type }) => {
    const value = row[name] ?? null;
    return `${JSON.stringify(name)}:${value instanceof Date ? JSON.stringify(isoTime(value, type)) : jsonText(value)}`;
  });
  return `{${fields.join(",")}}`;
}
