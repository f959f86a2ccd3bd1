import type { NameAtom } from "./atom.js";
import type { Reading } from "./convert-expression.js";
import { convertExpression, expressions, readName } from "./convert-expression.js";
import type {
  CommonTableExpression,
  Expression,
  FromItem,
  Joined,
  OrderItem,
  Query,
  SelectBlock,
  SelectItem,
} from "./expression.js";
import { NotUnderstood } from "./not-understood.js";
import type { Tree } from "./parser-tree.js";
import { asList, asText, asTree, isEmpty, isTree, nodeWith } from "./parser-tree.js";
import type { SetStep } from "./set-operations.js";
import { combine } from "./set-operations.js";

const blockFields = ["type", "with", "distinct", "columns", "from", "where", "groupby", "having", "orderby", "limit"];
const chainFields = ["_next", "set_op", "_orderby", "_limit"];

/** Reads a query of node-sql-parser's tree over a planner's copy. */
export function convertQuery(value: unknown, reading: Reading): Query {
  const blocks = chainOf(value);
  const [head] = blocks;
  if (head === undefined) throw new NotUnderstood("query");
  const ctes = commonTables(head.with, reading);
  if (blocks.length === 1) return { ...block(flattened(head), reading), ctes };
  const tail = tailOf(blocks);
  const first = block(tail.ownedBy === head ? withoutTail(head) : head, reading);
  const steps = blocks.slice(1).map((tree, index): SetStep => {
    const operator = setOperator(blocks[index]?.set_op);
    return { operator, query: block(tail.ownedBy === tree ? withoutTail(tree) : tree, reading) };
  });
  return { ...combine(first, steps), ...ending(tail.orderby, tail.limit, reading), ctes };
}

/**
 * `(SELECT …) ORDER BY … LIMIT …` orders and limits its one block, unless that has a limit of its own. Where no
 * parentheses part them, `OFFSET a LIMIT b` stands in two places too.
 */
function flattened(tree: Tree): Tree {
  if (isEmpty(tree._orderby) && isEmpty(tree._limit)) return tree;
  if (isParenthesised(tree) && !hasTail(tree)) return { ...tree, orderby: tree._orderby, limit: tree._limit };
  if (isParenthesised(tree) || !isEmpty(tree._orderby)) throw new NotUnderstood("ORDER BY");
  return { ...tree, limit: offsetThenLimit(tree.limit, tree._limit) };
}

function offsetThenLimit(first: unknown, second: unknown): Tree {
  const [offset, ...excess] = asList(nodeWith(first, ["seperator", "value"]).value);
  const [limit, ...rest] = asList(nodeWith(second, ["seperator", "value"]).value);
  const isOffset = asTree(first).seperator === "offset" && isEmpty(asTree(second).seperator);
  if (!isOffset || excess.length > 0 || rest.length > 0) throw new NotUnderstood("LIMIT");
  return { seperator: "offset", value: [limit, offset] };
}

/** The blocks of `a UNION b EXCEPT c`, which the tree chains by `_next`. */
function chainOf(value: unknown): readonly Tree[] {
  const blocks: Tree[] = [];
  for (let next: unknown = value; !isEmpty(next); next = asTree(next)._next) {
    const tree = nodeWith(next, [...blockFields, ...chainFields]);
    if (tree.type !== "select") throw new NotUnderstood("query");
    if (blocks.length > 0 && !isEmpty(tree.with)) throw new NotUnderstood("WITH");
    blocks.push(tree);
  }
  return blocks;
}

interface Tail {
  readonly orderby: unknown;
  readonly limit: unknown;
  /** The block whose own fields hold them. */
  readonly ownedBy: Tree | undefined;
}

/** ORDER BY and LIMIT behind the last block are the whole's, unless that block stands in parentheses. */
function tailOf(blocks: readonly Tree[]): Tail {
  const [head] = blocks;
  const last = blocks[blocks.length - 1];
  const middle = blocks.slice(0, -1);
  if (middle.some((tree) => !isParenthesised(tree) && hasTail(tree))) throw new NotUnderstood("ORDER BY");
  if (blocks.slice(1).some((tree) => !isEmpty(tree._orderby) || !isEmpty(tree._limit)))
    throw new NotUnderstood("LIMIT");
  const outer: Tail = { orderby: head?._orderby, limit: head?._limit, ownedBy: undefined };
  if (last === undefined || isParenthesised(last)) return outer;
  if (!isEmpty(outer.orderby) || !isEmpty(outer.limit)) throw new NotUnderstood("LIMIT");
  return { orderby: last.orderby, limit: last.limit, ownedBy: last };
}

function isParenthesised(tree: Tree): boolean {
  return tree.parentheses_symbol === true;
}

function hasTail(tree: Tree): boolean {
  return !isEmpty(tree.orderby) || !isEmpty(tree.limit);
}

function withoutTail(tree: Tree): Tree {
  return { ...tree, orderby: null, limit: null };
}

function setOperator(value: unknown): SetStep["operator"] {
  const operator = asText(value).toLowerCase();
  if (operator === "union distinct") return "union";
  if (operator === "union all") return "union-all";
  if (operator === "union" || operator === "intersect" || operator === "except") return operator;
  throw new NotUnderstood(operator);
}

function commonTables(value: unknown, reading: Reading): readonly CommonTableExpression[] {
  const tables = asList(value).map((item) => nodeWith(item, ["name", "stmt", "recursive"]));
  const recursive = tables.some((table) => table.recursive === true);
  return tables.map((table) => {
    const atom = readName(table.name, reading);
    return { name: atom.name, recursive, query: renamed(convertQuery(table.stmt, reading), atom) };
  });
}

function block(tree: Tree, reading: Reading): SelectBlock {
  const distinctOn = distinctColumns(tree.distinct, reading);
  return {
    kind: "select",
    ctes: [],
    distinct: !isEmpty(tree.distinct),
    items: asList(tree.columns).map((item) => selectItem(item, reading)),
    from: fromItems(tree.from, reading),
    where: optional(tree.where, reading),
    groupBy: [...groupItems(tree.groupby, reading), ...distinctOn],
    having: optional(tree.having, reading),
    ...ending(tree.orderby, tree.limit, reading),
  };
}

/** DISTINCT ON groups as GROUP BY does, as far as a plan goes; its columns are read. */
function distinctColumns(value: unknown, reading: Reading): readonly Expression[] {
  if (isEmpty(value)) return [];
  const { columns } = nodeWith(value, ["type", "columns"]);
  return asList(columns).map((item) => selectItem(item, reading).expression);
}

function optional(value: unknown, reading: Reading): Expression | undefined {
  return isEmpty(value) ? undefined : convertExpression(value, reading);
}

function selectItem(value: unknown, reading: Reading): SelectItem {
  const { expr, as } = nodeWith(value, ["type", "expr", "as"]);
  return { expression: convertExpression(expr, reading), alias: isEmpty(as) ? undefined : readName(as, reading).name };
}

function groupItems(value: unknown, reading: Reading): readonly Expression[] {
  return isEmpty(value) ? [] : expressions(nodeWith(value, ["columns"]).columns, reading);
}

function ending(orderby: unknown, limit: unknown, reading: Reading): Pick<SelectBlock, "orderBy" | "limit" | "offset"> {
  return { orderBy: asList(orderby).map((item) => orderItem(item, reading)), ...limits(limit, reading) };
}

function orderItem(value: unknown, reading: Reading): OrderItem {
  const { expr, type, nulls } = nodeWith(value, ["expr", "type", "nulls"]);
  const direction = isEmpty(type) ? "ASC" : asText(type).toUpperCase();
  if (direction !== "ASC" && direction !== "DESC") throw new NotUnderstood("ORDER BY");
  return {
    expression: convertExpression(expr, reading),
    direction: direction === "DESC" ? "descending" : "ascending",
    nulls: nullsPlace(nulls),
  };
}

function nullsPlace(value: unknown): "first" | "last" | undefined {
  if (isEmpty(value)) return undefined;
  const text = asText(value).toLowerCase();
  if (text === "nulls first") return "first";
  if (text === "nulls last") return "last";
  throw new NotUnderstood("NULLS");
}

/** `LIMIT a`, `LIMIT a OFFSET b`; with OFFSET alone the list holds just that. */
function limits(value: unknown, reading: Reading): Pick<SelectBlock, "limit" | "offset"> {
  if (isEmpty(value)) return { limit: undefined, offset: undefined };
  const { seperator, value: list } = nodeWith(value, ["seperator", "value"]);
  const [first, second, ...rest] = expressions(list, reading);
  const hasOffset = typeof seperator === "string" && seperator.toLowerCase() === "offset";
  if (rest.length > 0 || (!hasOffset && second !== undefined)) throw new NotUnderstood("LIMIT");
  if (hasOffset && second === undefined) return { limit: undefined, offset: first };
  return { limit: first, offset: second };
}

/** `a, b RIGHT JOIN c` keeps every a beside each c, which a list from left to right would not say. */
function fromItems(value: unknown, reading: Reading): readonly FromItem[] {
  const items = asList(value).map((item, index) => fromItem(item, index === 0, reading));
  const comma = asList(value).findIndex((item, index) => index > 0 && isEmpty(asTree(item).join));
  if (comma > 0 && items.slice(comma).some(({ join }) => join === "right" || join === "full")) {
    throw new NotUnderstood("comma");
  }
  return items;
}

function fromItem(value: unknown, isFirst: boolean, reading: Reading): FromItem {
  const tree = nodeWith(value, ["type", "db", "schema", "table", "as", "join", "on", "using", "expr", "prefix"]);
  const alias = isEmpty(tree.as) ? undefined : readName(tree.as, reading);
  const joined: Joined = {
    alias: alias?.name,
    join: joinKind(tree, isFirst),
    on: optional(tree.on, reading),
    using: asList(tree.using).map((name) => readName(name, reading).name),
  };
  if (isEmpty(tree.expr)) return table(tree, alias, joined, reading);
  if (isTree(tree.expr) && "ast" in tree.expr) return derived(tree, alias, joined, reading);
  return tableFunction(tree, alias, joined, reading);
}

const joinKinds: Readonly<Record<string, Joined["join"]>> = {
  "INNER JOIN": "inner",
  JOIN: "inner",
  "LEFT JOIN": "left",
  "RIGHT JOIN": "right",
  "FULL JOIN": "full",
};

function joinKind(tree: Tree, isFirst: boolean): Joined["join"] {
  if (isEmpty(tree.join)) return isFirst ? "first" : "cross";
  const kind = joinKinds[asText(tree.join).toUpperCase()];
  if (kind === undefined) throw new NotUnderstood("JOIN");
  return kind === "inner" && isEmpty(tree.on) && isEmpty(tree.using) ? "cross" : kind;
}

function table(tree: Tree, alias: NameAtom | undefined, joined: Joined, reading: Reading): FromItem {
  if (alias?.columns !== undefined || !isEmpty(tree.type) || !isEmpty(tree.prefix)) throw new NotUnderstood("table");
  const schema = isEmpty(tree.db) ? tree.schema : tree.db;
  if (!isEmpty(tree.db) && !isEmpty(tree.schema)) throw new NotUnderstood("database");
  const { name, position } = readName(tree.table, reading);
  return {
    kind: "table",
    schema: isEmpty(schema) ? undefined : readName(schema, reading).name,
    name,
    ...(position === undefined ? {} : { position }),
    ...joined,
  };
}

function derived(tree: Tree, alias: NameAtom | undefined, joined: Joined, reading: Reading): FromItem {
  if (!isEmpty(tree.prefix) && asText(tree.prefix).toLowerCase() !== "lateral") throw new NotUnderstood("prefix");
  const query = reading.query(nodeWith(tree.expr, ["ast"]).ast);
  return { kind: "derived", query: alias === undefined ? query : renamed(query, alias), ...joined };
}

function tableFunction(tree: Tree, alias: NameAtom | undefined, joined: Joined, reading: Reading): FromItem {
  if (alias?.columns !== undefined || !isEmpty(tree.prefix)) throw new NotUnderstood("table function");
  const expression = convertExpression(tree.expr, reading);
  if (expression.kind !== "call") throw new NotUnderstood("table function");
  return { kind: "function", expression, ...joined };
}

/** `(SELECT …) v(id, amount)` and `WITH v(id, amount) AS (…)` name the columns of the query's first block anew. */
function renamed(query: Query, { columns }: NameAtom): Query {
  if (columns === undefined) return query;
  if (query.kind === "set-operation") return { ...query, left: renamedTo(query.left, columns) };
  return renamedTo(query, columns);
}

function renamedTo(query: Query, columns: readonly string[]): Query {
  if (query.kind === "set-operation") return { ...query, left: renamedTo(query.left, columns) };
  const hasStar = query.items.some(({ expression }) => expression.kind === "star" || expression.kind === "other");
  if (hasStar || columns.length > query.items.length) throw new NotUnderstood("column names");
  return { ...query, items: query.items.map((item, index) => ({ ...item, alias: columns[index] ?? item.alias })) };
}
