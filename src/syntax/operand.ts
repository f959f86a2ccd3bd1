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

/** Index of the bracket that the one at `index` closes. */
function matchingOpen(tokens: readonly Token[], index: number): number {
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
 * Where the operand begins that ends at `index`, as `::` and subscripts bind: a.b, f(x).y, (x), x[1], x::type,
 * 'text', $1. Undefined where it is none of these, as CASE … END.
 */
export function operandStart(tokens: readonly Token[], index: number): number | undefined {
  const token = tokens[index];
  if (token === undefined || !endsOperand(token) || keywordOf(token) === "END") return undefined;
  const start = token.kind === "close" ? groupStart(tokens, index) : index;
  const joint = start === undefined ? undefined : tokens[start - 1]?.text;
  return start !== undefined && (joint === "." || joint === "::") ? operandStart(tokens, start - 2) : start;
}

function groupStart(tokens: readonly Token[], index: number): number | undefined {
  const open = matchingOpen(tokens, index);
  const before = tokens[open - 1];
  if (!endsOperand(before)) return open;
  if (tokens[open]?.text === "[") return operandStart(tokens, open - 1);
  return before?.kind === "word" || before?.kind === "name" ? open - 1 : open;
}
