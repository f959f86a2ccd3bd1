import type { Expression, FromItem, OrderItem, Query } from "../../src/syntax/expression.js";

/** An expression as one line, every operation in parentheses, so that a test shows what was understood. */
export function sketch(expression: Expression): string {
  switch (expression.kind) {
    case "column":
      return [expression.table, expression.name].filter(Boolean).join(".");
    case "star":
      return expression.table === undefined ? "*" : `${expression.table}.*`;
    case "literal":
      return JSON.stringify("value" in expression.value ? expression.value.value : textOf(expression.value));
    case "parameter":
      return `$${expression.index}${expression.elements === true ? "..." : ""}`;
    case "interval":
      return `interval<${expression.text}>`;
    case "comparison":
    case "arithmetic":
      return `(${sketch(expression.left)} ${expression.operator} ${sketch(expression.right)})`;
    case "and":
    case "or":
      return `${expression.kind}${list(expression.operands)}`;
    case "not":
      return `not(${sketch(expression.operand)})`;
    case "is-null":
      return `${negated(expression)}null(${sketch(expression.operand)})`;
    case "is-boolean":
      return `${negated(expression)}${expression.value}(${sketch(expression.operand)})`;
    case "in":
      return `${negated(expression)}in(${sketch(expression.operand)}; ${expression.items.map(sketch).join(", ")})`;
    case "in-query":
      return `${negated(expression)}in(${sketch(expression.operand)}; ${sketchQuery(expression.query)})`;
    case "between":
      return `${negated(expression)}between${list([expression.operand, expression.low, expression.high])}`;
    case "like":
      return `${negated(expression)}${expression.caseInsensitive ? "i" : ""}like${list([expression.operand, expression.pattern])}`;
    case "cast":
      return `${sketch(expression.operand)}::${expression.type}`;
    case "json-access":
      return `(${sketch(expression.operand)} ${expression.asText ? "->>" : "->"} ${sketch(expression.key)})`;
    case "call":
      return `${expression.name}${expression.distinct ? "-distinct" : ""}${expression.window ? "-window" : ""}${list(expression.arguments)}`;
    case "subquery":
      return `[${sketchQuery(expression.query)}]`;
    case "exists":
      return `exists[${sketchQuery(expression.query)}]`;
    case "other":
      return `other${list(expression.operands)}`;
  }
}

const textOf = (value: object): unknown => ("text" in value ? Number(value.text) : null);
const negated = (expression: { readonly negated: boolean }): string => (expression.negated ? "not-" : "");
const list = (expressions: readonly Expression[]): string => `(${expressions.map(sketch).join(", ")})`;

/** A query as one line. */
export function sketchQuery(query: Query): string {
  const ctes = query.ctes.map(
    (cte) => `with${cte.recursive ? "*" : ""} ${cte.name}${named(cte.columns)} = [${sketchQuery(cte.query)}]`,
  );
  const tail = [
    ...query.orderBy.map((item) => `order ${sketchOrder(item)}`),
    ...(query.limit === undefined ? [] : [`limit ${sketch(query.limit)}`]),
    ...(query.offset === undefined ? [] : [`offset ${sketch(query.offset)}`]),
  ];
  if (query.kind === "set-operation") {
    return [...ctes, `{${sketchQuery(query.left)}} ${query.operator} {${sketchQuery(query.right)}}`, ...tail].join(" ");
  }
  const items = query.items.map(
    ({ expression, alias }) => sketch(expression) + (alias === undefined ? "" : ` ${alias}`),
  );
  return [
    ...ctes,
    `${query.distinct ? "distinct " : ""}${items.join(", ")}`,
    ...(query.from === undefined ? [] : [`first ${sketchFrom(query.from)}`]),
    ...(query.where === undefined ? [] : [`where ${sketch(query.where)}`]),
    ...query.groupBy.map((expression) => `group ${sketch(expression)}`),
    ...(query.having === undefined ? [] : [`having ${sketch(query.having)}`]),
    ...(query.qualify === undefined ? [] : [`qualify ${sketch(query.qualify)}`]),
    ...tail,
  ].join(" ");
}

function sketchOrder({ expression, direction, nulls }: OrderItem): string {
  return [sketch(expression), direction === "descending" ? "desc" : [], nulls ?? []].flat().join(" ");
}

const named = (columns: readonly string[]): string => (columns.length === 0 ? "" : `(${columns.join(", ")})`);

/** Joins from left to right; one on the right stands in braces. */
function sketchFrom(item: FromItem): string {
  if (item.kind !== "join")
    return [sketchLeaf(item), (item.alias ?? "") + named(item.columns)].filter(Boolean).join(" ");
  const right = item.right.kind === "join" ? `{${sketchFrom(item.right)}}` : sketchFrom(item.right);
  const on = item.on === undefined ? "" : ` on ${sketch(item.on)}`;
  const using = item.using.length === 0 ? "" : ` using ${item.using.join("+")}`;
  return `${sketchFrom(item.left)} ${item.natural ? "natural-" : ""}${item.join} ${right}${on}${using}`;
}

function sketchLeaf(item: Exclude<FromItem, { kind: "join" }>): string {
  switch (item.kind) {
    case "table":
      return (item.sampled ? "sampled " : "") + [item.schema, item.name].filter(Boolean).join(".");
    case "derived":
      return `[${sketchQuery(item.query)}]`;
    case "function":
      return sketch(item.expression);
    case "values":
      return `values${item.rows.map(list).join("")}`;
    case "pivot":
      return `pivot[${sketchFrom(item.source)}]${list(item.expressions)}`;
  }
}
