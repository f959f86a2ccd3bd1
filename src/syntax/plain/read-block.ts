import type { FromItem, OrderItem, SelectBlock, SelectItem } from "../expression.js";
import { noName } from "../no-name.js";
import { nameForEngine } from "../normalise.js";
import type { AtomCursor } from "./atom-cursor.js";
import { NotUnderstood } from "./not-understood.js";
import { asList, asText, isEmpty, nodeWith } from "./parser-tree.js";
import { readCondition, readOperand } from "./read-condition.js";

/** Reads node-sql-parser's tree of a plain SELECT, clause by clause in the text's order. */
export function readBlock(value: unknown, cursor: AtomCursor): SelectBlock {
  const tree = nodeWith(onlyOne(value), ["type", "columns", "from", "where", "orderby", "limit"]);
  if (tree.type !== "select") throw new NotUnderstood("statement");
  const items = asList(tree.columns).map((item) => selectItem(item, cursor));
  const from = table(onlyOne(tree.from), cursor);
  const where = isEmpty(tree.where) ? undefined : readCondition(tree.where, cursor);
  const orderBy = asList(tree.orderby).map((item) => orderItem(item, cursor));
  return {
    kind: "select",
    ctes: [],
    distinct: false,
    items,
    from,
    where,
    groupBy: [],
    having: undefined,
    qualify: undefined,
    orderBy,
    ...limits(tree.limit, cursor),
  };
}

function onlyOne(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [only, ...rest] = asList(value);
  if (rest.length > 0) throw new NotUnderstood("more than one");
  return only;
}

function selectItem(value: unknown, cursor: AtomCursor): SelectItem {
  const { expr, as } = nodeWith(value, ["type", "expr", "as"]);
  const expression = readOperand(expr, cursor);
  const alias = isEmpty(as) ? undefined : nameForEngine(cursor.name(as));
  const isConstant = expression.kind !== "column" && expression.kind !== "star";
  const heading = isConstant && alias === undefined ? noName : undefined;
  return { expression, alias, heading, isSpread: expression.kind === "star" };
}

function table(value: unknown, cursor: AtomCursor): FromItem {
  const tree = nodeWith(value, ["db", "schema", "table", "as"]);
  if (!isEmpty(tree.db) && !isEmpty(tree.schema)) throw new NotUnderstood("database");
  const qualifier = isEmpty(tree.db) ? tree.schema : tree.db;
  const schema = isEmpty(qualifier) ? undefined : nameForEngine(cursor.name(qualifier));
  const token = cursor.name(tree.table);
  return {
    kind: "table",
    schema,
    name: nameForEngine(token),
    position: token.isOurs === true ? undefined : token.start,
    sampled: false,
    alias: isEmpty(tree.as) ? undefined : nameForEngine(cursor.name(tree.as)),
    columns: [],
  };
}

function orderItem(value: unknown, cursor: AtomCursor): OrderItem {
  const { expr, type, nulls } = nodeWith(value, ["expr", "type", "nulls"]);
  const direction = isEmpty(type) ? "ASC" : asText(type).toUpperCase();
  if (direction !== "ASC" && direction !== "DESC") throw new NotUnderstood("ORDER BY");
  return {
    expression: readOperand(expr, cursor),
    direction: direction === "DESC" ? "descending" : "ascending",
    nulls: nullsPlace(nulls),
  };
}

function nullsPlace(value: unknown): OrderItem["nulls"] {
  if (isEmpty(value)) return undefined;
  const text = asText(value).toLowerCase();
  if (text === "nulls first") return "first";
  if (text === "nulls last") return "last";
  throw new NotUnderstood("NULLS");
}

/** `LIMIT a`, `LIMIT a OFFSET b`; with OFFSET alone the list holds just that. */
function limits(value: unknown, cursor: AtomCursor): Pick<SelectBlock, "limit" | "offset"> {
  if (isEmpty(value)) return { limit: undefined, offset: undefined };
  const tree = nodeWith(value, ["seperator", "value"]);
  const [first, second, ...rest] = asList(tree.value).map((item) => readOperand(item, cursor));
  const hasOffset = typeof tree.seperator === "string" && tree.seperator.toLowerCase() === "offset";
  if (rest.length > 0) throw new NotUnderstood("LIMIT");
  if (hasOffset && second === undefined) return { limit: undefined, offset: first };
  if (!hasOffset && second !== undefined) throw new NotUnderstood("LIMIT");
  return { limit: first, offset: second };
}
