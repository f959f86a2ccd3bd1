import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import type { ResponseFields } from "../../protocol/response-fields.js";

/** An error as a client is told it; what is none of ours is a defect, and says so. */
export function errorResponse(error: unknown, sql: string | undefined): ResponseFields {
  if (!(error instanceof StripeSqlError)) return defectResponse(error);
  const position = error.position === undefined || sql === undefined ? undefined : characterAt(sql, error.position);
  return {
    severity: error instanceof ProtocolError ? error.severity : "ERROR",
    sqlState: error.sqlState,
    message: error.message,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(position === undefined ? {} : { position }),
  };
}

function defectResponse(error: unknown): ResponseFields {
  return {
    severity: "ERROR",
    sqlState: SqlState.internalError,
    message: "internal error of the gateway",
    detail: error instanceof Error ? error.name : "What was thrown is no error.",
    hint: "Please report it with the statement.",
  };
}

/** An offset in UTF-16 code units as the protocol counts: characters from 1 on. */
function characterAt(sql: string, offset: number): number {
  return [...sql.slice(0, offset)].length + 1;
}
