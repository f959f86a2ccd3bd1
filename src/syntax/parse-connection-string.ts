import type { ConnectionPair } from "./connection-pair.js";
import * as grammar from "./generated/connection-string.js";
import { runGrammar } from "./syntax-error.js";

/** The pairs of `ApiKey=…;AccountId=…;Name="va;l""ue"`, in order. An error (42601) gives a position and repeats nothing of the text. */
export function parseConnectionString(text: string): readonly ConnectionPair[] {
  return runGrammar({
    text,
    parse: (input) => grammar.parse(input, { startRule: "Connection" }),
    GrammarError: grammar.SyntaxError,
    mayQuote: false,
  });
}
