import { redact } from "./redact.js";
import type { StripeSqlError } from "./stripe-sql-error.js";

/**
 * The error as psql prints one: `ERROR:  message`, then the statement's line with a caret under the
 * position, then SQLSTATE, DETAIL and HINT lines. No line break at the end, and no secret in the statement's line.
 */
export function printError(error: StripeSqlError, statementText?: string): string {
  return [
    `ERROR:  ${error.message}`,
    ...caretLines(error.position, statementText),
    `SQLSTATE:  ${error.sqlState}`,
    ...labelled("DETAIL", error.detail),
    ...labelled("HINT", error.hint),
    ...labelled("REQUEST", error.stripe.requestId),
  ].join("\n");
}

function labelled(label: string, text: string | undefined): readonly string[] {
  return text === undefined ? [] : [`${label}:  ${text}`];
}

function caretLines(position: number | undefined, text: string | undefined): readonly string[] {
  if (position === undefined || text === undefined || position > text.length) return [];
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf("\n") + 1;
  const lineNumber = before.split("\n").length;
  const line = text.slice(lineStart).split("\n", 1)[0] ?? "";
  const column = position - lineStart;
  // Each side of the caret by itself, so that it stays where it points.
  const shown = redact(line.slice(0, column));
  const label = `LINE ${lineNumber}: `;
  return [`${label}${shown}${redact(line.slice(column))}`, `${" ".repeat(label.length + shown.length)}^`];
}
