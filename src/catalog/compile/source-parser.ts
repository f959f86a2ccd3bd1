import { createRequire } from "node:module";
import type { Comment, Program } from "oxc-parser";

export interface ParsedSource {
  readonly program: Program;
  readonly comments: readonly Comment[];
}

/** Parses a JavaScript or declaration file; offsets count UTF-16 code units. */
export function parseSource(fileName: string, text: string): ParsedSource {
  const { program, comments, errors } = loadParser().parseSync(fileName, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${fileName}: ${error.message}`);
  return { program, comments };
}

let parser: typeof import("oxc-parser") | undefined;

/** The parser is a native module that only a compilation needs, so opening a cached catalog never loads it. */
function loadParser(): typeof import("oxc-parser") {
  parser ??= createRequire(import.meta.url)("oxc-parser") as typeof import("oxc-parser");
  return parser;
}
