import type { NamedColumn, Place } from "./place.js";
import { nothing } from "./place.js";
import type { Node } from "./statement-tree.js";
import { isSymbol, isWord, nameOf } from "./statement-tree.js";

const comparisons = ["IS NULL", "IS NOT NULL", "IN", "NOT IN", "LIKE", "ILIKE", "BETWEEN"];
const comparing = ["ON", "WHERE", "HAVING", "QUALIFY"];
export const operandWords = ["CASE", "CAST", "NULL", "TRUE", "FALSE", "INTERVAL"];
const conditionWords = ["NOT", "EXISTS", ...operandWords];

/** @param following What may follow the clause's last expression. */
export function inExpression(clause: string, rest: readonly Node[], following: readonly string[]): Place {
  const isCondition = comparing.includes(clause);
  if (isWord(rest.at(-1), "AS")) return nothing;
  if (isWord(rest.at(-1), "IS"))
    return { kind: "continuation", words: ["NULL", "NOT NULL", "TRUE", "FALSE", "DISTINCT FROM"] };
  if (isOperandWanted(rest)) {
    const words =
      clause === "SELECT" && rest.length === 0
        ? ["DISTINCT", ...operandWords]
        : isCondition
          ? conditionWords
          : operandWords;
    const joins = clause === "ON" && (rest.length === 0 || isWord(rest.at(-1), "AND"));
    return operand({ words, joins, beside: comparedColumn(rest) });
  }
  const isCompared = isCondition && !isComparisonWhole(rest);
  return { kind: "continuation", words: isCompared ? [...comparisons, ...following] : following };
}

export function operand(of: {
  readonly words: readonly string[];
  readonly joins?: boolean;
  readonly beside?: NamedColumn | undefined;
}): Place {
  return { kind: "operand", words: of.words, joins: of.joins ?? false, beside: of.beside };
}

/** `a = 1`, `a IS NULL`: then AND may follow, and no other comparison. */
function isComparisonWhole(rest: readonly Node[]): boolean {
  const start = rest.findLastIndex((node) => isWord(node, "AND", "OR", "NOT", "WHEN", "ON", "WHERE")) + 1;
  return rest
    .slice(start)
    .some(
      (node) =>
        isSymbol(node, "=", "<>", "!=", "<", ">", "<=", ">=") || isWord(node, "IS", "IN", "LIKE", "ILIKE", "BETWEEN"),
    );
}

const beforeOperand = [
  ..."AND OR NOT WHEN THEN ELSE CASE BETWEEN LIKE ILIKE IN BY DISTINCT ANY ALL SELECT WHERE ON HAVING".split(" "),
];

/** True where an expression, or the next part of one, is to begin. */
export function isOperandWanted(rest: readonly Node[]): boolean {
  const last = rest.at(-1);
  if (last === undefined) return true;
  if (last.kind === "symbol") return last.text !== "*" || !isStar(rest);
  return last.kind === "word" && isWord(last, ...beforeOperand);
}

/** `*` and `c.*`, where another would multiply. */
function isStar(rest: readonly Node[]): boolean {
  const previous = rest.at(-2);
  return previous === undefined || isSymbol(previous, ",", ".") || isWord(previous, "DISTINCT");
}

/** Of `c.Status = `, the column. */
export function comparedColumn(rest: readonly Node[]): NamedColumn | undefined {
  return isSymbol(rest.at(-1), "=", "<>", "!=") ? columnBefore(rest, 1) : undefined;
}

export function columnBefore(nodes: readonly Node[], behind: number): NamedColumn | undefined {
  const at = nodes.length - 1 - behind;
  const column = nameOf(nodes[at]);
  if (column === undefined) return undefined;
  return { column, qualifier: isSymbol(nodes[at - 1], ".") ? nameOf(nodes[at - 2]) : undefined };
}
