import { emptyBlock } from "../empty-block.js";
import type { CommonTableExpression, Expression, Query, SelectBlock, SelectItem, SetOperation } from "../expression.js";
import { uniteQueries } from "../unite-queries.js";
import { commonTablesOf } from "./engine-nodes.js";
import { headingOf } from "./heading-of.js";
import { readFields } from "./read-beneath.js";
import { readOrder } from "./read-order.js";
import type { Reading } from "./reading.js";
import type { SerializedNode } from "./serialized-node.js";
import { nameAt, nodeAt, nodesAt, subqueryAt, textAt, textsAt } from "./serialized-node.js";

/** A query's node, of whichever type. */
export function readQuery(node: SerializedNode, reading: Reading): Query {
  const type = textAt(node, "type");
  if (type === "SELECT_NODE") return readBlock(node, reading);
  const operator = type === "RECURSIVE_CTE_NODE" ? recursiveOperator(node) : setOperator(node);
  if (operator !== undefined) return readSetOperation(node, operator, reading);
  return { ...emptyBlock, items: readFields(node, reading).map(spreading) };
}

/** Of a query whose columns are not read. */
const spreading = (expression: Expression): SelectItem => ({
  expression,
  alias: undefined,
  heading: undefined,
  isSpread: true,
});

function readBlock(node: SerializedNode, outer: Reading): SelectBlock {
  const reading = withOwnTables(node, outer);
  const from = nodeAt(node, "from_table");
  const sampled = reading.sampled || nodeAt(node, "sample") !== undefined;
  const targets = modifierOf(node, "DISTINCT_MODIFIER");
  return {
    kind: "select",
    ctes: readCommonTables(node, outer),
    distinct: targets !== undefined,
    items: nodesAt(node, "select_list").map((item) => ({
      expression: reading.expression(item, reading),
      alias: nameAt(item, "alias"),
      ...headingOf(item, reading),
    })),
    from: from === undefined ? undefined : reading.from(from, { ...reading, sampled }),
    where: optional(nodeAt(node, "where_clause"), reading),
    groupBy: [
      ...readGroups(node, reading),
      ...(targets === undefined ? [] : expressionsAt(targets, "distinct_on_targets", reading)),
    ],
    having: optional(nodeAt(node, "having"), reading),
    qualify: optional(nodeAt(node, "qualify"), reading),
    ...readEnding(node, reading),
  };
}

function readGroups(node: SerializedNode, reading: Reading): readonly Expression[] {
  if (textAt(node, "aggregate_handling") === "FORCE_AGGREGATES") return [{ kind: "other", operands: [] }];
  return expressionsAt(node, "group_expressions", reading);
}

function optional(node: SerializedNode | undefined, reading: Reading): Expression | undefined {
  return node === undefined ? undefined : reading.expression(node, reading);
}

function expressionsAt(node: SerializedNode, field: string, reading: Reading): readonly Expression[] {
  return nodesAt(node, field).map((item) => reading.expression(item, reading));
}

const withOwnTables = (node: SerializedNode, reading: Reading): Reading => ({
  ...reading,
  commonTables: [...reading.commonTables, ...commonTablesOf(node)],
});

function readCommonTables(node: SerializedNode, outer: Reading): readonly CommonTableExpression[] {
  const entries = commonTablesOf(node);
  return entries.flatMap((entry, index): readonly CommonTableExpression[] => {
    const reading = { ...outer, commonTables: [...outer.commonTables, ...entries.slice(0, index)] };
    const value = nodeAt(entry, "value");
    const query = value === undefined ? undefined : subqueryAt(value, "query");
    if (value === undefined || query === undefined) return [];
    const recursive = textAt(query, "type") === "RECURSIVE_CTE_NODE";
    const columns = textsAt(value, "aliases");
    return [{ name: textAt(entry, "key"), columns, recursive, query: reading.query(query, reading) }];
  });
}

function modifierOf(node: SerializedNode, type: string): SerializedNode | undefined {
  return nodesAt(node, "modifiers").find((modifier) => textAt(modifier, "type") === type);
}

function readEnding(node: SerializedNode, reading: Reading): Pick<SelectBlock, "orderBy" | "limit" | "offset"> {
  const order = modifierOf(node, "ORDER_MODIFIER");
  const limit = modifierOf(node, "LIMIT_MODIFIER");
  const percentage = modifierOf(node, "LIMIT_PERCENT_MODIFIER");
  const share = percentage === undefined ? undefined : optional(nodeAt(percentage, "limit"), reading);
  const bounds = limit ?? percentage;
  return {
    orderBy: order === undefined ? [] : nodesAt(order, "orders").map((item) => readOrder(item, reading)),
    limit: share === undefined ? readLimit(limit, reading) : { kind: "other", operands: [share] },
    offset: bounds === undefined ? undefined : optional(nodeAt(bounds, "offset"), reading),
  };
}

/** LIMIT ALL is LIMIT NULL to DuckDB: none. */
function readLimit(modifier: SerializedNode | undefined, reading: Reading): Expression | undefined {
  const limit = modifier === undefined ? undefined : optional(nodeAt(modifier, "limit"), reading);
  return limit?.kind === "literal" && limit.value.type === "null" ? undefined : limit;
}

function recursiveOperator(node: SerializedNode): SetOperation["operator"] {
  return node["union_all"] === true ? "union-all" : "union";
}

const setOperators: ReadonlyMap<string, SetOperation["operator"]> = new Map([
  ["UNION", "union"],
  ["UNION ALL", "union-all"],
  ["INTERSECT", "intersect"],
  ["INTERSECT ALL", "intersect-all"],
  ["EXCEPT", "except"],
  ["EXCEPT ALL", "except-all"],
  ["UNION_BY_NAME", "union-by-name"],
  ["UNION_BY_NAME ALL", "union-all-by-name"],
]);

function setOperator(node: SerializedNode): SetOperation["operator"] | undefined {
  const all = node["setop_all"] === true ? " ALL" : "";
  return setOperators.get(textAt(node, "setop_type") + all);
}

function readSetOperation(node: SerializedNode, operator: SetOperation["operator"], outer: Reading): SetOperation {
  const reading = withOwnTables(node, outer);
  const sides = chainOf(node, operator).map((side) => reading.query(side, reading));
  return { ...uniteQueries(sides, operator), ctes: readCommonTables(node, outer), ...readEnding(node, reading) };
}

/** The sides of `a UNION ALL b UNION ALL c`, which DuckDB's tree nests as deep as the chain is long. */
function chainOf(node: SerializedNode, operator: SetOperation["operator"]): readonly SerializedNode[] {
  const sides: SerializedNode[] = [];
  const pending = [nodeAt(node, "right"), nodeAt(node, "left")];
  while (pending.length > 0) {
    const side = pending.pop();
    if (side === undefined) continue;
    if (continuesChain(side, operator)) pending.push(nodeAt(side, "right"), nodeAt(side, "left"));
    else sides.push(side);
  }
  return sides;
}

/** UNION and UNION ALL are associative: a chain of one of them may be grouped at will. */
function continuesChain(side: SerializedNode, operator: SetOperation["operator"]): boolean {
  const isAssociative = operator === "union" || operator === "union-all";
  const map = nodeAt(side, "cte_map");
  const isBare = nodesAt(side, "modifiers").length === 0 && (map === undefined || nodesAt(map, "map").length === 0);
  return isAssociative && isBare && setOperator(side) === operator;
}
