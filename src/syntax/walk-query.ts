import type { Expression, FromItem, Query, SelectBlock, SelectItem, TableReference } from "./expression.js";
import { operandsOf } from "./walk-expression.js";

/** Every expression of a query, with all that stand beneath them and in its subqueries. */
export function expressionsOf(query: Query): readonly Expression[] {
  const common = query.ctes.flatMap((table) => expressionsOf(table.query));
  const ends = [...query.orderBy.map(({ expression }) => expression), query.limit, query.offset];
  if (query.kind === "set-operation")
    return [...common, ...expressionsOf(query.left), ...expressionsOf(query.right), ...ends.flatMap(allBeneath)];
  const clauses = [...query.groupBy, query.where, query.having, query.qualify, ...ends];
  const items = query.items.flatMap(({ expression }) => allBeneath(expression));
  return [...common, ...items, ...fromExpressions(query.from), ...clauses.flatMap(allBeneath)];
}

/** The subqueries among a query's own expressions, not those that stand in its FROM, its WITH or its set operation's sides. */
export function subqueriesOf(query: Query): readonly Query[] {
  const ends = [...query.orderBy.map(({ expression }) => expression), query.limit, query.offset];
  if (query.kind === "set-operation") return ends.flatMap(subqueriesIn);
  const clauses = [...query.groupBy, query.where, query.having, query.qualify, ...ends];
  const items = query.items.map(({ expression }) => expression);
  return [...items, ...ownFromExpressions(query.from), ...clauses].flatMap(subqueriesIn);
}

function subqueriesIn(expression: Expression | undefined): readonly Query[] {
  const found: Query[] = [];
  gatherQueries(expression, found);
  return found;
}

function gatherQueries(expression: Expression | undefined, found: Query[]): void {
  if (expression === undefined) return;
  if ("query" in expression) found.push(expression.query);
  for (const operand of operandsOf(expression)) gatherQueries(operand, found);
}

function ownFromExpressions(from: FromItem | undefined): readonly Expression[] {
  switch (from?.kind) {
    case undefined:
    case "table":
    case "derived":
      return [];
    case "function":
      return [from.expression];
    case "values":
      return from.rows.flat();
    case "pivot":
      return [...ownFromExpressions(from.source), ...from.expressions];
    case "join":
      return [...ownFromExpressions(from.left), ...ownFromExpressions(from.right), ...(from.on ? [from.on] : [])];
  }
}

/** Every mention of a table or common table in a query and all that stand in it. */
export function tableReferencesIn(query: Query): readonly TableReference[] {
  const inExpressions = expressionsOf(query).flatMap((expression) => ("query" in expression ? [expression.query] : []));
  const blocks = [query, ...inExpressions].flatMap(blocksOf);
  return blocks.flatMap(({ from }) => referencesIn(from));
}

function referencesIn(from: FromItem | undefined): readonly TableReference[] {
  if (from?.kind === "table") return [from];
  if (from?.kind === "pivot") return referencesIn(from.source);
  return from?.kind === "join" ? [...referencesIn(from.left), ...referencesIn(from.right)] : [];
}

/** Every select item of a query and of the queries that its FROM and WITH hold. */
export function selectItemsOf(query: Query): readonly SelectItem[] {
  return blocksOf(query).flatMap(({ items }) => items);
}

/** The blocks of a query and of the queries that its FROM and WITH hold. */
export function blocksOf(query: Query): readonly SelectBlock[] {
  const beneath = queriesIn(query).flatMap(blocksOf);
  return query.kind === "select" ? [query, ...beneath] : beneath;
}

function queriesIn(query: Query): readonly Query[] {
  const common = query.ctes.map((table) => table.query);
  if (query.kind === "set-operation") return [...common, query.left, query.right];
  return [...common, ...derivedIn(query.from)];
}

function derivedIn(from: FromItem | undefined): readonly Query[] {
  if (from?.kind === "derived") return [from.query];
  if (from?.kind === "pivot") return derivedIn(from.source);
  return from?.kind === "join" ? [...derivedIn(from.left), ...derivedIn(from.right)] : [];
}

function fromExpressions(from: FromItem | undefined): readonly Expression[] {
  switch (from?.kind) {
    case undefined:
    case "table":
      return [];
    case "derived":
      return expressionsOf(from.query);
    case "function":
      return allBeneath(from.expression);
    case "values":
      return from.rows.flat().flatMap(allBeneath);
    case "pivot":
      return [...fromExpressions(from.source), ...from.expressions.flatMap(allBeneath)];
    case "join":
      return [...fromExpressions(from.left), ...fromExpressions(from.right), ...allBeneath(from.on)];
  }
}

/** An expression, its operands and theirs, and those of its subquery. */
function allBeneath(expression: Expression | undefined): readonly Expression[] {
  const found: Expression[] = [];
  gather(expression, found);
  return found;
}

/** Into one array: a list of many thousand values is as many expressions. */
function gather(expression: Expression | undefined, found: Expression[]): void {
  if (expression === undefined) return;
  found.push(expression);
  for (const operand of operandsOf(expression)) gather(operand, found);
  if ("query" in expression) for (const inner of expressionsOf(expression.query)) found.push(inner);
}
