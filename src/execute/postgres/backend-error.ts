import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { TextOffsets } from "../../syntax/postgres/text-offsets.js";
import type { ErrorFields } from "./wire/backend-fields.js";

/** What PostgreSQL said of the engine's own messages: of a setting that it does not take, or rows that it cannot hold. */
export function backendError(fields: ErrorFields): StripeSqlError {
  return new StripeSqlError(fields["M"] ?? "PostgreSQL failed", {
    sqlState: fields["C"] ?? "XX000",
    phase: "execute",
    detail: fields["D"],
    hint: fields["H"],
  });
}

/** What PostgreSQL said of a statement's text, with the place in it. */
export function refusalError(fields: ErrorFields, sql: string): StripeSqlError {
  const position = fields["P"] === undefined ? undefined : new TextOffsets(sql).ofCharacter(Number(fields["P"]) - 1);
  return backendError(fields).with({ position });
}
