import type { Expression } from "../../syntax/expression.js";
import type { ColumnName } from "../../syntax/statement.js";

/**
 * `json_merge_patch(Column, patch)` assigned to the very column: its patches, the first to be applied first.
 * Undefined where the expression is no such merge.
 */
export function readMerge(expression: Expression, column: ColumnName): readonly Expression[] | undefined {
  if (expression.kind !== "call" || expression.name !== "json_merge_patch") return undefined;
  const [target, ...patches] = expression.arguments;
  if (target === undefined || patches.length === 0) return undefined;
  if (isColumn(target, column)) return patches;
  const earlier = readMerge(target, column);
  return earlier === undefined ? undefined : [...earlier, ...patches];
}

/** A write has one table, so that a qualifier can only be its own. */
function isColumn(expression: Expression, { name }: ColumnName): boolean {
  return expression.kind === "column" && expression.name.toLowerCase() === name.toLowerCase();
}
