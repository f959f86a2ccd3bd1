import { printError } from "../error/print-error.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { visibleText } from "../value/visible-text.js";

/** Prints whatever was thrown as PostgreSQL's tools print errors. */
export function reportError(error: unknown, errors: NodeJS.WritableStream, statementText?: string): void {
  writeLines(errors, [printError(knownError(error), statementText)]);
}

/** Lines for a person; control characters in them are shown, never obeyed by the terminal. */
export function writeLines(stream: NodeJS.WritableStream, lines: readonly string[]): void {
  for (const line of lines) stream.write(`${line.split("\n").map(visibleText).join("\n")}\n`);
}

/** Codes of files that cannot be opened; others are of those that were, such as a full disk's. */
const unopened: ReadonlySet<string | undefined> = new Set([
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "EACCES",
  "EPERM",
  "EROFS",
  "ELOOP",
  "ENAMETOOLONG",
]);

/** Files that cannot be written or read are the user's matter; anything else unforeseen is ours. */
function knownError(error: unknown): StripeSqlError {
  if (error instanceof StripeSqlError) return error;
  if (isFileError(error) && error.code === "EADDRINUSE") return takenAddress(error);
  if (isFileError(error)) {
    const sqlState = unopened.has(error.code) ? SqlState.undefinedFile : SqlState.upstreamError;
    return new StripeSqlError(error.message, { sqlState, phase: "execute", cause: error });
  }
  return new StripeSqlError(error instanceof Error ? error.message : String(error), {
    sqlState: SqlState.internalError,
    phase: "execute",
    hint: "This is a mistake in stripe-sql itself: please report it with the statement.",
    cause: error,
  });
}

/** Of a server that is to listen. */
function takenAddress(error: NodeJS.ErrnoException): StripeSqlError {
  const { address, port } = error as { readonly address?: string; readonly port?: number };
  return new StripeSqlError(`${address}:${port} is in use`, {
    sqlState: SqlState.upstreamError,
    phase: "execute",
    hint: "Another program listens there: end it, or give another port; 0 takes a free one.",
    cause: error,
  });
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}
