import type { Expression, SelectBlock } from "../../syntax/expression.js";
import { wholeNumber } from "../predicate/constant.js";
import type { ConstantContext } from "../predicate/scalar.js";
import { isOfRows } from "./group-keys.js";
import { findRelationColumn } from "./relation.js";
import type { TableSource } from "./scope.js";

/** Which of a table's rows a block wants, once its conditions are applied. */
export interface WantedRows {
  /** "created-ends": the newest and the oldest. */
  readonly order: "any" | "created-descending" | "created-ascending" | "created-ends";
  /** How many of them, OFFSET included; at each end. */
  readonly rows: number;
}

/** What a block that reads one table wants of it; `isCreated` tells its creation time among the names. */
export interface BlockOfTable {
  readonly block: SelectBlock;
  readonly isCreated: (column: ColumnNode) => boolean;
}

type ColumnNode = Extract<Expression, { kind: "column" }>;

/**
 * `ORDER BY Created LIMIT 5`, `max(Created)`: the first rows from an end. Undefined where all rows count: other rows than
 * these change nothing of the result, whatever else is read of them.
 */
export function wantedRows(of: BlockOfTable, constants: ConstantContext): WantedRows | undefined {
  return limitedRows(of, constants) ?? extremeRows(of);
}

function limitedRows({ block, isCreated }: BlockOfTable, constants: ConstantContext): WantedRows | undefined {
  if (block.limit === undefined || !isOfRows(block)) return undefined;
  const limit = wholeNumber(block.limit, constants);
  const offset = block.offset === undefined ? 0 : wholeNumber(block.offset, constants);
  if (limit === undefined || offset === undefined) return undefined;
  const order = requestedOrder({ block, isCreated });
  return order === "other" ? undefined : { order, rows: limit + offset };
}

/** "created-…" for ORDER BY the creation time and nothing else; "any" for none; else "other". */
export function requestedOrder({
  block,
  isCreated,
}: BlockOfTable): "any" | "created-descending" | "created-ascending" | "other" {
  const [first, another] = block.orderBy;
  if (first === undefined) return "any";
  const expression = orderedBy(first.expression, block);
  if (another !== undefined || expression?.kind !== "column" || !isCreated(expression)) return "other";
  return first.direction === "descending" ? "created-descending" : "created-ascending";
}

/** Tells the creation time of a table's rows among the names of a block that reads it. */
export function creationOf({ item, target }: Pick<TableSource, "item" | "target">): BlockOfTable["isCreated"] {
  const alias = (item.alias ?? item.name).toLowerCase();
  return ({ table, name }) => {
    const column = table === undefined || table.toLowerCase() === alias ? findRelationColumn(target, name) : undefined;
    return column?.kind === "column" && column.stripeName === "created";
  };
}

/** What ORDER BY names by the place or the alias of an output. */
export function orderedBy(expression: Expression, { items }: SelectBlock): Expression | undefined {
  if (expression.kind === "literal" && expression.value.type === "number") {
    const place = Number(expression.value.text);
    return items.slice(0, place).some(({ isSpread }) => isSpread) ? undefined : items[place - 1]?.expression;
  }
  if (expression.kind !== "column" || expression.table !== undefined) return expression;
  const named = items.find(({ alias }) => alias?.toLowerCase() === expression.name.toLowerCase());
  return named?.expression ?? expression;
}

/** `SELECT min(Created), max(Created)`, and nothing else. */
function extremeRows({ block, isCreated }: BlockOfTable): WantedRows | undefined {
  const { groupBy, having, qualify, distinct, orderBy, limit, offset, items } = block;
  const isPlain = groupBy.length === 0 && orderBy.length === 0 && !distinct;
  if (!isPlain || [having, qualify, limit, offset].some((clause) => clause !== undefined)) return undefined;
  const names = items.map(({ expression }) => extremeOf(expression, isCreated));
  if (names.includes(undefined)) return undefined;
  const isMixed = names.includes("min") && names.includes("max");
  const order = isMixed ? "created-ends" : names.includes("min") ? "created-ascending" : "created-descending";
  return { order, rows: 1 };
}

function extremeOf(expression: Expression, isCreated: BlockOfTable["isCreated"]): "min" | "max" | undefined {
  if (expression.kind !== "call" || expression.distinct || expression.window) return undefined;
  const [argument, another] = expression.arguments;
  if (another !== undefined || argument?.kind !== "column" || !isCreated(argument)) return undefined;
  return expression.name === "min" || expression.name === "max" ? expression.name : undefined;
}
