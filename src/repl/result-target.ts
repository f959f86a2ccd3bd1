import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { ChartRequest } from "../chart/chart-request.js";
import type { RowStream } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { FileFormat, TextFormat } from "../output/output-format.js";
import { isPictureFormat } from "../output/output-format.js";
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
  /** What is to be said of what was put, once it was. */
  notes?(): readonly string[];
  /** True where amounts are to stay in minor units, whatever is set: a chart has their currencies on its axes. */
  readonly takesMinorUnits?: boolean;
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

export interface ResultFileOptions {
  readonly format: FileFormat;
  readonly standardOutput: NodeJS.WritableStream;
  /** What a picture shows; default: what fits the columns. */
  readonly chart?: ChartRequest | undefined;
}

/** A file that holds one result: a second one is refused before its statement runs. */
export function resultFileTarget(
  path: string,
  { format, standardOutput, chart = {} }: ResultFileOptions,
): ResultTarget {
  let isFilled = false;
  let notes: readonly string[] = [];
  const copy = (bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => copyOut(bytes, path, standardOutput);
  return {
    takesMinorUnits: isPictureFormat(format),
    async put(rows) {
      const columns = await rows.columns();
      if (columns.length === 0) return runToEnd(rows);
      if (isFilled) throw secondResult(path);
      isFilled = true;
      notes = await writeFileOf(rows, { format, chart, copy });
    },
    notes: () => notes,
    remark: async () => false,
    flush: async () => {},
    close: async () => {},
    discard: async () => {},
  };
}

interface FileWriting {
  readonly format: FileFormat;
  readonly chart: ChartRequest;
  copy(bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
}

/** Each kind of file is loaded with the first of it: the engine, a workbook's writer, and Vega are what others need none of. */
async function writeFileOf(rows: RowStream, { format, chart, copy }: FileWriting): Promise<readonly string[]> {
  switch (format) {
    case "parquet": {
      const { withParquetFile } = await import("../output/parquet-file.js");
      await withParquetFile(rows, (file) => copy(createReadStream(file)));
      return [];
    }
    case "xlsx": {
      const { xlsxFile } = await import("../output/xlsx-file.js");
      const { bytes, notes } = await xlsxFile(rows);
      await copy(bytes);
      return notes();
    }
    case "svg":
    case "png": {
      const { pictureFile } = await import("./picture-file.js");
      const { bytes, notes } = await pictureFile(rows, { format, request: chart });
      await copy([bytes]);
      return notes;
    }
  }
}

/** What a file is made of goes where text would go. */
async function copyOut(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  path: string,
  standardOutput: NodeJS.WritableStream,
): Promise<void> {
  if (isStandardOutput(path)) return pipeline(bytes, standardOutput, { end: false });
  const output = await openOutputFile(path);
  try {
    for await (const chunk of bytes) await output.file.appendFile(chunk);
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
    hint: "A file of this format holds one result: run each statement with a file of its own.",
  });
}
