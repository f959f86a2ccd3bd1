import { isTimeWord } from "../value/timestamp.js";
import type { Expression } from "./expression.js";
import type { SqlToken } from "./normalise.js";
import { keywordOf, stringValueOf } from "./token.js";

/**
 * What tokens of a lone constant spell: a string, a number with or without its sign, TRUE, FALSE, NULL or a parameter.
 * Undefined for all else, and for spellings of a constant that only an engine should read: E'…', $$…$$, 0x1F, 1_000.
 */
export function readConstant(tokens: readonly SqlToken[]): Expression | undefined {
  const [first, second, ...rest] = tokens;
  if (first === undefined || rest.length > 0) return undefined;
  if (second === undefined) return ofOneToken(first);
  return first.text === "-" ? ofNumber(second, "-") : undefined;
}

function ofOneToken(token: SqlToken): Expression | undefined {
  switch (token.kind) {
    case "string":
      return isPlainString(token) ? stringLiteral(stringValueOf(token), token.start) : undefined;
    case "number":
      return ofNumber(token, "");
    case "parameter":
      return { kind: "parameter", index: (token.parameter ?? 1) - 1 };
    case "word":
      return ofWord(token);
    case "name":
    case "operator":
    case "open":
    case "close":
      return undefined;
  }
}

/** Where it stands matters of a word for a time alone. */
export function stringLiteral(value: string, position: number | undefined): Expression {
  const literal = { kind: "literal", value: { type: "string", value } } as const;
  return position !== undefined && isTimeWord(value) ? { ...literal, position } : literal;
}

function ofNumber(token: SqlToken, sign: "" | "-"): Expression | undefined {
  if (token.kind !== "number" || !/^\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?$/.test(token.text)) return undefined;
  return { kind: "literal", value: { type: "number", text: sign + token.text } };
}

function ofWord(token: SqlToken): Expression | undefined {
  const keyword = keywordOf(token);
  if (keyword === "NULL") return { kind: "literal", value: { type: "null" } };
  if (keyword !== "TRUE" && keyword !== "FALSE") return undefined;
  return { kind: "literal", value: { type: "boolean", value: keyword === "TRUE" } };
}

function isPlainString(token: SqlToken): boolean {
  return token.text.startsWith("'") && isPlainText(token.text);
}

/** Without NUL, at which a text ends for an engine written in C, and halves of surrogate pairs, which UTF-8 has not. */
export function isPlainText(text: string): boolean {
  return !/[\0\ud800-\udfff]/u.test(text);
}
