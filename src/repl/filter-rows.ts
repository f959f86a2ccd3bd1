import type { Row, RowStream } from "../driver/api.js";

/** The rows whose first column matches. */
export function filterRows(rows: RowStream, pattern: RegExp): RowStream {
  return {
    columns: () => rows.columns(),
    summary: () => rows.summary(),
    async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
      const [first] = await rows.columns();
      for await (const row of rows) {
        if (first !== undefined && pattern.test(String(row[first.name]))) yield row;
      }
    },
  };
}
