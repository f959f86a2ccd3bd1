import { SqlState } from "../error/sql-state.js";
import type { StripeSqlErrorOptions } from "../error/stripe-sql-error.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** What a generated parser throws. `expected` is null where a grammar's action raised it with its own message. */
export interface GrammarError extends Error {
  readonly expected: readonly Expectation[] | null;
  readonly location: { readonly start: { readonly offset: number } };
}

interface Expectation {
  readonly type: string;
  readonly description?: string;
  readonly text?: string;
}

export interface GrammarRun<Tree> {
  readonly text: string;
  readonly parse: (text: string) => Tree;
  readonly GrammarError: new () => GrammarError;
  /** False where the text may hold a secret: then no error repeats any of it. Default true. */
  readonly mayQuote?: boolean;
  /** Those of the grammar's own messages that tell of a limit rather than a mistake: they become a 54000. */
  readonly limits?: readonly string[];
}

/** Runs a generated parser; what it throws becomes a 42601 that says where it stopped and what could have followed. */
export function runGrammar<Tree>(run: GrammarRun<Tree>): Tree {
  try {
    return run.parse(run.text);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(error);
    if (!(error instanceof run.GrammarError)) throw error;
    if (run.limits?.includes(error.message)) throw beyondLimit(error);
    throw syntaxErrorOf(error, run.text, run.mayQuote ?? true);
  }
}

/** A generated parser goes as deep as its text is nested: past some thousands of brackets its stack is full. */
export function tooDeep(cause: unknown): StripeSqlError {
  return new StripeSqlError("text is nested too deeply", {
    sqlState: SqlState.programLimitExceeded,
    phase: "syntax",
    cause,
  });
}

function beyondLimit({ message, location }: GrammarError): StripeSqlError {
  return new StripeSqlError(message, {
    sqlState: SqlState.programLimitExceeded,
    phase: "syntax",
    position: location.start.offset,
  });
}

function syntaxErrorOf(error: GrammarError, text: string, mayQuote: boolean): StripeSqlError {
  const position = error.location.start.offset;
  const expected = error.expected === null ? [] : plainWords(error.expected);
  return syntaxError(error.expected === null ? error.message : foundMessage(text, position, mayQuote), {
    position,
    detail: expected.length === 0 ? undefined : `Expected ${listed(expected)}.`,
  });
}

export interface SyntaxErrorPlace extends Pick<StripeSqlErrorOptions, "detail" | "hint"> {
  readonly position: number | undefined;
}

export function syntaxError(message: string, place: SyntaxErrorPlace): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.syntaxError, phase: "syntax", ...place });
}

/** The message PostgreSQL gives at a place: `syntax error at or near "FOO"`, or `… at end of input`. */
export function foundMessage(text: string, position: number, mayQuote = true): string {
  const found = /^(?:[\p{L}\p{N}_$]+|.)/su.exec(text.slice(position, position + 80))?.[0];
  if (found === undefined) return "syntax error at end of input";
  return mayQuote ? `syntax error at or near "${visible(found)}"` : "syntax error";
}

/** A character that prints as nothing is named by its number. */
function visible(found: string): string {
  if (found === " " || !/^[\p{C}\p{Z}\p{M}]/u.test(found)) return found;
  return `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function plainWords(expected: readonly Expectation[]): readonly string[] {
  const words = expected.flatMap((one) =>
    one.type === "literal" ? [`"${one.text ?? ""}"`] : [one.description ?? []].flat(),
  );
  if (words.includes("INSERT") && words.includes("ROLLBACK"))
    return ["a statement such as SELECT, INSERT, UPDATE, DELETE, EXEC or EXPLAIN"];
  return [...new Set(words)].filter((word) => word !== "white space" && word !== '";"').sort();
}

function listed(words: readonly string[]): string {
  const last = words[words.length - 1] ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
