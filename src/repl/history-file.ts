import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { redact } from "../error/redact.js";
import { readTokensIfWhole, splitTyped } from "../syntax/read-tokens.js";

const keptEntries = 1_000;

/** `$XDG_STATE_HOME/stripe-sql/history`, else below `~/.local/state`. */
export function historyPath(environment: NodeJS.ProcessEnv): string {
  const state = environment["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
  return join(state, "stripe-sql", "history");
}

/** Statements of earlier sessions, oldest first; undefined where there is no file yet. */
export function readHistory(path: string): readonly string[] | undefined {
  try {
    const entries = readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    if (entries.length > 2 * keptEntries) shorten(path, entries.slice(-keptEntries));
    return entries.slice(-keptEntries).map((entry) => entry.replaceAll(writtenBreak, "\n"));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Adds a statement, without keys and other secrets, to a file that only its owner reads. */
export function appendHistory(path: string, entry: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  appendFileSync(path, `${redact(entry).replaceAll("\n", writtenBreak)}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}

/**
 * A statement as one line, but for line breaks within a quotation: those are what it says. A comment to the end of a
 * line would swallow what follows, so it goes.
 */
export function historyEntry(text: string): string {
  const { statements, rest } = splitTyped(text);
  return [...statements.map((statement) => `${onOneLine(statement.trim())};`), onOneLine(rest.trim())].join(" ").trim();
}

function onOneLine(text: string): string {
  const tokens = readTokensIfWhole(text);
  if (tokens === undefined) return text;
  const { entry, end } = tokens.reduce(
    (before, { text: token, start }) => ({
      entry: before.entry + betweenTokens(text.slice(before.end, start)) + token,
      end: start + token.length,
    }),
    { entry: "", end: 0 },
  );
  return (entry + betweenTokens(text.slice(end))).trim();
}

const commentOrBreak = /(\/\*[\s\S]*?\*\/)|--[^\n]*|\s*\n\s*/g;

/** Spaces and comments on one line. */
function betweenTokens(text: string): string {
  return text
    .replace(
      commentOrBreak,
      (part, block?: string) => block?.replace(/\s*\n\s*/g, " ") ?? (part.startsWith("-") ? "" : " "),
    )
    .replace(/ {2,}/g, " ");
}

/** An entry is a line of the file, and a line break in it the control character that psql writes for it. */
const writtenBreak = "\u0001";

function shorten(path: string, entries: readonly string[]): void {
  writeFileSync(path, entries.map((entry) => `${entry}\n`).join(""), { mode: 0o600 });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
