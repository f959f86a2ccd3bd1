import type { Row, RowStream } from "../driver/api.js";

/** The rows whose value in a column matches. */
export function filterRows(rows: RowStream, column: string, pattern: RegExp): RowStream {
  return {
    columns: () => rows.columns(),
    summary: () => rows.summary(),
    async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
      for await (const row of rows) if (pattern.test(String(row[column]))) yield row;
    },
  };
}
