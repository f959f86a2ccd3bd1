import { invalidMessage } from "./message-body.js";
import { ReceiveBuffer } from "./receive-buffer.js";

/** One message of a server's, not decoded. */
export interface BackendFrame {
  /** The letter of its type: "T", "D", "C". */
  readonly type: string;
  /** What follows the length. */
  readonly body: Uint8Array;
  /** The whole message, to be relayed as it is. */
  readonly bytes: Uint8Array;
}

const headerBytes = 5;

/**
 * Cuts what a server sends into its messages, in whatever pieces it comes: pieces are pushed, messages pulled. The
 * server is ours, and lengths are checked all the same: one that is none is thrown, a `ProtocolError` of severity
 * FATAL, after which nothing can be read.
 */
export class BackendFrames {
  readonly #pieces: Uint8Array[] = [];
  /** The beginning of a message that is cut. */
  readonly #held = new ReceiveBuffer();
  #offset = 0;

  /** Whether bytes are here that no message has been pulled for. */
  get isWithinMessage(): boolean {
    return this.#held.length > 0 || this.#pieces.length > 0;
  }

  /** The piece is given over: messages that lie within it are views of it, and nothing is copied but what is cut. */
  push(piece: Uint8Array): void {
    if (piece.length > 0) this.#pieces.push(piece);
  }

  /** The next message; undefined until all of its bytes have come. */
  next(): BackendFrame | undefined {
    for (let [piece] = this.#pieces; piece !== undefined; [piece] = this.#pieces) {
      const frame = this.#held.length > 0 ? this.#complete(piece) : this.#cut(piece);
      if (this.#offset === piece.length) {
        this.#pieces.shift();
        this.#offset = 0;
      }
      if (frame !== undefined) return frame;
    }
    return undefined;
  }

  /** The message that begins in a piece; what is not whole there is held. */
  #cut(piece: Uint8Array): BackendFrame | undefined {
    const start = this.#offset;
    const length = frameLength(piece, start);
    if (length === undefined || start + length > piece.length) {
      this.#held.append(piece.subarray(start));
      this.#offset = piece.length;
      return undefined;
    }
    this.#offset = start + length;
    return frameOf(piece.subarray(start, start + length));
  }

  /** The message that is held, with what a piece has of it. */
  #complete(piece: Uint8Array): BackendFrame | undefined {
    this.#take(piece, headerBytes);
    if (this.#held.length < headerBytes) return undefined;
    const length = 1 + checkedLength(this.#held.int32At(1));
    this.#take(piece, length);
    return this.#held.length < length ? undefined : frameOf(this.#held.take(length));
  }

  /** Takes of a piece what is lacking up to a length. */
  #take(piece: Uint8Array, length: number): void {
    const end = Math.min(this.#offset + Math.max(0, length - this.#held.length), piece.length);
    this.#held.append(piece.subarray(this.#offset, end));
    this.#offset = end;
  }
}

/** The messages of bytes that hold whole ones, one behind the other. */
export function* readFrames(bytes: Uint8Array): Generator<BackendFrame> {
  for (let start = 0; start < bytes.length; ) {
    const length = frameLength(bytes, start);
    if (length === undefined || start + length > bytes.length) throw invalidMessage("a message is cut", "FATAL");
    yield frameOf(bytes.subarray(start, start + length));
    start += length;
  }
}

/** Of the message at an offset, with its header; undefined where the header is cut. */
function frameLength(bytes: Uint8Array, offset: number): number | undefined {
  if (offset + headerBytes > bytes.length) return undefined;
  return 1 + checkedLength(new DataView(bytes.buffer, bytes.byteOffset + offset).getInt32(1));
}

function checkedLength(length: number): number {
  if (length < 4) throw invalidMessage("invalid message length", "FATAL");
  return length;
}

function frameOf(bytes: Uint8Array): BackendFrame {
  return { type: String.fromCharCode(bytes[0] ?? 0), body: bytes.subarray(headerBytes), bytes };
}
