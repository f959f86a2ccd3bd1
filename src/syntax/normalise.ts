import { quoteName } from "../value/quote.js";
import { endsOperand, operandStart } from "./operand.js";
import type { ParameterNumbering } from "./parameter-numbering.js";
import type { SqlPlace, SqlText } from "./sql-text.js";
import type { Token } from "./token.js";
import { keywordOf, nameOf } from "./token.js";

/** A token with the text that DuckDB is given for it. */
export interface SqlToken extends Token {
  readonly sql: string;
  /** What stands before it: nothing, or white space, of which a line break is kept. Comments are dropped. The first has " ". */
  readonly gap: "" | " " | "\n";
  /** A parameter's number, from 1. */
  readonly parameter?: number;
  /** True for one that is not in the script: what it stands for is no part of an error's place. */
  readonly isOurs?: true;
}

/**
 * Makes our quoting and parameters DuckDB's: [Name] and `Name` become "Name", every parameter $1, $2, …,
 * information_schema is redirected to ours, and JSON arrows bind as PostgreSQL's do.
 */
export function normalise(
  tokens: readonly Token[],
  source: string,
  numbering: ParameterNumbering,
): readonly SqlToken[] {
  const resolved = resolveColons(resolveBrackets(tokens, source));
  return bindArrows(resolved.map((token, index) => sqlToken(resolved, index, { token, source, numbering })));
}

/** Text of the tokens, as DuckDB takes it, with a place for each token of the script. */
export function printTokens(tokens: readonly SqlToken[]): SqlText {
  const places: SqlPlace[] = [];
  const parts: string[] = [];
  let start = 0;
  for (const { gap, sql, start: position, isOurs } of tokens) {
    if (parts.length > 0) {
      parts.push(gap);
      start += gap.length;
    }
    if (isOurs !== true) places.push({ start, length: sql.length, position });
    parts.push(sql);
    start += sql.length;
  }
  return { sql: parts.join(""), places };
}

/** A token that the script does not have. */
export function ourToken(kind: Token["kind"], text: string): SqlToken {
  return { kind, text, sql: text, start: 0, gap: " ", isOurs: true };
}

export function ourName(name: string): SqlToken {
  return ourToken("name", quoteName(name));
}

const constants = new Set(["NULL", "TRUE", "FALSE"]);

/**
 * A bracket pair is a quoted name where it holds nothing but words and no operand stands before it: `FROM [My Table]`,
 * `c.[Email]`. Else it stays DuckDB's subscript or list: `x[1]`, `x[i]`, `[1, 2]`, `['a']`, `ARRAY[a]`.
 */
function resolveBrackets(tokens: readonly Token[], source: string): readonly Token[] {
  const result: Token[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) continue;
    const close =
      token.text === "[" && !endsOperand(result[result.length - 1]) ? closeOfWords(tokens, index) : undefined;
    const end = close === undefined ? undefined : tokens[close];
    if (close === undefined || end === undefined) {
      result.push(token);
      continue;
    }
    result.push({ kind: "name", text: source.slice(token.start, end.start + 1), start: token.start });
    index = close;
  }
  return result;
}

function closeOfWords(tokens: readonly Token[], open: number): number | undefined {
  let index = open + 1;
  while (tokens[index]?.kind === "word" && !constants.has(keywordOf(tokens[index]) ?? "")) index += 1;
  return index > open + 1 && tokens[index]?.text === "]" ? index : undefined;
}

/** `:name` behind an operand is a slice or a struct's colon and a name: `x[1:n]`, `{'a':b}`. */
function resolveColons(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(({ kind }) => kind === "parameter")) return tokens;
  return tokens.flatMap((token, index): readonly Token[] => {
    if (token.kind !== "parameter" || !token.text.startsWith(":") || !endsOperand(tokens[index - 1])) return [token];
    return [
      { kind: "operator", text: ":", start: token.start },
      { kind: "word", text: token.text.slice(1), start: token.start + 1 },
    ];
  });
}

interface TokenPlace {
  readonly token: Token;
  readonly source: string;
  readonly numbering: ParameterNumbering;
}

function sqlToken(tokens: readonly Token[], index: number, place: TokenPlace): SqlToken {
  const { token, source, numbering } = place;
  const previous = tokens[index - 1];
  const gap = previous === undefined ? " " : gapBetween(previous, token, source);
  if (token.kind === "parameter") {
    const parameter = numbering.number(token);
    return { ...token, gap, parameter, sql: `$${parameter}` };
  }
  // Of many thousand values in a list, each is a token: what is spread takes a multiple of the time.
  const { kind, text, start } = token;
  return { kind, text, start, gap, sql: sqlOf(token, tokens[index + 1]) };
}

/** A digit right behind a parameter would be one of its number: `?1` is $1 and 1, not $11. */
function gapBetween(previous: Token, token: Token, source: string): SqlToken["gap"] {
  const end = previous.start + previous.text.length;
  const gap = end === token.start ? "" : gapOf(source.slice(end, token.start));
  return gap === "" && previous.kind === "parameter" && /^\w/.test(token.text) ? " " : gap;
}

function gapOf(text: string): "" | " " | "\n" {
  if (text === "") return "";
  return /[\r\n]/.test(text) ? "\n" : " ";
}

function sqlOf(token: Token, next: Token | undefined): string {
  if (token.kind !== "name" && token.kind !== "word") return token.text;
  const name = nameOf(token);
  if (next?.text === "." && name.toLowerCase() === "information_schema") return "stripe_information_schema";
  return token.kind === "word" ? name : quoteName(name);
}

/** The name that a token stands for in the engine's text: information_schema is redirected there. */
export function nameForEngine(token: SqlToken): string {
  return nameOf({ ...token, text: token.sql });
}

/**
 * DuckDB's `->` binds more loosely than OR and its `->>` more loosely than NOT's operand, PostgreSQL's tighter
 * than any comparison: `a -> 'b' ->> 'c' = 'x'` becomes `((a -> 'b') ->> 'c') = 'x'`.
 */
function bindArrows(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const result: SqlToken[] = [];
  // Of a chain of arrows each operand begins where the one before does: it is not searched for again.
  let bound: { readonly start: number; readonly end: number } | undefined;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) continue;
    const key = tokens[index + 1];
    const last = result.length - 1;
    const operand = () => (bound?.end === last ? bound.start : operandStart(result, last));
    const start = isArrow(token) && isWholeKey(key, tokens[index + 2]) ? operand() : undefined;
    const first = start === undefined ? undefined : result[start];
    if (start === undefined || first === undefined || key === undefined) {
      result.push(token);
      continue;
    }
    result.splice(start, 1, { ...ourToken("open", "("), gap: first.gap }, { ...first, gap: "" });
    result.push(token, key, { ...ourToken("close", ")"), gap: "" });
    bound = { start, end: result.length - 1 };
    index += 1;
  }
  return result;
}

function isArrow(token: Token | undefined): boolean {
  return token?.kind === "operator" && (token.text === "->" || token.text === "->>");
}

function isWholeKey(key: Token | undefined, next: Token | undefined): boolean {
  if (key?.kind !== "string" && key?.kind !== "number" && key?.kind !== "parameter") return false;
  return next?.text !== "::" && next?.text !== "[" && next?.text !== ".";
}
