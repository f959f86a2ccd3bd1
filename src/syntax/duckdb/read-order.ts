import type { OrderItem } from "../expression.js";
import type { Reading } from "./reading.js";
import type { SerializedNode } from "./serialized-node.js";
import { nodeAt, textAt } from "./serialized-node.js";

/** One of ORDER BY's expressions, of a query or a window. */
export function readOrder(node: SerializedNode, reading: Reading): OrderItem {
  const expression = nodeAt(node, "expression") ?? {};
  const isAll = textAt(expression, "class") === "STAR" && expression["columns"] === true;
  const nulls = textAt(node, "null_order");
  return {
    expression: isAll ? { kind: "other", operands: [] } : reading.expression(expression, reading),
    direction: textAt(node, "type") === "DESCENDING" ? "descending" : "ascending",
    nulls: nulls === "NULLS FIRST" ? "first" : nulls === "NULLS LAST" ? "last" : undefined,
  };
}
