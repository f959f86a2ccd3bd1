import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { ServeParts } from "./run-serve.js";

/** What `stripe-sql serve` is made of. */
export const serveParts: ServeParts = {
  openHttpApi: () => Promise.reject(missing("the HTTP API")),
  readConnections: () => Promise.reject(missing("connection files")),
};

function missing(what: string): StripeSqlError {
  return new StripeSqlError(`${what} cannot be served in this version`, {
    sqlState: SqlState.featureNotSupported,
    phase: "connect",
  });
}
