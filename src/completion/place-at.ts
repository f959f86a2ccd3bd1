import { afterLast, assignedNames, clauses, lastClause } from "./clause.js";
import { comparedColumn, inExpression, isOperandWanted, operand, operandWords } from "./expression-place.js";
import { inOtherStatement } from "./other-statements.js";
import { inParentheses } from "./parentheses-place.js";
import type { Place } from "./place.js";
import { nothing } from "./place.js";
import { isBlock, selectAround, withoutCommonTables } from "./query-block.js";
import type { Level, Node } from "./statement-tree.js";
import { isSymbol, isWord, nameOf } from "./statement-tree.js";

/** @param isQuoted Whether a quotation is being typed: a value or a path then, no name. */
export function placeAt(levels: readonly Level[], isQuoted: boolean): Place {
  const place = unquotedPlace(levels, isQuoted);
  if (!isQuoted) return place.kind === "path" ? nothing : place;
  if (place.kind === "operand") return place.beside === undefined ? nothing : { kind: "value", of: place.beside };
  if (place.kind === "relation") return { kind: "path" };
  return ["value", "inserted-value", "input-value", "path"].includes(place.kind) ? place : nothing;
}

function unquotedPlace(levels: readonly Level[], isQuoted: boolean): Place {
  const depth = levels.length - 1;
  const level = levels[depth];
  if (level === undefined) return nothing;
  const before = level.nodes.slice(0, level.index);
  if (isSymbol(before.at(-1), ".") && !isQuoted) return behindDot(before);
  if (depth === 0 || isBlock(before)) return inBlock(level);
  const parent = levels[depth - 1];
  const around = parent === undefined ? [] : parent.nodes.slice(0, Math.max(0, parent.index - 1));
  return inParentheses(before, around);
}

function behindDot(before: readonly Node[]): Place {
  const qualifier = nameOf(before.at(-2));
  if (qualifier === undefined) return nothing;
  const isRelation =
    isWord(before.at(-3), "FROM", "JOIN", "INTO", "UPDATE", "DESCRIBE", "DESC") || isSymbol(before.at(-3), ",");
  if (isRelation && inBlock({ nodes: before, index: before.length - 2 }).kind === "relation") {
    return { kind: "schema", schema: qualifier };
  }
  return { kind: "qualified", qualifier };
}

function inBlock(level: Level): Place {
  const { nodes, index } = selectAround(withoutCommonTables(behindPrefix(level)));
  const before = nodes.slice(0, index);
  return inOtherStatement(before) ?? inQuery(before);
}

/** Behind `EXPLAIN ANALYZE` and `CREATE VIEW name AS`, the statement that they are about. */
function behindPrefix({ nodes, index }: Level): Level {
  const start = prefixLength(nodes.slice(0, index));
  return { nodes: nodes.slice(start), index: index - start };
}

function prefixLength(before: readonly Node[]): number {
  if (isWord(before[0], "CREATE")) {
    const as = before.findIndex((node) => isWord(node, "AS"));
    return as === before.length - 1 ? 0 : as + 1;
  }
  if (!isWord(before[0], "EXPLAIN")) return 0;
  const end = before.findIndex((node, at) => at > 0 && !isWord(node, "ANALYZE") && node.kind !== "group");
  return end < 0 ? before.length : end;
}

function inQuery(before: readonly Node[]): Place {
  const { clause, rest } = lastClause(before);
  switch (clause) {
    case undefined:
      return before.length === 0 ? { kind: "statement" } : nothing;
    case "FROM":
    case "JOIN":
      return isRelationWanted(rest) ? { kind: "relation" } : followingRelation(clause, rest, before);
    case "SET":
      return inAssignments(rest);
    case "USING":
    case "VALUES":
      return nothing;
    default:
      return inExpression(clause, rest, clauses[clause] ?? []);
  }
}

function isRelationWanted(rest: readonly Node[]): boolean {
  return rest.length === 0 || isSymbol(rest.at(-1), ",") || isWord(rest.at(-1), "LATERAL");
}

function followingRelation(clause: "FROM" | "JOIN", rest: readonly Node[], before: readonly Node[]): Place {
  if (isWord(rest.at(-1), "LEFT", "RIGHT", "FULL")) return { kind: "continuation", words: ["JOIN", "OUTER JOIN"] };
  if (isWord(rest.at(-1), "INNER", "OUTER", "CROSS", "NATURAL")) return { kind: "continuation", words: ["JOIN"] };
  if (isWord(rest.at(-1), "AS")) return nothing;
  const words = clauses[clause] ?? [];
  return { kind: "continuation", words: isWord(before[0], "DELETE") ? ["AS", "USING", "WHERE"] : words };
}

function inAssignments(rest: readonly Node[]): Place {
  const items = afterLast(rest, ",");
  if (items.length === 0) return { kind: "written-column", by: "update", given: assignedNames(rest) };
  if (isOperandWanted(items)) return operand({ words: operandWords, beside: comparedColumn(items) });
  return items.length === 1 ? nothing : { kind: "continuation", words: ["WHERE", "FROM", "RETURNING"] };
}
