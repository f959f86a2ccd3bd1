import { callNamed, opaque } from "./build-expression.js";
import { writeCall } from "./copy-call.js";
import type { CopyCursor } from "./copy-cursor.js";
import type { SqlToken } from "./normalise.js";
import { NotUnderstood } from "./not-understood.js";
import { endsOperand } from "./operand.js";
import { keywordOf, nameOf } from "./token.js";

/** A name or a chain of them, `t.*`, a call, or an alias with its columns. */
export function writeName(cursor: CopyCursor): void {
  const isAlias = endsOperand(cursor.before) || cursor.keyword(-1) === "AS";
  const from = cursor.output.length;
  const mark = cursor.atoms.length;
  const chain = writeChain(cursor);
  if (cursor.symbol() === "*") writeStar(cursor, chain);
  else if (cursor.symbol(1) !== "(") cursor.emit(chain + part(cursor), 1);
  else if (isAlias || namesCommonTable(cursor)) writeAliasWithColumns(cursor);
  else writeNamedCall(cursor, mark);
  cursor.operandFrom = from;
}

/** The `a.b.` of `a.b.c`: node-sql-parser takes no space beside a dot. */
function writeChain(cursor: CopyCursor): string {
  let chain = "";
  while (cursor.symbol(1) === ".") {
    chain += `${part(cursor)}.`;
    cursor.skip(2);
  }
  return chain;
}

function part(cursor: CopyCursor): string {
  return `"${cursor.nameAtom(nameToken(cursor.token))}"`;
}

function nameToken(token: SqlToken): SqlToken {
  if (token.kind !== "word" && token.kind !== "name") throw new NotUnderstood("name");
  return token;
}

function writeAliasWithColumns(cursor: CopyCursor): void {
  const close = cursor.close(1);
  const inner = cursor.tokens.slice(cursor.index + 2, close);
  const isList = inner.every((token, at) =>
    at % 2 === 1 ? token.text === "," : token.kind === "word" || token.kind === "name",
  );
  if (!isList || inner.length === 0) throw new NotUnderstood("alias");
  const columns = inner.filter((_, at) => at % 2 === 0).map(nameOf);
  cursor.emit(`"${cursor.nameAtom(cursor.token, columns)}"`, close + 1 - cursor.index);
}

/** WITH name (columns) AS ( */
function namesCommonTable(cursor: CopyCursor): boolean {
  const after = cursor.tokens[cursor.close(1) + 2];
  const isAs = keywordOf(cursor.tokens[cursor.close(1) + 1]) === "AS";
  return isAs && (after?.text === "(" || keywordOf(after) === "NOT" || keywordOf(after) === "MATERIALIZED");
}

/** `schema.f(x)` is a call of f: the atoms of its chain are taken back. */
function writeNamedCall(cursor: CopyCursor, mark: number): void {
  cursor.atoms.splice(mark);
  const name = nameOf(nameToken(cursor.token)).toLowerCase();
  cursor.skip(1);
  writeCall(cursor, { name, build: (manner) => callNamed(name, manner) });
}

const starModifiers = new Set(["EXCLUDE", "EXCEPT", "REPLACE", "RENAME"]);

/** `*`, or `* EXCLUDE (…)`, which names fewer columns than all but is no plain star. */
export function writeStar(cursor: CopyCursor, chain = ""): void {
  if (modifiesStar(cursor)) writeModifiedStar(cursor, chain);
  else cursor.emit(`${chain}*`, 1);
}

function writeModifiedStar(cursor: CopyCursor, chain: string): void {
  if (chain !== "") throw new NotUnderstood("star");
  cursor.skip(1);
  while (modifiesStar(cursor, 0)) skipModifier(cursor);
  cursor.operand(opaque([{ kind: "star", table: undefined }]), 0);
}

function modifiesStar(cursor: CopyCursor, offset = 1): boolean {
  const next = cursor.keyword(offset + 1);
  return starModifiers.has(cursor.keyword(offset) ?? "") && next !== "SELECT" && next !== "ALL" && next !== "DISTINCT";
}

function skipModifier(cursor: CopyCursor): void {
  const end = cursor.symbol(1) === "(" ? cursor.close(1) : cursor.index + 1;
  const skipped = cursor.tokens.slice(cursor.index, end);
  if (skipped.some((token) => keywordOf(token) === "SELECT")) throw new NotUnderstood("star");
  cursor.skip(end + 1 - cursor.index);
}
