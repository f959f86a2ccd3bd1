import type { Format } from "./format-code.js";
import { decodeFormat, encodeFormat } from "./format-code.js";
import type { MessageBody } from "./message-body.js";
import type { OutputBuffer } from "./output-buffer.js";

/** A column of a result. */
export interface FieldDescription {
  readonly name: string;
  /** 0 where the column is no table's. */
  readonly tableOid: number;
  /** From 1 on, 0 where the column is no table's. */
  readonly columnNumber: number;
  readonly typeOid: number;
  /** In bytes; -1 where it varies, -2 for a text that a zero byte ends. */
  readonly typeSize: number;
  /** What the type itself makes of it, as a numeric's digits; -1 for none. */
  readonly typeModifier: number;
  /** "text" where it is not known yet, as in the answer to the Describe of a statement. */
  readonly format: Format;
}

/** A column takes 19 bytes at least. */
const smallestField = 19;

export function encodeRowDescription(output: OutputBuffer, fields: readonly FieldDescription[]): void {
  output.int16(fields.length);
  for (const field of fields) {
    output.string(field.name);
    output.int32(field.tableOid);
    output.int16(field.columnNumber);
    output.int32(field.typeOid);
    output.int16(field.typeSize);
    output.int32(field.typeModifier);
    output.int16(encodeFormat(field.format));
  }
}

export function decodeRowDescription(body: MessageBody): readonly FieldDescription[] {
  const fields = body.list(body.uint16(), { bytesEach: smallestField, read: () => decodeField(body) });
  body.end();
  return fields;
}

function decodeField(body: MessageBody): FieldDescription {
  return {
    name: body.string(),
    tableOid: body.uint32(),
    columnNumber: body.int16(),
    typeOid: body.uint32(),
    typeSize: body.int16(),
    typeModifier: body.int32(),
    format: decodeFormat(body.int16()),
  };
}
