import type { Token } from "./token.js";
import { keywordOf } from "./token.js";

/** Words after which an operand begins: a bracket behind one opens a name or a list, never a subscript. */
const beforeOperand = new Set(
  (
    "SELECT DISTINCT ALL FROM WHERE AND OR NOT IN IS LIKE ILIKE SIMILAR TO GLOB ESCAPE BETWEEN CASE WHEN THEN ELSE BY ON USING " +
    "HAVING LIMIT OFFSET FETCH AS SET VALUES RETURNING JOIN INTO TABLE UNION EXCEPT INTERSECT INTERVAL QUALIFY LATERAL " +
    "SUMMARIZE PIVOT UNPIVOT WITH RECURSIVE"
  ).split(" "),
);

/** Does an operand end with this token: is what follows an operator, a subscript or an alias? */
export function endsOperand(token: Token | undefined): boolean {
  if (token === undefined || token.kind === "operator" || token.kind === "open") return false;
  const keyword = keywordOf(token);
  return keyword === undefined || !beforeOperand.has(keyword);
}

const closing: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Index of the bracket that the one at `index` closes. */
export function matchingOpen(tokens: readonly Token[], index: number): number {
  let depth = 0;
  for (let at = index; at >= 0; at -= 1) {
    const token = tokens[at];
    if (token?.kind === "close") depth += 1;
    if (token?.kind === "open") depth -= 1;
    if (depth === 0) return at;
  }
  return 0;
}

/** Index of the bracket that closes the one at `index`. */
export function matchingClose(tokens: readonly Token[], index: number): number {
  let depth = 0;
  for (let at = index; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === "open") depth += 1;
    if (token?.kind === "close") depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length - 1;
}

/**
 * Where the operand begins that ends at `index`, as `::` and subscripts bind: a.b, f(x), (x), x[1], x::type,
 * 'text', $1. Undefined where it is none of these, as CASE … END.
 */
export function operandStart(tokens: readonly Token[], index: number): number | undefined {
  const token = tokens[index];
  if (token === undefined || !endsOperand(token) || keywordOf(token) === "END") return undefined;
  const primary = token.kind === "close" ? groupStart(tokens, index) : nameStart(tokens, index);
  const isCastType = primary !== undefined && tokens[primary - 1]?.text === "::";
  return isCastType ? operandStart(tokens, primary - 2) : primary;
}

function groupStart(tokens: readonly Token[], index: number): number | undefined {
  const open = matchingOpen(tokens, index);
  const before = tokens[open - 1];
  const text = closing[tokens[index]?.text ?? ""];
  if (text === "[" && endsOperand(before)) return operandStart(tokens, open - 1);
  const isCall = text === "(" && endsOperand(before) && (before?.kind === "word" || before?.kind === "name");
  return isCall ? nameStart(tokens, open - 1) : open;
}

function nameStart(tokens: readonly Token[], index: number): number {
  let start = index;
  while (tokens[start - 1]?.text === "." && endsOperand(tokens[start - 2])) start -= 2;
  return start;
}
