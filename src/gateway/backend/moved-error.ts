import { StripeSqlError } from "../../error/stripe-sql-error.js";

/** An error in a statement's text, with its place in the script that the statement starts at an offset of. */
export function movedError(error: StripeSqlError, offset: number): StripeSqlError;
export function movedError(error: unknown, offset: number): unknown;
export function movedError(error: unknown, offset: number): unknown {
  if (!(error instanceof StripeSqlError) || error.position === undefined) return error;
  return error.with({ position: error.position + offset });
}
