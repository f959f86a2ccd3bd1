import { castTo, joinedBy, jsonAccess, opaque } from "./build-expression.js";
import { writeCall } from "./copy-call.js";
import type { CopyCursor } from "./copy-cursor.js";
import { constantOf } from "./copy-literal.js";
import type { SqlToken } from "./normalise.js";
import { NotUnderstood } from "./not-understood.js";
import { matchingClose } from "./operand.js";
import { keywordOf } from "./token.js";
import { endOfType, typeName } from "./type-name.js";

/**
 * Stands for operators that no rule reads: one of node-sql-parser's own that makes no comparison, so that what
 * it joins is never taken for a predicate.
 */
export const opaqueOperator = "<@";

/** Words inside expressions. True where one was written. */
export function writeExpressionWord(cursor: CopyCursor): boolean {
  if (cursor.token.role !== undefined) return connective(cursor, cursor.token.role);
  switch (cursor.keyword()) {
    case "NOT":
      return not(cursor);
    case "IS":
      return is(cursor);
    case "IN":
      return inList(cursor);
    case "ANY":
    case "SOME":
    case "ALL":
      return quantified(cursor);
    case "CAST":
    case "TRY_CAST":
      return cast(cursor);
    case "CASE":
      return choice(cursor);
    case "AT":
      return atTimeZone(cursor);
    case "COLLATE":
      return collate(cursor);
    case "ARRAY":
      return array(cursor);
  }
  return false;
}

function connective(cursor: CopyCursor, role: NonNullable<SqlToken["role"]>): true {
  if (role === "between") {
    cursor.emit("AND", 1);
    return true;
  }
  cursor.skip(1);
  writeCall(cursor, { name: "", build: () => joinedBy(role) });
  return true;
}

const negatable = new Set(["IN", "LIKE", "ILIKE", "BETWEEN"]);

/** The NOT of an operator: one before an operand has become a call. */
function not(cursor: CopyCursor): true {
  if (!negatable.has(cursor.keyword(1) ?? "")) throw new NotUnderstood("NOT");
  cursor.emit("NOT", 1);
  return true;
}

function is(cursor: CopyCursor): true {
  const isNegated = cursor.keyword(1) === "NOT";
  const what = cursor.keyword(isNegated ? 2 : 1);
  const count = isNegated ? 3 : 2;
  if (what === "DISTINCT") cursor.emit(opaqueOperator, count + 1);
  else if (what === "NULL" || what === "UNKNOWN") cursor.emit(isNegated ? "IS NOT NULL" : "IS NULL", count);
  else if (what === "TRUE" || what === "FALSE") cursor.emit(isNegated ? `IS NOT ${what}` : `IS ${what}`, count);
  else throw new NotUnderstood("IS");
  return true;
}

/** A list of literals and parameters alone is one placeholder. */
function inList(cursor: CopyCursor): true {
  cursor.emit("IN", 1);
  if (cursor.symbol() !== "(") throw new NotUnderstood("IN");
  const close = cursor.close();
  const items = cursor.tokens
    .slice(cursor.index + 1, close)
    .filter((_, at) => at % 2 === 0)
    .map(constantOf);
  const commas = cursor.tokens.slice(cursor.index + 1, close).filter((_, at) => at % 2 === 1);
  const constants = items.filter((item) => item !== undefined);
  if (items.length === 0 || constants.length < items.length || commas.some(({ text }) => text !== ",")) return true;
  cursor.emit(`( $${cursor.atom({ kind: "list", items: constants })} )`, close + 1 - cursor.index);
  return true;
}

/** `= ANY (…)` compares with no constant, whatever it holds. */
function quantified(cursor: CopyCursor): boolean {
  if (cursor.symbol(1) !== "(" || cursor.before?.kind !== "operator") return false;
  const comparison = cursor.output.pop();
  if (comparison === undefined) return false;
  cursor.emit(opaqueOperator, 1);
  writeCall(cursor, { name: "", build: () => opaque });
  return true;
}

function cast(cursor: CopyCursor): boolean {
  if (cursor.symbol(1) !== "(") return false;
  const close = cursor.close(1);
  const as = topLevelWord(cursor, "AS", cursor.index + 2, close);
  const type = typeName(cursor.tokens.slice(as + 1, close));
  const build = cursor.keyword() === "CAST" ? castTo(type) : opaque;
  const from = cursor.output.length;
  cursor.emit(`"${cursor.atom({ kind: "call", own: 1, build })}" (`, 2);
  cursor.writeUntil(as);
  cursor.emit(")", close + 1 - as);
  cursor.operandFrom = from;
  return true;
}

function topLevelWord(cursor: CopyCursor, word: string, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    if (cursor.tokens[at]?.kind === "open") at = matchingClose(cursor.tokens, at);
    else if (keywordOf(cursor.tokens[at]) === word) return at;
  }
  throw new NotUnderstood(word);
}

function choice(cursor: CopyCursor): true {
  const from = cursor.output.length;
  cursor.emit("CASE", 1);
  while (cursor.keyword() !== "END") cursor.writeToken();
  cursor.emit("END", 1);
  cursor.operandFrom = from;
  return true;
}

function atTimeZone(cursor: CopyCursor): boolean {
  if (cursor.keyword(1) !== "TIME" || cursor.keyword(2) !== "ZONE") return false;
  cursor.skip(3);
  cursor.wrapOperand(opaque, 2, () => {
    cursor.emit(",");
    cursor.writeToken();
  });
  return true;
}

function collate(cursor: CopyCursor): boolean {
  cursor.skip(2);
  cursor.wrapOperand(opaque, 1);
  return true;
}

function array(cursor: CopyCursor): boolean {
  if (cursor.symbol(1) !== "[") return false;
  cursor.skip(1);
  writeList(cursor);
  return true;
}

/** `[a, b]`: the index is at its bracket. */
export function writeList(cursor: CopyCursor): void {
  const from = cursor.output.length;
  const close = cursor.close();
  const place = cursor.atom({ kind: "list", items: [] });
  cursor.emit(`"${place}" (`, 1);
  const own = writeItems(cursor, close);
  cursor.emit(")", 1);
  cursor.atoms[place] = { kind: "call", own, build: opaque };
  cursor.operandFrom = from;
}

function writeItems(cursor: CopyCursor, close: number): number {
  let count = 0;
  while (cursor.index < close) {
    if (count > 0) cursor.emit(",", 1);
    cursor.writeItem(close);
    count += 1;
  }
  return count;
}

/** `x[i]`: the index is at its bracket. */
export function writeSubscript(cursor: CopyCursor): void {
  const close = cursor.close();
  cursor.skip(1);
  cursor.wrapOperand(opaque, 2, () => {
    cursor.emit(",");
    cursor.writeUntil(close);
  });
  cursor.skip(1);
}

/** `x::type`: the index is at the colons. */
export function writeTypeCast(cursor: CopyCursor): void {
  const start = cursor.index + 1;
  const end = endOfType(cursor.tokens, start, (open) => matchingClose(cursor.tokens, open));
  cursor.wrapOperand(castTo(typeName(cursor.tokens.slice(start, end))), 1);
  cursor.index = end;
}

/** `x -> 'key'`: the index is at the arrow. Arrows left without parentheses bind in DuckDB's own way and are not read. */
export function writeArrow(cursor: CopyCursor): void {
  const key = constantOf(cursor.tokens[cursor.index + 1]);
  if (key === undefined || cursor.symbol(2) !== ")") throw new NotUnderstood("arrow");
  const asText = cursor.token.text === "->>";
  cursor.skip(1);
  cursor.wrapOperand(jsonAccess(asText), 2, () => {
    cursor.emit(",");
    cursor.writeToken();
  });
}
