import { parse } from "lossless-json";
import type { Json } from "../../value/json.js";

/** A text that is no JSON, or JSON that is not taken. */
export class JsonError extends Error {
  /** Offset in the text, in UTF-16 code units from 0. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = "JsonError";
    this.position = position;
  }
}

/** Nesting of objects and lists that a text may have. */
const deepest = 100;

/**
 * JSON without what JSON.parse would change without a word: a number that no double holds exactly enough is kept as
 * its text, and a name that is given twice with different values is refused. So are `__proto__` and half a character.
 */
export function parseJson(text: string): Json {
  requireDepth(text);
  try {
    // The hooks give JSON's own types and nothing else.
    return parse(text, requirePlain, exactNumber) as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, message = "", position = "0"] = /^(.*?) at position (\d+)$/s.exec(error.message) ?? ["", error.message];
    throw new JsonError(message, Number(position));
  }
}

/** An integer past 2^53, or a number past every double, as its text. */
function exactNumber(text: string): number | string {
  const number = Number(text);
  // A text of megabytes may be more than a pattern that follows it to its end has stack for.
  const isRounded = Number.isInteger(number) && !Number.isSafeInteger(number) && !/[.eE]/.test(text);
  return Number.isFinite(number) && !isRounded ? number : text;
}

/** Half of a surrogate pair would be sent as another character. */
function requirePlain(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new SyntaxError('The name "__proto__" is not allowed');
  if ([key, value].some((text) => typeof text === "string" && /\p{Surrogate}/u.test(text))) {
    throw new SyntaxError("Half of a surrogate pair");
  }
  return value;
}

/** The reading of deeper texts would run out of stack. */
function requireDepth(text: string): void {
  let depth = 0;
  // Token by token: a pattern for whole quotations runs out of stack too, in one of a million escapes.
  let isQuoted = false;
  for (const { 0: token, index } of text.matchAll(/["[\]{}]|\\./gs)) {
    if (token === '"') isQuoted = !isQuoted;
    if (isQuoted || token === '"' || token.startsWith("\\")) continue;
    depth += token === "[" || token === "{" ? 1 : -1;
    if (depth > deepest) throw new JsonError(`More than ${deepest} levels of nesting`, index);
  }
}
