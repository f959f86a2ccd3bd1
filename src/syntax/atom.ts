import type { Expression } from "./expression.js";

/**
 * What a placeholder of the planner's copy stands for: "7" in double quotes for a name or a call, $7 for a
 * whole expression or a list of them.
 */
export type Atom = NameAtom | CallAtom | ExpressionAtom | ListAtom;

export interface NameAtom {
  readonly kind: "name";
  readonly name: string;
  readonly quoted: boolean;
  /** In the script; undefined for a name that the copy itself made up. */
  readonly position: number | undefined;
  /** Column names given with an alias: `v(id, amount)`. */
  readonly columns: readonly string[] | undefined;
}

/** What the copy writes as a plain call. Its first `own` operands make it; the rest are of ORDER BY, FILTER and OVER. */
export interface CallAtom {
  readonly kind: "call";
  readonly own: number;
  readonly build: BuildExpression;
}

export type BuildExpression = (operands: readonly Expression[]) => Expression;

export interface ExpressionAtom {
  readonly kind: "expression";
  readonly expression: Expression;
}

export interface ListAtom {
  readonly kind: "list";
  readonly items: readonly Expression[];
}
