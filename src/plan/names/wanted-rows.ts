import type { Column } from "../../catalog/catalog.js";
import type { Expression, SelectBlock } from "../../syntax/expression.js";
import type { NeededRows } from "./needed-rows.js";
import { orderedBy } from "./output-columns.js";
import { findRelationColumn } from "./relation.js";
import type { TableSource } from "./scope.js";

/** Which of a table's rows a block wants, once its conditions are applied. */
export interface WantedRows {
  /** "created-ends": the newest and the oldest. */
  readonly order: "any" | "created-descending" | "created-ascending" | "created-ends";
  /** How many of them, OFFSET included; at each end. */
  readonly rows: number;
  /** True where rows of the last one's time are wanted too. */
  readonly ties: boolean;
}

/** What a block that reads one table wants of it; `isCreated` tells its creation time among the names. */
export interface BlockOfTable {
  readonly block: SelectBlock;
  readonly isCreated: (column: ColumnNode) => boolean;
}

type ColumnNode = Extract<Expression, { kind: "column" }>;

/**
 * What is needed of a block's rows, as rows of its one table: by its creation time alone, as no list comes in another
 * order. Undefined where all rows count: other rows than these change nothing of the result, whatever else is read of
 * them.
 */
export function wantedRows(
  { rows, order }: NeededRows,
  source: Pick<TableSource, "item" | "target">,
): WantedRows | undefined {
  if (order === undefined) return { order: "any", rows, ties: false };
  const { column, from, ties, present } = order;
  const arePresent = present.every((one) => columnOf(source, one)?.nullable === false);
  if (!arePresent || !creationOf(source)(column)) return undefined;
  return { order: `created-${from}`, rows, ties };
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
export function creationOf(source: Pick<TableSource, "item" | "target">): BlockOfTable["isCreated"] {
  return (node) => columnOf(source, node)?.stripeName === "created";
}

function columnOf(
  { item, target }: Pick<TableSource, "item" | "target">,
  { table, name }: ColumnNode,
): Column | undefined {
  const alias = (item.alias ?? item.name).toLowerCase();
  const column = table === undefined || table.toLowerCase() === alias ? findRelationColumn(target, name) : undefined;
  return column?.kind === "column" ? column : undefined;
}
