import type { ProtocolSeverity } from "./protocol-error.js";
import { ProtocolError } from "./protocol-error.js";
import { decodeUtf8 } from "./utf8.js";

/**
 * Reads the body of one message from its begin to its end. Nothing is read past the end, nothing is allocated for a
 * count before that many could stand there, and what is left over is an error.
 */
export class MessageBody {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  int16(): number {
    return this.#view.getInt16(this.#advance(2));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#advance(8));
  }

  float32(): number {
    return this.#view.getFloat32(this.#advance(4));
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** A view of the message's own bytes. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** A text up to the zero byte that ends it. */
  string(): string {
    const end = this.#bytes.indexOf(0, this.#offset);
    if (end < 0) throw invalidMessage("invalid string in message");
    const text = decodeUtf8(this.#bytes.subarray(this.#offset, end));
    this.#offset = end + 1;
    return text;
  }

  /** Whether a number of items of a size each could stand in what is left. */
  list<Item>(count: number, { bytesEach, read }: { bytesEach: number; read: () => Item }): readonly Item[] {
    if (count * bytesEach > this.remaining) throw insufficientData();
    return Array.from({ length: count }, read);
  }

  /** The message ends here. */
  end(): void {
    if (this.remaining > 0) throw invalidMessage("invalid message format");
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (length < 0 || length > this.remaining) throw insufficientData();
    this.#offset = start + length;
    return start;
  }
}

/** A message whose borders are known and whose content is not the protocol's. */
export function invalidMessage(message: string, severity: ProtocolSeverity = "ERROR"): ProtocolError {
  return new ProtocolError(message, { severity });
}

function insufficientData(): ProtocolError {
  return invalidMessage("insufficient data left in message");
}
