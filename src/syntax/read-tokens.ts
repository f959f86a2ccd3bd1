import { StripeSqlError } from "../error/stripe-sql-error.js";
import { explainForeignForm } from "./foreign-form.js";
import * as grammar from "./generated/statement.js";
import type { ScriptPart } from "./script-part.js";
import type { RawStatement } from "./statement-tree.js";
import { runGrammar } from "./syntax-error.js";
import type { Token } from "./token.js";
import type { TypedPiece } from "./typed-piece.js";
import type { TypedText } from "./typed-text.js";

/** The tokens of a text, in order. */
function readTokens(text: string): readonly Token[] {
  return runGrammar({
    text,
    parse: (input) => grammar.parse(input, { startRule: "Tokens" }),
    GrammarError: grammar.SyntaxError,
  });
}

/** The tokens of a text, or undefined for one that is cut short or otherwise no SQL. */
export function readTokensIfWhole(text: string): readonly Token[] | undefined {
  try {
    return readTokens(text);
  } catch (error) {
    if (error instanceof StripeSqlError) return undefined;
    throw error;
  }
}

/** The statements of a script, their expressions still tokens. */
export function readStatements(text: string): readonly RawStatement[] {
  try {
    return runGrammar({
      text,
      parse: (input) => grammar.parse(input, { startRule: "Script" }),
      GrammarError: grammar.SyntaxError,
    });
  } catch (error) {
    throw explainForeignForm(error, text);
  }
}

/** The statements of a script, parted by semicolons, of whatever dialect; fails with 42601 for an open quotation. */
export function splitScript(text: string): readonly ScriptPart[] {
  return runGrammar({
    text,
    parse: (input) => grammar.parse(input, { startRule: "Parts" }),
    GrammarError: grammar.SyntaxError,
  });
}

/** What was typed so far, split at the semicolons that stand outside of quotations and comments. Any text will do. */
export function splitTyped(text: string): TypedText {
  try {
    return grammar.parse(text, { startRule: "Typed" });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Comments nested past the stack's depth: whoever runs the text says so.
    return { statements: [text], rest: "", open: undefined };
  }
}

/** Any text, piece by piece: what is not closed goes to the end. */
export function typedPieces(text: string): readonly TypedPiece[] {
  try {
    return grammar.parse(text, { startRule: "Pieces" });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ kind: "comment", text, start: 0 }];
  }
}
