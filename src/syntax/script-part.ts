import type { Token } from "./token.js";

/** A statement of a script as it is written, white space and comments around it included. */
export interface ScriptPart {
  readonly text: string;
  /** Offset in the script; those of the tokens are there too. */
  readonly start: number;
  /** At least one. What is no word, name, text or bracket is an operator of one character. */
  readonly tokens: readonly Token[];
}
