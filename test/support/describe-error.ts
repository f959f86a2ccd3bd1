import type { StripeSqlError } from "../../src/error/stripe-sql-error.js";

/** What a user gets to see of an error; `at` is the word or quoted name at its position. */
export interface DescribedError {
  readonly message: string;
  readonly sqlState: string;
  readonly phase: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly at?: string;
}

/** The error as one object that tests compare whole; what it lacks is left out. */
export function describeError(error: StripeSqlError, sql: string): DescribedError {
  const { message, sqlState, phase, detail, hint, position } = error;
  return {
    message,
    sqlState,
    phase,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { at: wordAt(sql, position) }),
  };
}

function wordAt(sql: string, position: number): string {
  const [word = ""] = /^("[^"]*"|'[^']*'|\[[^\]]*\]|[\w.]+|.|$)/s.exec(sql.slice(position)) ?? [];
  return word;
}
