import type { FromItem, Query } from "../expression.js";
import type { SerializedNode } from "./serialized-node.js";
import { isNode, nodeAt, nodesAt, textAt } from "./serialized-node.js";

/** What a part of a statement was read of, and the common tables that it may name, those of inner queries last. */
interface ScopedNode {
  readonly node: SerializedNode;
  readonly commonTables: readonly SerializedNode[];
}

const known = new WeakMap<Query | FromItem, ScopedNode>();

/** Keeps the node of a query or an item of FROM as long as that is kept. */
export function rememberNode<Part extends Query | FromItem | undefined>(
  part: Part,
  node: SerializedNode,
  commonTables: readonly SerializedNode[],
): Part {
  if (part !== undefined) known.set(part, { node, commonTables });
  return part;
}

/** The common tables of a query's own WITH. */
export function commonTablesOf(node: SerializedNode): readonly SerializedNode[] {
  const map = nodeAt(node, "cte_map");
  return map === undefined ? [] : nodesAt(map, "map");
}

/** A query of its own that gives values of a part of a statement, as DuckDB's json_deserialize_sql reads it. */
export interface PartQuery {
  /** Or the query's own text, where PostgreSQL has read it. */
  readonly tree: string;
  /** Place of the column that is asked for, among those that it gives. */
  readonly column: number;
  /** How many columns at the end of each row tell its place in the order. */
  readonly orderColumns: number;
}

/**
 * A query's column by its place: of one with LIMIT all rows, in its order, each with what orders it. Undefined for a query
 * that DuckDB did not read, one with parameters, and one of an order that is not told by its own columns.
 */
export function queryOfColumn(query: Query, column: number): PartQuery | undefined {
  const scoped = known.get(query);
  if (scoped === undefined) return undefined;
  const limited = nodesAt(scoped.node, "modifiers").some((modifier) => textAt(modifier, "type") === "LIMIT_MODIFIER");
  if (!limited) return partQuery(scoped, scoped.node, { column, orderColumns: 0 });
  const ordered = unlimited(scoped.node);
  return ordered && partQuery(scoped, ordered.node, { column, orderColumns: ordered.orderColumns });
}

/** A column of an item of FROM by its name. */
export function queryOfLeaf(leaf: FromItem, name: string): PartQuery | undefined {
  const scoped = known.get(leaf);
  if (scoped === undefined) return undefined;
  const column = { class: "COLUMN_REF", type: "COLUMN_REF", alias: "", column_names: [name] };
  const node = { ...plainSelect, select_list: [column], from_table: scoped.node };
  return partQuery(scoped, node, { column: 0, orderColumns: 0 });
}

const plainSelect: SerializedNode = {
  type: "SELECT_NODE",
  modifiers: [],
  cte_map: { map: [] },
  where_clause: null,
  group_expressions: [],
  group_sets: [],
  aggregate_handling: "STANDARD_HANDLING",
  having: null,
  sample: null,
  qualify: null,
};

/** The query without its LIMIT, what it is ordered by at the end of its columns. */
function unlimited(node: SerializedNode): { node: SerializedNode; orderColumns: number } | undefined {
  const modifiers = nodesAt(node, "modifiers");
  const order = modifiers.find((modifier) => textAt(modifier, "type") === "ORDER_MODIFIER");
  const isPlain = modifiers.every(({ type }) => type === "ORDER_MODIFIER" || type === "LIMIT_MODIFIER");
  if (textAt(node, "type") !== "SELECT_NODE" || order === undefined || !isPlain) return undefined;
  const items = nodesAt(node, "select_list");
  const by = nodesAt(order, "orders").map((one) => orderedBy(nodeAt(one, "expression"), items));
  if (by.length === 0 || by.includes(undefined)) return undefined;
  const added = by.map((expression) => ({ ...expression, alias: "" }));
  return { node: { ...node, modifiers: [order], select_list: [...items, ...added] }, orderColumns: added.length };
}

/** What stands in ORDER BY; the output that it names by place or alias. */
function orderedBy(
  expression: SerializedNode | undefined,
  items: readonly SerializedNode[],
): SerializedNode | undefined {
  if (expression === undefined || items.some((item) => textAt(item, "class") === "STAR")) return undefined;
  if (textAt(expression, "class") === "CONSTANT") {
    const value = nodeAt(expression, "value")?.["value"];
    return typeof value === "number" ? items[value - 1] : undefined;
  }
  const names = expression["column_names"];
  const [name, another] = Array.isArray(names) ? names.map((one) => String(one).toLowerCase()) : [];
  const isName = textAt(expression, "class") === "COLUMN_REF" && another === undefined;
  const aliased = isName ? items.find((item) => textAt(item, "alias").toLowerCase() === name) : undefined;
  return aliased ?? (textAt(expression, "class") === "STAR" ? undefined : expression);
}

function partQuery(
  { commonTables }: ScopedNode,
  node: SerializedNode,
  columns: Omit<PartQuery, "tree">,
): PartQuery | undefined {
  const entries = [...commonTables, ...commonTablesOf(node)];
  const map = [...new Map(entries.map((entry) => [textAt(entry, "key").toLowerCase(), entry])).values()];
  const whole = { ...node, cte_map: { map } };
  if (!isRetold(whole)) return undefined;
  // Places are those of another text.
  const tree = JSON.stringify(
    { error: false, statements: [{ node: whole, named_param_map: [] }] },
    (key, value: unknown) => (key === "query_location" ? undefined : value),
  );
  return { tree, ...columns };
}

/** False where a parameter stands in it, or a number that was rounded when the tree was read. */
function isRetold(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isRetold);
  if (!isNode(value)) return typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value);
  if (value["class"] === "PARAMETER") return false;
  return Object.entries(value).every(([key, inner]) => key === "query_location" || isRetold(inner));
}
