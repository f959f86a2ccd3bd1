import { MessageBody } from "./message-body.js";
import type { ResponseFields } from "./response-fields.js";
import { decodeResponseFields } from "./response-fields.js";
import type { FieldDescription } from "./row-description.js";
import { decodeRowDescription } from "./row-description.js";
import type { TransactionStatus } from "./transaction-status.js";
import { decodeTransactionStatus } from "./transaction-status.js";

// Of the bodies of a server's messages. What is not the message that it should be is a ProtocolError.

/** Of "T". */
export function decodeFields(body: Uint8Array): readonly FieldDescription[] {
  return decodeRowDescription(new MessageBody(body));
}

/** Of "t": OIDs of the parameters' types. */
export function decodeParameterTypes(body: Uint8Array): readonly number[] {
  const reader = new MessageBody(body);
  const types = reader.list(reader.uint16(), { bytesEach: 4, read: () => reader.uint32() });
  reader.end();
  return types;
}

/** Of "D": views of the body. */
export function decodeDataRow(body: Uint8Array): readonly (Uint8Array | null)[] {
  const reader = new MessageBody(body);
  const values = reader.list(reader.uint16(), {
    bytesEach: 4,
    read: () => {
      const length = reader.int32();
      return length === -1 ? null : reader.bytes(length);
    },
  });
  reader.end();
  return values;
}

/** Of "C": the tag, "SELECT 5". */
export function decodeCommandTag(body: Uint8Array): string {
  const reader = new MessageBody(body);
  const tag = reader.string();
  reader.end();
  return tag;
}

/** The rows that a command returned or wrote, by its tag; undefined where the tag counts none, as "BEGIN". */
export function rowCountOf(tag: string): number | undefined {
  const count = /^[A-Z ]+(?: 0)? (\d+)$/.exec(tag)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** Of "E" and "N". */
export function decodeResponse(body: Uint8Array): ResponseFields {
  return decodeResponseFields(new MessageBody(body));
}

/** Of "Z". */
export function decodeReadyForQuery(body: Uint8Array): TransactionStatus {
  const reader = new MessageBody(body);
  const status = decodeTransactionStatus(reader.byte());
  reader.end();
  return status;
}

/** Of "S". */
export function decodeParameterStatus(body: Uint8Array): { readonly name: string; readonly value: string } {
  const reader = new MessageBody(body);
  const status = { name: reader.string(), value: reader.string() };
  reader.end();
  return status;
}
