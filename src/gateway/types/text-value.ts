import { SqlState } from "../../error/sql-state.js";
import type { OutputBuffer } from "../../protocol/output-buffer.js";
import { valueError } from "./value-error.js";

const suspect = /[\0\ud800-\udfff]/;

/** Writes a text. What none of PostgreSQL's can hold, U+0000 and half a surrogate pair, is the error 22021. */
export function encodeText(text: string, output: OutputBuffer): void {
  if (suspect.test(text)) requireText(text);
  output.text(text);
}

function requireText(text: string): void {
  const [wrong] = /[\0\p{Surrogate}]/u.exec(text) ?? [];
  if (wrong === undefined) return;
  const what =
    wrong === "\0" ? 'invalid byte sequence for encoding "UTF8": 0x00' : "a text holds half a surrogate pair";
  throw valueError(what, SqlState.untranslatableCharacter);
}
