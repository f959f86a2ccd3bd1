import { createRequire } from "node:module";
import type { ParseResult } from "libpg-query";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { TextOffsets } from "../../syntax/postgres/text-offsets.js";
import type { TextBounds } from "../../syntax/text-bounds.js";
import { requireWithinBounds } from "../../syntax/text-bounds.js";

/** What a text of one or more statements may hold. */
const bounds: TextBounds = { length: 256 * 1024, semicolons: 1000, depth: 1000, conjunctions: 5000 };

/**
 * PostgreSQL's own raw parse tree of a text that may hold several statements, or none. The parser, 1.7 MB, is loaded when
 * it is first needed. Errors: 42601 with its place, 0A000 for what PostgreSQL knows and does not do, 54000 for a text that
 * is too long or nested too deeply, 22021 for characters that no text of PostgreSQL's has.
 */
export async function parsePostgres(text: string): Promise<ParseResult> {
  requireWithinBounds(text, bounds);
  requireShortOperators(text);
  requireCharacters(text);
  parser ??= loadParser();
  const loaded = parser;
  const serialized = run(await loaded, text);
  // The cast: libpg-query's types are those of what its parser prints.
  return JSON.parse(serialized) as ParseResult;
}

/** Undefined until it is first needed, and after one has been given up. */
let parser: Promise<Parser> | undefined;

/** The parser's memory, and what is called in it; pointers are offsets into the memory. */
interface Parser {
  readonly _malloc: (bytes: number) => number;
  readonly _free: (pointer: number) => void;
  readonly _wasm_parse_query_raw: (text: number) => number;
  readonly _wasm_free_parse_result: (result: number) => void;
  readonly getValue: (pointer: number, type: "i32") => number;
  readonly lengthBytesUTF8: (text: string) => number;
  readonly stringToUTF8: (text: string, pointer: number, bytes: number) => void;
  readonly UTF8ToString: (pointer: number) => string;
}

/**
 * The package's own functions keep one parser for good, and one whose stack has overflowed has lost part of its memory:
 * after some dozens of such texts it reads no more. So it is made here, and made anew after each.
 */
function loadParser(): Promise<Parser> {
  const create: () => Promise<Parser> = createRequire(import.meta.url)("libpg-query/wasm/libpg-query.js");
  return create();
}

/** The tree as JSON. */
function run(module: Parser, text: string): string {
  try {
    return parse(module, text);
  } catch (error) {
    if (error instanceof StripeSqlError) throw error;
    parser = undefined;
    throw new StripeSqlError("text is nested too deeply", {
      sqlState: SqlState.programLimitExceeded,
      phase: "syntax",
      hint: "Compare with many values by IN (…), and part a long expression.",
      cause: error,
    });
  }
}

/** Of PgQueryParseResult: the tree, what was written to standard error, and the error, each a pointer of 4 bytes. */
function parse(module: Parser, text: string): string {
  const bytes = module.lengthBytesUTF8(text) + 1;
  const pointer = module._malloc(bytes);
  module.stringToUTF8(text, pointer, bytes);
  const result = module._wasm_parse_query_raw(pointer);
  const failure = module.getValue(result + 8, "i32");
  const error = failure === 0 ? undefined : readError(module, failure);
  const tree = error === undefined ? module.UTF8ToString(module.getValue(result, "i32")) : "";
  module._free(pointer);
  module._wasm_free_parse_result(result);
  if (error !== undefined) throw refusal(error, text);
  return tree;
}

interface ParserError {
  readonly message: string;
  /** In characters from 1; 0 where there is none. */
  readonly cursor: number;
}

/** Of PgQueryError: message, function, file, line, and the place in the text. */
function readError(module: Parser, pointer: number): ParserError {
  return {
    message: module.UTF8ToString(module.getValue(pointer, "i32")),
    cursor: module.getValue(pointer + 16, "i32"),
  };
}

function refusal({ message, cursor }: ParserError, text: string): StripeSqlError {
  const isTooDeep = message.startsWith("memory exhausted");
  return new StripeSqlError(isTooDeep ? "text is nested too deeply" : message, {
    sqlState: isTooDeep
      ? SqlState.programLimitExceeded
      : /\bnot (?:yet )?implemented\b/.test(message)
        ? SqlState.featureNotSupported
        : SqlState.syntaxError,
    phase: "syntax",
    position: cursor < 1 ? undefined : new TextOffsets(text).ofCharacter(cursor - 1),
  });
}

/** Characters of a row of operators, squared and added up. */
const mostSteps = 100_000_000;

/**
 * PostgreSQL's scanner looks to the end of a row of operators' characters for each operator and comment that begins in it:
 * of 200,000 signs, or comments without a space between them, it would take minutes.
 */
function requireShortOperators(text: string): void {
  let steps = 0;
  for (const { 0: operators, index } of text.matchAll(/[~!@#^&|`?+\-*/%<>=]{64,}/g)) {
    steps += operators.length ** 2;
    if (steps > mostSteps)
      throw new StripeSqlError("the text holds too long a row of operators", {
        sqlState: SqlState.programLimitExceeded,
        phase: "syntax",
        position: index,
      });
  }
}

/** A text ends at NUL for what is written in C, and UTF-8 has no halves of surrogate pairs. */
function requireCharacters(text: string): void {
  const index = text.search(/[\0\ud800-\udfff]/u);
  if (index < 0) return;
  throw new StripeSqlError('invalid byte sequence for encoding "UTF8"', {
    sqlState: SqlState.untranslatableCharacter,
    phase: "syntax",
    position: index,
  });
}
