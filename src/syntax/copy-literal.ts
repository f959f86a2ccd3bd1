import { castTo, opaque } from "./build-expression.js";
import type { CopyCursor } from "./copy-cursor.js";
import type { Expression, Literal } from "./expression.js";
import type { SqlToken } from "./normalise.js";
import { NotUnderstood } from "./not-understood.js";
import { stringValueOf } from "./token.js";
import { typedLiteralString, typeName } from "./type-name.js";

const intervalUnit =
  /^(?:YEAR|QUARTER|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND|MILLISECOND|MICROSECOND|DECADE|CENTURY|MILLENNIUM)S?$/;
const currentTimes = new Set(["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"]);

/** The expression that one token spells, or undefined where it takes more. */
export function constantOf(token: SqlToken | undefined): Expression | undefined {
  switch (token?.kind) {
    case "string":
      return { kind: "literal", value: { type: "string", value: stringValueOf(token) } };
    case "number":
      return { kind: "literal", value: { type: "number", text: token.text.replaceAll("_", "") } };
    case "parameter":
      return { kind: "parameter", index: (token.parameter ?? 1) - 1 };
    case "word":
    case "name":
    case "operator":
    case "open":
    case "close":
    case undefined:
      return undefined;
  }
}

/** Literals spelt with words: TRUE, INTERVAL '7 days', DATE '…', CURRENT_DATE. True where one was written. */
export function writeWordLiteral(cursor: CopyCursor): boolean {
  return constantWord(cursor) || interval(cursor) || typedLiteral(cursor) || currentTime(cursor);
}

const constantWords: Readonly<Record<string, Literal>> = {
  NULL: { type: "null" },
  TRUE: { type: "boolean", value: true },
  FALSE: { type: "boolean", value: false },
};

function constantWord(cursor: CopyCursor): boolean {
  const value = constantWords[cursor.keyword() ?? ""];
  if (value === undefined) return false;
  cursor.operand({ kind: "literal", value }, 1);
  return true;
}

function interval(cursor: CopyCursor): boolean {
  const quantity = cursor.tokens[cursor.index + 1];
  if (cursor.keyword() !== "INTERVAL" || quantity === undefined) return false;
  if (quantity.kind === "string") return literalInterval(cursor, stringValueOf(quantity));
  if (quantity.kind === "number") return literalInterval(cursor, quantity.text);
  return quantity.kind === "parameter" || quantity.text === "(" ? computedInterval(cursor) : false;
}

function literalInterval(cursor: CopyCursor, quantity: string): true {
  const unit = unitAt(cursor, 2);
  if (cursor.keyword(3) === "TO") throw new NotUnderstood("INTERVAL … TO");
  if (unit === undefined) cursor.operand({ kind: "interval", text: quantity }, 2);
  else cursor.operand({ kind: "interval", text: `${quantity} ${unit}` }, 3);
  return true;
}

/** `INTERVAL (n) DAY`: no constant that a rule reads. */
function computedInterval(cursor: CopyCursor): true {
  cursor.skip(1);
  cursor.writeToken();
  cursor.wrapOperand(opaque, 1);
  if (unitAt(cursor, 0) !== undefined) cursor.skip(1);
  return true;
}

function unitAt(cursor: CopyCursor, offset: number): string | undefined {
  const word = cursor.keyword(offset);
  return word !== undefined && intervalUnit.test(word) ? word.toLowerCase() : undefined;
}

function typedLiteral(cursor: CopyCursor): boolean {
  const string = typedLiteralString(cursor.tokens, cursor.index);
  const literal = string === undefined ? undefined : constantOf(cursor.tokens[string]);
  if (string === undefined || literal === undefined) return false;
  const type = typeName(cursor.tokens.slice(cursor.index, string));
  cursor.operand(castTo(type)([literal]), string + 1 - cursor.index);
  return true;
}

function currentTime(cursor: CopyCursor): boolean {
  const keyword = cursor.keyword() ?? "";
  if (!currentTimes.has(keyword) || cursor.symbol(1) === "(" || cursor.symbol(1) === ".") return false;
  cursor.operand({ kind: "call", name: keyword.toLowerCase(), arguments: [], distinct: false, window: false }, 1);
  return true;
}
