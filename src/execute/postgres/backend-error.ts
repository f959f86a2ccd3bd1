import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { BackendFrame } from "../../protocol/backend-frames.js";
import { readFrames } from "../../protocol/backend-frames.js";
import { decodeResponse } from "../../protocol/decode-backend.js";
import type { ResponseFields } from "../../protocol/response-fields.js";
import { TextOffsets } from "../../syntax/postgres/text-offsets.js";

/** What PostgreSQL said of the engine's own messages: of a setting that it does not take, or rows that it cannot hold. */
export function backendError(fields: ResponseFields): StripeSqlError {
  return new StripeSqlError(fields.message || "PostgreSQL failed", {
    sqlState: fields.sqlState || SqlState.internalError,
    phase: "execute",
    detail: fields.detail,
    hint: fields.hint,
  });
}

/** What PostgreSQL said of a statement's text, with the place in it. */
export function refusalError(fields: ResponseFields, sql: string): StripeSqlError {
  const position = fields.position === undefined ? undefined : new TextOffsets(sql).ofCharacter(fields.position - 1);
  return backendError(fields).with({ position });
}

/** The messages of whole ones, up to an ErrorResponse, which is thrown. */
export function* checkedFrames(bytes: Uint8Array, sql: string): Generator<BackendFrame> {
  for (const frame of readFrames(bytes)) {
    if (frame.type === "E") throw refusalError(decodeResponse(frame.body), sql);
    yield frame;
  }
}
