import type { Row, RowStream, TextStyle } from "../driver/api.js";

/** The rows whose value in a column matches. */
export function filterRows(rows: RowStream, column: string, pattern: RegExp): RowStream {
  return {
    columns: () => rows.columns(),
    summary: () => rows.summary(),
    get requests() {
      return rows.requests;
    },
    async *texts(style: TextStyle): AsyncGenerator<readonly (string | null)[]> {
      const position = (await rows.columns()).findIndex(({ name }) => name === column);
      for await (const texts of rows.texts(style)) if (pattern.test(plain(texts[position] ?? "", style))) yield texts;
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
      for await (const row of rows) if (pattern.test(String(row[column]))) yield row;
    },
  };
}

function plain(text: string, style: TextStyle): string {
  return style === "json" ? String(JSON.parse(text)) : text;
}
