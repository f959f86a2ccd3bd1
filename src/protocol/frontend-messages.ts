import type { Format } from "./format-code.js";
import { encodeFormat } from "./format-code.js";
import { OutputBuffer } from "./output-buffer.js";

/** A statement of the extended protocol. */
export interface StatementText {
  /** Without U+0000, which would end it there. */
  readonly text: string;
  /** OIDs of the parameters' types, 0 where PostgreSQL is to find the type out; those that are missing are 0. */
  readonly parameterTypes: readonly number[];
}

/** A statement with all that it needs to run. */
export interface BoundStatement extends StatementText {
  /** None, one for all, or one for each, as in Bind. */
  readonly parameterFormats: readonly Format[];
  /** Each as its format has it; null for NULL. */
  readonly parameters: readonly (Uint8Array | null)[];
  readonly resultFormats: readonly Format[];
}

/**
 * What a client sends, each function the bytes of whole messages.
 * Source: https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
export function query(sql: string): Uint8Array {
  return written((output) => writeQuery(output, sql));
}

/** Parse, Describe and Sync of the unnamed statement. */
export function describeStatement(statement: StatementText): Uint8Array {
  return written((output) => {
    writeParse(output, statement);
    writeDescribe(output, "S");
    output.message("S");
  });
}

/** Parse, Bind, Describe, Execute and Sync of the unnamed statement and portal. */
export function runStatement(statement: BoundStatement): Uint8Array {
  return written((output) => {
    writeParse(output, statement);
    writeBind(output, statement);
    writeDescribe(output, "P");
    output.message("E", () => {
      output.string(unnamed);
      output.int32(allRows);
    });
    output.message("S");
  });
}

/** COPY … FROM STDIN with its data. */
export function copyIn(sql: string, data: Uint8Array): Uint8Array {
  return written((output) => {
    writeQuery(output, sql);
    output.message("d", () => output.bytes(data));
    output.message("c");
  });
}

const unnamed = "";
const allRows = 0;

function writeQuery(output: OutputBuffer, sql: string): void {
  output.message("Q", () => output.string(sql));
}

function writeParse(output: OutputBuffer, { text, parameterTypes }: StatementText): void {
  output.message("P", () => {
    output.string(unnamed);
    output.string(text);
    output.int16(parameterTypes.length);
    for (const type of parameterTypes) output.int32(type);
  });
}

function writeBind(output: OutputBuffer, { parameterFormats, parameters, resultFormats }: BoundStatement): void {
  output.message("B", () => {
    output.string(unnamed);
    output.string(unnamed);
    writeFormats(output, parameterFormats);
    output.int16(parameters.length);
    for (const value of parameters) {
      output.int32(value === null ? -1 : value.length);
      if (value !== null) output.bytes(value);
    }
    writeFormats(output, resultFormats);
  });
}

function writeFormats(output: OutputBuffer, formats: readonly Format[]): void {
  output.int16(formats.length);
  for (const format of formats) output.int16(encodeFormat(format));
}

/** "S" for the statement, "P" for the portal. */
function writeDescribe(output: OutputBuffer, target: "S" | "P"): void {
  output.message("D", () => {
    output.byte(target.charCodeAt(0));
    output.string(unnamed);
  });
}

function written(write: (output: OutputBuffer) => void): Uint8Array {
  const output = new OutputBuffer();
  write(output);
  return output.take();
}
