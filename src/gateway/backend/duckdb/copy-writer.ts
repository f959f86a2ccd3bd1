import type { OutputColumn, Tuple } from "../../../execute/row-source.js";
import { BackendWriter } from "../../../protocol/backend-writer.js";
import { OutputBuffer } from "../../../protocol/output-buffer.js";
import type { StatementOption } from "../../../syntax/postgres/postgres-statement.js";
import type { Cell } from "../../../value/cell.js";
import type { TimeZone } from "../../../value/time-zone.js";
import { cellEncoder } from "../../types/encode-cell.js";
import type { CopyOptions } from "./copy-options.js";
import { readCopyOptions } from "./copy-options.js";

/** Writes the messages that rows are sent by: what stands before them, they, and what stands behind. */
export interface CopyWriter {
  readonly start?: () => Uint8Array;
  readonly rows: (tuples: readonly Tuple[]) => Uint8Array;
  readonly end?: () => Uint8Array;
}

/** The messages of a COPY to the client. Source: https://www.postgresql.org/docs/current/sql-copy.html */
export function copyWriter(
  given: readonly StatementOption[],
  columns: readonly OutputColumn[],
  zone: TimeZone,
): CopyWriter {
  const options = readCopyOptions(given);
  const isBinary = options.format === "binary";
  const format = isBinary ? "binary" : "text";
  const line = isBinary ? binaryRow(columns, zone) : textRow(columns, options, zone);
  const writer = new BackendWriter();
  return {
    start: () => {
      writer.copyOutResponse({ format, columnCount: columns.length });
      if (isBinary) writer.copyData(binaryHeader);
      if (options.hasHeader) writer.copyData(headerLine(columns, options));
      return writer.take();
    },
    rows: (tuples) => {
      for (const tuple of tuples) writer.copyData(line(tuple));
      return writer.take();
    },
    end: () => {
      if (isBinary) writer.copyData(binaryTrailer);
      writer.copyDone();
      return writer.take();
    },
  };
}

/** The signature, no flags, and no extension. */
const binaryHeader = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const binaryTrailer = Buffer.from([0xff, 0xff]);

function binaryRow(columns: readonly OutputColumn[], zone: TimeZone): (tuple: Tuple) => Uint8Array {
  const encoders = columns.map(({ type }) => cellEncoder(type, { format: "binary", zone }));
  const output = new OutputBuffer();
  return (tuple) => {
    output.int16(encoders.length);
    for (const [index, encode] of encoders.entries()) {
      const cell = tuple[index] ?? null;
      const start = output.length;
      output.int32(-1);
      if (cell === null) continue;
      encode(cell, output);
      output.setInt32(start, output.length - start - 4);
    }
    return output.take();
  };
}

function textRow(columns: readonly OutputColumn[], options: CopyOptions, zone: TimeZone): (tuple: Tuple) => Uint8Array {
  const texts = columns.map(({ type }) => cellText(type, zone));
  const write = columns.map(({ name }) => valueWriter(name, options, columns.length === 1));
  return (tuple) => {
    const values = texts.map((text, index) => {
      const cell = tuple[index] ?? null;
      return cell === null ? options.nullText : (write[index]?.(text(cell)) ?? "");
    });
    return Buffer.from(`${values.join(options.delimiter)}\n`);
  };
}

function cellText(type: OutputColumn["type"], zone: TimeZone): (cell: Exclude<Cell, null>) => string {
  const encode = cellEncoder(type, { format: "text", zone });
  const output = new OutputBuffer();
  return (cell) => {
    encode(cell, output);
    return Buffer.from(output.take()).toString();
  };
}

function headerLine(columns: readonly OutputColumn[], options: CopyOptions): Uint8Array {
  const write = options.format === "csv" ? csvValue({ ...options, forceQuote: [] }, false, false) : escaped(options);
  return Buffer.from(`${columns.map(({ name }) => write(name)).join(options.delimiter)}\n`);
}

function valueWriter(name: string, options: CopyOptions, isOnly: boolean): (text: string) => string {
  if (options.format !== "csv") return escaped(options);
  const { forceQuote } = options;
  return csvValue(options, forceQuote.includes("*") || forceQuote.includes(name), isOnly);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
]);

function escaped({ delimiter }: CopyOptions): (text: string) => string {
  return (text) =>
    text.replace(
      /[\s\S]/g,
      (character) => escapes.get(character) ?? (character === delimiter ? `\\${character}` : character),
    );
}

/** Quoted where it would be read as something else: as NULL, as two values, or alone as the end of all. */
function csvValue(
  { delimiter, quote, escape: before, nullText }: CopyOptions,
  isForced: boolean,
  isOnly: boolean,
): (text: string) => string {
  return (text) => {
    const isQuoted =
      isForced ||
      text === nullText ||
      (isOnly && text === "\\.") ||
      [delimiter, quote, "\n", "\r"].some((part) => text.includes(part));
    if (!isQuoted) return text;
    const inner = [...text].map((one) => (one === quote || one === before ? before + one : one)).join("");
    return quote + inner + quote;
  };
}
