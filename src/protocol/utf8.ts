import { SqlState } from "../error/sql-state.js";
import { ProtocolError } from "./protocol-error.js";

// A byte order mark at a text's beginning is a character of it.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes. What is no UTF-8 is an error, 22021, that leaves the connection as it is. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw invalidText(bytes.subarray(invalidOffset(bytes)));
  }
}

/** The error for bytes that begin with what is no character. */
function invalidText(bytes: Uint8Array): ProtocolError {
  const shown = Array.from(bytes.subarray(0, sequenceLength(bytes[0] ?? 0)), hexOf).join(" ");
  return new ProtocolError(`invalid byte sequence for encoding "UTF8": ${shown}`, {
    severity: "ERROR",
    sqlState: SqlState.untranslatableCharacter,
  });
}

const hexOf = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;

/** Where the first sequence begins that is no character. */
function invalidOffset(bytes: Uint8Array): number {
  let offset = 0;
  while (offset < bytes.length && isCharacter(bytes, offset)) offset += sequenceLength(bytes[offset] ?? 0);
  return offset;
}

/** The number of bytes that a sequence's first one announces; 1 where it can be no first one. */
function sequenceLength(first: number): number {
  if (first >= 0xc0 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf8 ? 4 : 1;
}

/** Source: https://www.rfc-editor.org/rfc/rfc3629#section-4 */
function isCharacter(bytes: Uint8Array, offset: number): boolean {
  const [first = 0, second = 0, ...rest] = bytes.subarray(offset, offset + sequenceLength(bytes[offset] ?? 0));
  if (first < 0x80) return true;
  if (first < 0xc2 || first > 0xf4 || rest.length + 2 !== sequenceLength(first)) return false;
  if (second < lowestSecond(first) || second > highestSecond(first)) return false;
  return rest.every((byte) => byte >= 0x80 && byte <= 0xbf);
}

/** Shorter spellings exist of what lies below. */
function lowestSecond(first: number): number {
  if (first === 0xe0) return 0xa0;
  return first === 0xf0 ? 0x90 : 0x80;
}

/** Above lie the halves of surrogate pairs, and what Unicode ends before. */
function highestSecond(first: number): number {
  if (first === 0xed) return 0x9f;
  return first === 0xf4 ? 0x8f : 0xbf;
}
