import type { Expression, SelectBlock } from "../../syntax/expression.js";
import { conjuncts } from "../../syntax/walk-expression.js";
import { foldConstant } from "../predicate/constant.js";
import { flipped } from "../predicate/flipped.js";
import type { ConstantContext } from "../predicate/scalar.js";
import { isAggregated, sameText, windowsIn } from "./group-keys.js";
import type { NeededRows } from "./needed-rows.js";

type Window = Extract<Expression, { kind: "other" }>;

/**
 * `QUALIFY row_number() OVER (ORDER BY Created DESC) <= 10`, or the same of a query around by the column's name: the first ten
 * rows in the window's order. Undefined where the block has another window than those that number its rows in one order
 * from the first on: these give a row the same whatever comes behind it.
 */
export function topOfWindow(
  block: SelectBlock,
  outerConditions: readonly Expression[],
  constants: ConstantContext,
): NeededRows | undefined {
  const { distinct, groupBy, having, items, qualify, orderBy } = block;
  if (distinct || groupBy.length > 0 || having !== undefined) return undefined;
  const read = [...items, ...orderBy].map(({ expression }) => expression);
  const all = [...read, ...(qualify === undefined ? [] : [qualify])];
  const windows = all.flatMap(windowsIn);
  const [first] = windows;
  if (first === undefined || all.some(isAggregated) || !windows.every((window) => isNumbering(window, first)))
    return undefined;
  const named = (expression: Expression): Expression | undefined =>
    expression.kind === "column"
      ? items.find(({ alias }) => alias?.toLowerCase() === expression.name.toLowerCase())?.expression
      : expression;
  const most = [...outerConditions, ...conjuncts(qualify)].flatMap((condition) => {
    const bound = upperBound(condition, constants);
    const window = bound && named(bound.subject);
    return window?.kind === "other" && isNumbering(window, first) && nameOf(window) !== "dense_rank"
      ? [{ rows: bound?.most ?? 0, ties: nameOf(window) === "rank" }]
      : [];
  });
  const [tightest] = [...most].sort((one, other) => one.rows - other.rows);
  const [order, ...others] = (first.kind === "other" && first.orders) || [];
  if (tightest === undefined || order?.expression.kind !== "column") return undefined;
  const ties = tightest.ties || others.length > 0;
  return {
    rows: tightest.rows,
    order: { column: order.expression, from: order.direction, ties, present: [] },
  };
}

const numberings: ReadonlySet<string> = new Set(["row_number", "rank", "dense_rank"]);

/** The function of a window; undefined for one that is not read. */
function nameOf({ operands: [call] }: Window): string | undefined {
  return call?.kind === "call" && call.window ? call.name : undefined;
}

function isNumbering(window: Expression, first: Expression): boolean {
  if (window.kind !== "other" || first.kind !== "other" || window.partitions?.length !== 0) return false;
  const [call, ...rest] = window.operands;
  const orders = window.orders ?? [];
  // No FILTER, nor a frame.
  const isPlain = call?.kind === "call" && call.arguments.length === 0 && rest.length === orders.length;
  return isPlain && numberings.has(call.name) && sameText(orders) === sameText(first.orders ?? []);
}

/** The largest whole number that a condition lets its subject be. */
function upperBound(
  condition: Expression,
  constants: ConstantContext,
): { readonly subject: Expression; readonly most: number } | undefined {
  if (condition.kind === "between" && !condition.negated)
    return bounded(condition.operand, wholeOf(condition.high, constants));
  if (condition.kind !== "comparison") return undefined;
  const { left, right, operator } = condition;
  const value = wholeOf(right, constants);
  const [subject, bound, way] =
    value === undefined
      ? ([right, wholeOf(left, constants), flipped[operator]] as const)
      : ([left, value, operator] as const);
  if (way === "<") return bounded(subject, bound === undefined ? undefined : bound - 1);
  return way === "<=" || way === "=" ? bounded(subject, bound) : undefined;
}

const bounded = (subject: Expression, most: number | undefined) =>
  most === undefined || most < 0 ? undefined : { subject, most };

function wholeOf(expression: Expression, constants: ConstantContext): number | undefined {
  const value = foldConstant(expression, constants);
  return value?.type === "number" && Number.isSafeInteger(value.value) ? value.value : undefined;
}
