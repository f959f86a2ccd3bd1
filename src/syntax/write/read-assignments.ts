import type { Assigned } from "../statement.js";
import type { RawAssignment } from "../statement-tree.js";
import type { Pending, WriteExpressions } from "../write-expressions.js";
import { columnName } from "./parsed-write.js";

/** `SET column = value, …` */
export function readAssignments(
  raw: readonly RawAssignment[],
  expressions: WriteExpressions,
): Pending<readonly Assigned[]> {
  const assignments = raw.map(({ column, value }) => ({ column: columnName(column), value: expressions.value(value) }));
  return (tree) => assignments.map(({ column, value }) => ({ column, value: value(tree) }));
}
