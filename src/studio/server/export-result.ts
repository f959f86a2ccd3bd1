import { createReadStream } from "node:fs";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Chart } from "../../chart/chart.js";
import type { ChartRequest } from "../../chart/chart-request.js";
import { describeChart } from "../../chart/describe-chart.js";
import { drawPng } from "../../chart/draw-png.js";
import { drawSvg } from "../../chart/draw-svg.js";
import type { OutputFormat } from "../../output/output-format.js";
import { isFileFormat } from "../../output/output-format.js";
import { printResult } from "../../output/print-result.js";
import type { PrintableRows } from "../../output/printable-rows.js";
import type { KeptResult } from "./results.js";
import { printableRows } from "./results.js";

/** How files of a format end where that is not its name. */
const extensions: ReadonlyMap<string, string> = new Map([
  ["table", "txt"],
  ["markdown", "md"],
]);

/** "result-3.csv"; the name of a result that is not whole says so. */
export function exportName({ id, state }: KeptResult, format: string): string {
  return `result-${id}${state.kind === "whole" ? "" : ".partial"}.${extensions.get(format) ?? format}`;
}

/** Why a result is no whole one, and what it holds; undefined where it is whole. */
export function whatIsMissing({ state, file }: KeptResult): string | undefined {
  const held = `${file.stored} ${file.stored === 1 ? "row has" : "rows have"} come`;
  switch (state.kind) {
    case "whole":
      return undefined;
    case "running":
      return `the statement still runs: ${held} so far`;
    case "cut":
      return `the result is not whole: ${held} before the statement ended with "${state.error.message}"`;
  }
}

/**
 * A kept result's rows in a format, as the command line prints them into a file: nothing is run again. What fails before
 * the first piece is thrown here; what is to be said of the file is in the result's notes once it is read to its end.
 */
export async function exportResult(
  result: KeptResult,
  format: OutputFormat,
): Promise<AsyncIterable<string | Uint8Array>> {
  result.notes = [];
  const pieces = piecesOf(result, format);
  const first = await pieces.next();
  return (async function* () {
    if (first.done !== true) yield first.value;
    yield* pieces;
  })();
}

function piecesOf(result: KeptResult, format: OutputFormat): AsyncGenerator<string | Uint8Array> {
  const rows = printableRows(result);
  if (!isFileFormat(format)) return gathered(printResult(rows, format, { width: undefined, expanded: "off" }));
  switch (format) {
    case "parquet":
      return parquetPieces(rows);
    case "xlsx":
      return workbookPieces(rows, result);
    case "svg":
    case "png":
      return picturePieces(result, format);
  }
}

async function* workbookPieces(rows: PrintableRows, result: KeptResult): AsyncGenerator<Uint8Array> {
  const { xlsxFile } = await import("../../output/xlsx-file.js");
  const { bytes, notes } = await xlsxFile(rows);
  yield* bytes;
  result.notes = notes();
}

/** A chart of the columns that fit. */
async function* picturePieces(result: KeptResult, format: "svg" | "png"): AsyncGenerator<string | Uint8Array> {
  const chart = await chartOf(result, {});
  yield format === "svg" ? await drawSvg(chart) : await drawPng(chart);
  result.notes = chart.notes;
}

/** The chart of a kept result. */
export function chartOf(result: KeptResult, request: ChartRequest): Promise<Chart> {
  return describeChart(request, result.columns, printableRows(result).texts("sql"));
}

const pieceLength = 65_536;

/** Lines in pieces worth sending. */
async function* gathered(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = "";
  for await (const text of texts) {
    piece += text;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

/** The file lives as long as it is read. */
async function* parquetPieces(rows: PrintableRows): AsyncGenerator<Uint8Array> {
  // The engine, which text needs none of, is loaded with it.
  const { withParquetFile } = await import("../../output/parquet-file.js");
  const bytes = new PassThrough();
  const made = withParquetFile(rows, (path) => pipeline(createReadStream(path), bytes));
  made.catch((error: Error) => bytes.destroy(error));
  try {
    for await (const chunk of bytes) yield chunk;
  } finally {
    bytes.destroy();
    await made.catch(() => {});
  }
}
