import { redact } from "../error/redact.js";
import { splitTyped } from "../syntax/read-tokens.js";

/** Characters of a statement that are shown. */
const shownLength = 60;

/**
 * "NOT RUN:  2 statements, from: UPDATE Customer SET …": what remained of scripts that ended early, after as many of
 * the first one's statements were begun. Nothing where nothing remained.
 */
export function unrunLines(scripts: readonly string[], begun: number): readonly string[] {
  const unrun = scripts.flatMap(statementsOf).slice(begun);
  const [first] = unrun;
  if (first === undefined) return [];
  const count = unrun.length === 1 ? "1 statement" : `${unrun.length} statements`;
  return [`NOT RUN:  ${count}, from: ${shorten(redact(first))}`];
}

/** Of the one statement that there is, its error says enough. */
export function isOneStatement(scripts: readonly string[]): boolean {
  return scripts.flatMap(statementsOf).length === 1;
}

function statementsOf(script: string): readonly string[] {
  const { statements, rest } = splitTyped(script);
  return [...statements, rest].map((text) => text.trim()).filter((text) => text !== "");
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= shownLength ? line : `${line.slice(0, shownLength)}…`;
}
