import { columnBefore, comparedColumn, isOperandWanted, operand, operandWords } from "./expression-place.js";
import type { Place } from "./place.js";
import { nothing } from "./place.js";
import type { Node } from "./statement-tree.js";
import { isSymbol, isWord, nameOf } from "./statement-tree.js";

/** In parentheses that hold no query, at least not yet: a list, a call's arguments, or a part of an expression. */
export function inParentheses(before: readonly Node[], around: readonly Node[]): Place {
  const last = around.at(-1);
  if (isWord(last, "IN")) {
    const beside = columnBefore(around, isWord(around.at(-2), "NOT") ? 2 : 1);
    return isOperandWanted(before) ? operand({ words: ["SELECT"], beside }) : nothing;
  }
  if (isWord(last, "USING") && around.some((node) => isWord(node, "JOIN"))) return { kind: "common-column" };
  const row = insertedValue(before, around);
  if (row !== undefined) return row;
  if (isInsertedList(around)) return { kind: "written-column", by: "insert", given: namesIn(before) };
  if (before.length === 0 && opensQuery(last)) return { kind: "continuation", words: ["SELECT", "WITH"] };
  if (isWord(last, "OVER") || isWord(last, "WINDOW", "AS")) return inWindow(before);
  if (isOperandWanted(before)) return operand({ words: operandWords, beside: comparedColumn(before) });
  return {
    kind: "continuation",
    words: ["AND", "OR", "IS NULL", "IS NOT NULL", "IN", "LIKE", "BETWEEN", "AS", "ORDER BY"],
  };
}

function opensQuery(last: Node | undefined): boolean {
  return isWord(last, "AS", "EXISTS", "FROM", "JOIN", "MATERIALIZED", "LATERAL");
}

function inWindow(before: readonly Node[]): Place {
  if (before.length === 0) return { kind: "continuation", words: ["PARTITION BY", "ORDER BY"] };
  if (isOperandWanted(before)) return operand({ words: [] });
  return { kind: "continuation", words: ["ORDER BY", "ASC", "DESC", "ROWS BETWEEN", "RANGE BETWEEN"] };
}

/** `INSERT INTO t (` */
function isInsertedList(around: readonly Node[]): boolean {
  const into = around.findLastIndex((node) => isWord(node, "INTO"));
  return (
    into >= 0 &&
    around.slice(into + 1).every((node) => nameOf(node) !== undefined || isSymbol(node, ".")) &&
    around.length > into + 1
  );
}

/** `INSERT INTO t (a, b) VALUES (…, `: the column that the value is for. */
function insertedValue(before: readonly Node[], around: readonly Node[]): Place | undefined {
  const values = around.findLastIndex((node) => isWord(node, "VALUES"));
  if (values < 0 || !around.slice(values + 1).every((node) => node.kind === "group" || isSymbol(node, ",")))
    return undefined;
  const list = around[values - 1];
  if (list?.kind !== "group" || !around.some((node) => isWord(node, "INTO"))) return undefined;
  const column = namesIn(list.nodes)[before.filter((node) => isSymbol(node, ",")).length];
  if (column === undefined || !isOperandWanted(before)) return nothing;
  return { kind: "inserted-value", column };
}

const namesIn = (nodes: readonly Node[]): readonly string[] => nodes.flatMap((node) => nameOf(node) ?? []);
