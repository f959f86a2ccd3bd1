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
  const shown = shortened(redact(line.slice(0, column)), { from: "end" });
  const label = `LINE ${lineNumber}: `;
  const rest = shortened(redact(line.slice(column)), { from: "start" });
  return [`${label}${shown}${rest}`, `${" ".repeat(label.length + shown.length)}^`];
}

/** Characters of a line on each side of the caret: more are no help to who looks for it. */
const sideCharacters = 80;

function shortened(side: string, { from }: { readonly from: "start" | "end" }): string {
  if (side.length <= sideCharacters) return side;
  return from === "start" ? `${side.slice(0, sideCharacters)}...` : `...${side.slice(-sideCharacters)}`;
}
