import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { redact } from "../error/redact.js";

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
    return entries.slice(-keptEntries);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Adds a statement, without keys and other secrets, to a file that only its owner reads. */
export function appendHistory(path: string, entry: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  appendFileSync(path, `${redact(entry)}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}

/** A statement as one line. A comment to the end of a line would swallow what follows, so it goes. */
export function historyEntry(text: string): string {
  const lines = text.trim().split("\n");
  return lines.length === 1 ? text.trim() : lines.map((line) => withoutComment(line).trim()).join(" ");
}

const beforeComment = /^(?:[^'"-]|'[^']*'|"[^"]*"|-(?!-))*(?=--)/;

function withoutComment(line: string): string {
  return beforeComment.exec(line)?.[0] ?? line;
}

function shorten(path: string, entries: readonly string[]): void {
  writeFileSync(path, entries.map((entry) => `${entry}\n`).join(""), { mode: 0o600 });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
