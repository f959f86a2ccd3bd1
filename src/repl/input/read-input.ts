import { splitTyped, typedPieces } from "../../syntax/read-tokens.js";
import type { OpenPart } from "../../syntax/typed-text.js";

/** Typed text up to its first backslash command. */
export interface Input {
  /** Complete statements, without their semicolons. */
  readonly statements: readonly string[];
  /** What follows the last semicolon, up to the command or the end. */
  readonly rest: string;
  readonly open: OpenPart;
  /** A command, from its backslash to the end of its line, and what follows that line. */
  readonly command: { readonly text: string; readonly after: string } | undefined;
}

/** A backslash outside of quotations and comments begins a command, as in psql, wherever it stands in a line. */
export function readInput(text: string): Input {
  const backslash = text.includes("\\") ? typedPieces(text).find((piece) => piece.text === "\\") : undefined;
  if (backslash === undefined) return { ...splitTyped(text), command: undefined };
  const lineEnd = text.indexOf("\n", backslash.start);
  const end = lineEnd < 0 ? text.length : lineEnd;
  return {
    ...splitTyped(text.slice(0, backslash.start)),
    command: { text: text.slice(backslash.start, end), after: text.slice(end) },
  };
}

/** True for a script that statements alone do not make up. */
export const holdsCommand = (script: string): boolean => readInput(script).command !== undefined;
