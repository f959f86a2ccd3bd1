import type { Node } from "libpg-query";
import type { OrderItem } from "../expression.js";
import type { Reading } from "./reading.js";

/** One of ORDER BY's expressions, of a query or a window; none for what is none. The order of USING is that of an operator, which may be any. */
export function readOrder(node: Node, reading: Reading): readonly OrderItem[] {
  if (!("SortBy" in node) || node.SortBy.node === undefined) return [];
  const { node: sorted, sortby_dir: direction, sortby_nulls: nulls } = node.SortBy;
  const expression = reading.expression(sorted, reading);
  return [
    {
      expression: direction === "SORTBY_USING" ? { kind: "other", operands: [expression] } : expression,
      direction: direction === "SORTBY_DESC" ? "descending" : "ascending",
      nulls: nulls === "SORTBY_NULLS_FIRST" ? "first" : nulls === "SORTBY_NULLS_LAST" ? "last" : undefined,
    },
  ];
}
