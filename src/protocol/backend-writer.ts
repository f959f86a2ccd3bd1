import type { Format } from "./format-code.js";
import { encodeFormat } from "./format-code.js";
import { OutputBuffer } from "./output-buffer.js";
import type { ResponseFields } from "./response-fields.js";
import { encodeResponseFields } from "./response-fields.js";
import type { FieldDescription } from "./row-description.js";
import { encodeRowDescription } from "./row-description.js";
import type { TransactionStatus } from "./transaction-status.js";
import { encodeTransactionStatus } from "./transaction-status.js";

/** Writes the value of a column, without its length. */
export type EncodeValue<Value> = (value: Exclude<Value, null>, output: OutputBuffer) => void;

/** Columns of a COPY: all of them are written alike. */
export interface CopyFormat {
  readonly format: Format;
  readonly columnCount: number;
}

const mostItems = 0xffff;

/**
 * Writes what a server sends, one method a message, into one buffer: `take` gives out what has gathered.
 *
 * What is no message of the protocol (65,536 columns, a body of 2 GiB) is a RangeError. Where a message cannot be
 * written to its end, nothing of it is left in the buffer.
 * Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class BackendWriter {
  readonly #output = new OutputBuffer();

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#output.length;
  }

  take(): Uint8Array {
    return this.#output.take();
  }

  /** Whole messages of another server's. */
  relay(frames: Uint8Array): void {
    this.#output.bytes(frames);
  }

  authenticationOk(): void {
    this.#authentication(0);
  }

  authenticationSasl(mechanisms: readonly string[]): void {
    this.#authentication(10, (output) => {
      for (const mechanism of mechanisms) output.string(mechanism);
      output.byte(0);
    });
  }

  authenticationSaslContinue(data: Uint8Array): void {
    this.#authentication(11, (output) => output.bytes(data));
  }

  authenticationSaslFinal(data: Uint8Array): void {
    this.#authentication(12, (output) => output.bytes(data));
  }

  /** `version` is the newest that is spoken here, of protocol 3; the options are those that are not known. */
  negotiateProtocolVersion(minorVersion: number, unknownOptions: readonly string[]): void {
    this.#output.message("v", (output) => {
      output.int32((3 << 16) | minorVersion);
      output.int32(unknownOptions.length);
      for (const option of unknownOptions) output.string(option);
    });
  }

  /** The key has 4 bytes in protocol 3.0, up to 256 in 3.2. */
  backendKeyData(processId: number, secretKey: Uint8Array): void {
    if (secretKey.length < 4 || secretKey.length > 256)
      throw new RangeError(`a secret key of ${secretKey.length} bytes`);
    this.#output.message("K", (output) => {
      output.int32(processId);
      output.bytes(secretKey);
    });
  }

  parameterStatus(name: string, value: string): void {
    this.#output.message("S", (output) => {
      output.string(name);
      output.string(value);
    });
  }

  readyForQuery(status: TransactionStatus): void {
    this.#output.message("Z", (output) => output.byte(encodeTransactionStatus(status)));
  }

  rowDescription(fields: readonly FieldDescription[]): void {
    requireCount(fields.length);
    this.#output.message("T", (output) => encodeRowDescription(output, fields));
  }

  /** OIDs of the parameters' types. */
  parameterDescription(types: readonly number[]): void {
    requireCount(types.length);
    this.#output.message("t", (output) => {
      output.int16(types.length);
      for (const type of types) output.int32(type);
    });
  }

  noData(): void {
    this.#output.message("n");
  }

  /** A row of values that are written already. */
  dataRow(values: readonly (Uint8Array | null)[]): void {
    requireCount(values.length);
    this.#output.message("D", (output) => {
      output.int16(values.length);
      for (const value of values) {
        output.int32(value === null ? -1 : value.length);
        if (value !== null) output.bytes(value);
      }
    });
  }

  /** Rows whose values are written straight into the buffer, each by its column's encoder. */
  dataRows<Value>(rows: Iterable<readonly Value[]>, columns: readonly EncodeValue<Value>[]): void {
    requireCount(columns.length);
    for (const row of rows) this.#output.message("D", (output) => encodeRow(output, row, columns));
  }

  /** The tag is "SELECT 5", "INSERT 0 1", "BEGIN". */
  commandComplete(tag: string): void {
    this.#output.message("C", (output) => output.string(tag));
  }

  emptyQueryResponse(): void {
    this.#output.message("I");
  }

  errorResponse(fields: ResponseFields): void {
    this.#output.message("E", (output) => encodeResponseFields(output, fields));
  }

  noticeResponse(fields: ResponseFields): void {
    this.#output.message("N", (output) => encodeResponseFields(output, fields));
  }

  notificationResponse(notification: { processId: number; channel: string; payload: string }): void {
    this.#output.message("A", (output) => {
      output.int32(notification.processId);
      output.string(notification.channel);
      output.string(notification.payload);
    });
  }

  parseComplete(): void {
    this.#output.message("1");
  }

  bindComplete(): void {
    this.#output.message("2");
  }

  closeComplete(): void {
    this.#output.message("3");
  }

  portalSuspended(): void {
    this.#output.message("s");
  }

  copyInResponse(copy: CopyFormat): void {
    this.#copyResponse("G", copy);
  }

  copyOutResponse(copy: CopyFormat): void {
    this.#copyResponse("H", copy);
  }

  copyData(data: Uint8Array): void {
    this.#output.message("d", (output) => output.bytes(data));
  }

  copyDone(): void {
    this.#output.message("c");
  }

  #authentication(code: number, write?: (output: OutputBuffer) => void): void {
    this.#output.message("R", (output) => {
      output.int32(code);
      write?.(output);
    });
  }

  #copyResponse(type: string, { format, columnCount }: CopyFormat): void {
    requireCount(columnCount);
    this.#output.message(type, (output) => {
      output.byte(encodeFormat(format));
      output.int16(columnCount);
      for (let column = 0; column < columnCount; column += 1) output.int16(encodeFormat(format));
    });
  }
}

/** Each value stands behind its length in bytes, which is known once it is written. */
function encodeRow<Value>(output: OutputBuffer, row: readonly Value[], columns: readonly EncodeValue<Value>[]): void {
  if (row.length !== columns.length) throw new RangeError(`${row.length} values in a row of ${columns.length} columns`);
  output.int16(columns.length);
  for (const [position, encode] of columns.entries()) {
    const value = row[position] as Value;
    const start = output.length;
    output.int32(-1);
    if (value === null) continue;
    encode(value as Exclude<Value, null>, output);
    output.setInt32(start, output.length - start - 4);
  }
}

function requireCount(count: number): void {
  if (count > mostItems) throw new RangeError(`${count} items in a message of at most ${mostItems}`);
}
