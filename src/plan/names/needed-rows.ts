import type { Expression } from "../../syntax/expression.js";

type ColumnNode = Extract<Expression, { kind: "column" }>;

/** Which of a block's rows, or of a query's, those around it need: the first so many of an order. */
export interface NeededRows {
  readonly rows: number;
  /** Undefined where any will do. */
  readonly order: NeededOrder | undefined;
}

export interface NeededOrder {
  readonly column: ColumnNode;
  /** "ends": the first so many and the last. */
  readonly from: "ascending" | "descending" | "ends";
  /** True where rows that are equal to the last of them are needed too. */
  readonly ties: boolean;
  /** Columns by which rows of NULL would be passed over. */
  readonly present: readonly ColumnNode[];
}
