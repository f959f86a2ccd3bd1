import { createReadStream } from "node:fs";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { OutputFormat } from "../../output/output-format.js";
import { textFormats } from "../../output/output-format.js";
import { printResult } from "../../output/print-result.js";
import type { PrintableRows } from "../../output/printable-rows.js";
import type { KeptResult } from "./results.js";
import { printableRows } from "./results.js";

/** Formats whose files end otherwise than they are called. */
const extensions: Partial<Record<OutputFormat, string>> = { table: "txt", markdown: "md" };

/** "result-3.csv"; the name of a result that is not whole says so. */
export function exportName({ id, state }: KeptResult, format: OutputFormat): string {
  return `result-${id}${state.kind === "whole" ? "" : ".partial"}.${extensions[format] ?? format}`;
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
 * the first piece is thrown here.
 */
export async function exportResult(
  result: KeptResult,
  format: OutputFormat,
): Promise<AsyncIterable<string | Uint8Array>> {
  const pieces = piecesOf(printableRows(result), format);
  const first = await pieces.next();
  return (async function* () {
    if (first.done !== true) yield first.value;
    yield* pieces;
  })();
}

function piecesOf(rows: PrintableRows, format: OutputFormat): AsyncGenerator<string | Uint8Array> {
  const textFormat = textFormats.find((one) => one === format);
  return textFormat === undefined ? parquetPieces(rows) : gathered(textPieces(rows, textFormat));
}

async function* textPieces(rows: PrintableRows, format: (typeof textFormats)[number]): AsyncGenerator<string> {
  yield* printResult(rows, format, { width: undefined, expanded: "off" });
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
