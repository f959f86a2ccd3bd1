import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { RowStream } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { TextFormat } from "../output/output-format.js";
import { printResult } from "../output/print-result.js";
import type { TableLayout } from "../output/table-shape.js";
import { isStandardOutput, openOutputFile } from "./output-file.js";
import type { TextSink } from "./text-sink.js";

/** Where results go, and in which form. */
export interface ResultTarget {
  /** Runs the statement to its end. */
  put(rows: RowStream): Promise<void>;
  /** A line for people beside the rows; false where the form has no room for one. */
  remark(line: string): Promise<boolean>;
  /** Hands on what was put so far. */
  flush(): Promise<void>;
  close(): Promise<void>;
  discard(): Promise<void>;
}

export function textTarget(sink: TextSink, format: TextFormat, layout: () => TableLayout): ResultTarget {
  return {
    async put(rows) {
      for await (const text of printResult(rows, format, layout())) await sink.write(text);
    },
    async remark(line) {
      if (format !== "table") return false;
      await sink.write(`${line}\n`);
      return true;
    },
    flush: () => sink.flush(),
    close: () => sink.close(),
    discard: () => sink.discard(),
  };
}

/** A Parquet file holds one result: a second one is refused before its statement runs. */
export function parquetTarget(path: string, standardOutput: NodeJS.WritableStream): ResultTarget {
  let isFilled = false;
  return {
    async put(rows) {
      const columns = await rows.columns();
      if (columns.length === 0) return runToEnd(rows);
      if (isFilled) throw secondResult(path);
      isFilled = true;
      // The engine, which text needs none of, is loaded with it.
      const { withParquetFile } = await import("../output/parquet-file.js");
      await withParquetFile(rows, (file) => copyOut(file, path, standardOutput));
    },
    remark: async () => false,
    flush: async () => {},
    close: async () => {},
    discard: async () => {},
  };
}

/** What a Parquet file is made of goes where text would go. */
async function copyOut(file: string, path: string, standardOutput: NodeJS.WritableStream): Promise<void> {
  if (isStandardOutput(path)) return pipeline(createReadStream(file), standardOutput, { end: false });
  const output = await openOutputFile(path);
  try {
    for await (const chunk of createReadStream(file)) await output.file.appendFile(chunk as Buffer);
  } catch (error) {
    await output.giveUp();
    throw error;
  }
  await output.keep();
}

async function runToEnd(rows: RowStream): Promise<void> {
  for await (const _row of rows);
}

function secondResult(path: string): StripeSqlError {
  return new StripeSqlError(`"${path}" already holds the rows of an earlier statement`, {
    sqlState: SqlState.featureNotSupported,
    phase: "execute",
    hint: "A Parquet file holds one result: run each statement with a file of its own.",
  });
}
