import { emptyBlock } from "../empty-block.js";
import type { Expression, FromItem, SelectBlock } from "../expression.js";
import type { Reading } from "./reading.js";
import type { SerializedNode } from "./serialized-node.js";
import { isNode, textAt } from "./serialized-node.js";

/**
 * Every expression, query and table beneath a part of a tree of which no rule knows the form, so that none is lost: a
 * query and a table as subqueries.
 */
export function readBeneath(value: unknown, reading: Reading): readonly Expression[] {
  if (Array.isArray(value)) return value.flatMap((item) => readBeneath(item, reading));
  if (!isNode(value)) return [];
  if (textAt(value, "class") !== "") return [reading.expression(value, reading)];
  if (textAt(value, "type").endsWith("_NODE")) return [{ kind: "subquery", query: reading.query(value, reading) }];
  return isTable(value) ? tableBeneath(value, reading) : readFields(value, reading);
}

/** What is beneath a node's fields, the node itself apart. */
export function readFields(node: SerializedNode, reading: Reading): readonly Expression[] {
  return Object.values(node).flatMap((value) => readBeneath(value, reading));
}

/** An expression that no rule reads. */
export function readOther(node: SerializedNode, reading: Reading): Expression {
  return { kind: "other", operands: readFields(node, reading) };
}

function isTable(node: SerializedNode): boolean {
  return "alias" in node && "query_location" in node && textAt(node, "type") !== "";
}

function tableBeneath(node: SerializedNode, reading: Reading): readonly Expression[] {
  const from = reading.from(node, reading);
  return from === undefined ? [] : [{ kind: "subquery", query: allOf(from) }];
}

function allOf(from: FromItem): SelectBlock {
  return {
    ...emptyBlock,
    items: [{ expression: { kind: "star", table: undefined }, alias: undefined, heading: undefined, isSpread: true }],
    from,
  };
}
