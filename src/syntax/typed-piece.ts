import type { Token } from "./token.js";

/** A lexeme of typed text, or what stands between lexemes. The pieces of a text, joined, are the text. */
export interface TypedPiece {
  readonly kind: Exclude<Token["kind"], "open" | "close"> | "comment" | "space";
  readonly text: string;
  /** Offset in the text. */
  readonly start: number;
}
