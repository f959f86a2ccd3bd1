import type { SqlState } from "../../error/sql-state.js";
import { SqlState as state } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";

/** A value that a type of PostgreSQL's cannot hold, in its words. */
export function valueError(message: string, sqlState: SqlState, detail?: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState, phase: "execute", detail });
}

export function invalidSyntax(type: string, text: string): StripeSqlError {
  return valueError(`invalid input syntax for type ${type}: "${shownText(text)}"`, state.invalidTextRepresentation);
}

export function outOfRange(type: string, text: string): StripeSqlError {
  return valueError(`value "${shownText(text)}" is out of range for type ${type}`, state.numericValueOutOfRange);
}

const mostShown = 1000;

/** A client's text in an error: a value may have megabytes, and a message is read by people. */
export function shownText(text: string): string {
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}…`;
}
