import type { Atom } from "./atom.js";
import { parenthesised } from "./build-expression.js";
import { writeCall } from "./copy-call.js";
import { writeClauseWord } from "./copy-clause.js";
import { CopyCursor } from "./copy-cursor.js";
import {
  opaqueOperator,
  writeArrow,
  writeExpressionWord,
  writeList,
  writeSubscript,
  writeTypeCast,
} from "./copy-expression.js";
import { constantOf, writeWordLiteral } from "./copy-literal.js";
import { writeName, writeStar } from "./copy-name.js";
import { explicitConnectives } from "./explicit-connectives.js";
import type { SqlToken } from "./normalise.js";
import { NotUnderstood } from "./not-understood.js";
import { endsOperand } from "./operand.js";

/** A query rewritten so that node-sql-parser can be trusted with it, and what its placeholders stand for. */
export interface PlannerCopy {
  readonly text: string;
  readonly atoms: readonly Atom[];
}

/**
 * Names become "0", "1", …; literals and parameters $0, $1, …; calls, AND, OR, NOT, casts, subscripts, JSON
 * arrows and window functions plain calls of one placeholder. So no spelling of a name, string, number, type or
 * function is left for node-sql-parser to misread: it is asked for clauses, comparisons and arithmetic.
 */
export function plannerCopy(tokens: readonly SqlToken[]): PlannerCopy {
  requireShallow(tokens);
  const grouped = explicitConnectives(tokens);
  requireShallow(grouped);
  const cursor = new CopyCursor(grouped, writeToken);
  cursor.writeUntil(grouped.length);
  return { text: cursor.output.join(" "), atoms: cursor.atoms };
}

const depthLimit = 200;

/** Each level is gone through again for the one around it: deeper texts are left to DuckDB alone. */
function requireShallow(tokens: readonly SqlToken[]): void {
  let depth = 0;
  for (const { kind } of tokens) {
    if (kind === "open") depth += 1;
    if (kind === "close") depth -= 1;
    if (depth > depthLimit) throw new NotUnderstood("nesting");
  }
}

/** Keywords that stand in the copy as they are. */
const plainKeywords = new Set(
  (
    "SELECT DISTINCT WHERE GROUP BY HAVING ORDER LIMIT OFFSET UNION EXCEPT INTERSECT WITH AS ON USING JOIN LATERAL " +
    "LIKE ILIKE BETWEEN WHEN THEN ELSE ASC DESC"
  ).split(" "),
);

/** Words of clauses and operators that the planner has no rule for: the query is then not read at all. */
const unreadKeywords = new Set(
  (
    "QUALIFY TABLESAMPLE PIVOT UNPIVOT SUMMARIZE ASOF POSITIONAL SEMI ANTI NATURAL WINDOW SIMILAR GLOB ESCAPE ISNULL NOTNULL " +
    "ALL ANY SOME TABLE INTO FOR END AND OR"
  ).split(" "),
);

function writeToken(cursor: CopyCursor): void {
  writers[cursor.token.kind](cursor);
}

const writers: Readonly<Record<SqlToken["kind"], (cursor: CopyCursor) => void>> = {
  string: writeConstant,
  number: writeConstant,
  parameter: writeConstant,
  name: writeName,
  word: writeWord,
  operator: writeOperator,
  open: writeBracket,
  close: () => {
    throw new NotUnderstood("bracket");
  },
};

function writeConstant(cursor: CopyCursor): void {
  const constant = constantOf(cursor.token);
  if (constant === undefined) throw new NotUnderstood("constant");
  cursor.operand(constant, 1);
}

function writeWord(cursor: CopyCursor): void {
  const keyword = cursor.keyword() ?? "";
  if (cursor.symbol(1) === ".") writeName(cursor);
  else if (writeClauseWord(cursor) || writeExpressionWord(cursor) || writeWordLiteral(cursor)) return;
  else if (unreadKeywords.has(keyword)) throw new NotUnderstood(keyword);
  else if (plainKeywords.has(keyword)) cursor.emit(keyword, 1);
  else writeName(cursor);
}

const plainOperators = new Set("= <> < <= > >= + - * / % || ,".split(" "));
const otherSpellings: Readonly<Record<string, string>> = { "!=": "<>", "==": "=" };
const opaqueOperators = new Set("// ^ ** ~ !~ ~* !~* & | << >> ^@ @> && ~~ !~~ ~~* !~~* <@ <-> <=>".split(" "));

function writeOperator(cursor: CopyCursor): void {
  const { text } = cursor.token;
  if (text === "::") writeTypeCast(cursor);
  else if (text === "->" || text === "->>") writeArrow(cursor);
  else if (text === "*" && !endsOperand(cursor.before)) writeStar(cursor);
  else cursor.emit(copiedOperator(text), 1);
}

function copiedOperator(text: string): string {
  if (opaqueOperators.has(text)) return opaqueOperator;
  const plain = otherSpellings[text] ?? text;
  if (!plainOperators.has(plain)) throw new NotUnderstood("operator");
  return plain;
}

function writeBracket(cursor: CopyCursor): void {
  const { text } = cursor.token;
  if (text === "{") throw new NotUnderstood("struct");
  else if (text === "(") writeGroup(cursor);
  else if (endsOperand(cursor.before)) writeSubscript(cursor);
  else writeList(cursor);
}

/** Words that node-sql-parser takes for a function's name where a parenthesis follows: `(SELECT (a) = b)`. */
const mistakenForCalls = new Set(["SELECT", "DISTINCT", "CASE", "WHEN", "THEN", "ELSE"]);

function writeGroup(cursor: CopyCursor): void {
  if (mistakenForCalls.has(cursor.keyword(-1) ?? "")) writeCall(cursor, { name: "", build: () => parenthesised });
  else writeParentheses(cursor);
}

function writeParentheses(cursor: CopyCursor): void {
  const from = cursor.output.length;
  const close = cursor.close();
  cursor.emit("(", 1);
  cursor.writeUntil(close);
  cursor.emit(")", 1);
  cursor.operandFrom = from;
}
