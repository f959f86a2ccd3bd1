import * as grammar from "./generated/statement.js";
import type { RawStatement } from "./statement-tree.js";
import { runGrammar } from "./syntax-error.js";
import type { Token } from "./token.js";

/** The tokens of a text, in order. */
export function readTokens(text: string): readonly Token[] {
  return runGrammar({
    text,
    parse: (input) => grammar.parse(input, { startRule: "Tokens" }),
    GrammarError: grammar.SyntaxError,
  });
}

/** The statements of a script, their expressions still tokens. */
export function readStatements(text: string): readonly RawStatement[] {
  return runGrammar({
    text,
    parse: (input) => grammar.parse(input, { startRule: "Script" }),
    GrammarError: grammar.SyntaxError,
  });
}
