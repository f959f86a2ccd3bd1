import type { ComparisonOperator } from "./expression.js";

/** A filter clause as filter-clause.peggy leaves it. */
export type FilterNode =
  | { readonly kind: "and" | "or"; readonly operands: readonly FilterNode[] }
  | { readonly kind: "not"; readonly operand: FilterNode }
  | FilterCondition;

export type FilterCondition =
  | {
      readonly kind: "comparison";
      readonly field: FilterField;
      readonly operator: ComparisonOperator;
      readonly value: FilterValue;
    }
  | { readonly kind: "is-null"; readonly field: FilterField; readonly negated: boolean }
  | {
      readonly kind: "in";
      readonly field: FilterField;
      readonly values: readonly FilterValue[];
      readonly negated: boolean;
    }
  | { readonly kind: "like"; readonly field: FilterField; readonly pattern: FilterText; readonly negated: boolean }
  | {
      readonly kind: "between";
      readonly field: FilterField;
      readonly low: FilterValue;
      readonly high: FilterValue;
      readonly negated: boolean;
    };

export interface FilterField {
  readonly name: string;
  /** The part behind the dot: `Metadata.order_id`. */
  readonly key: string | undefined;
  /** Offset in the clause, as all positions. */
  readonly position: number;
}

export type FilterValue = FilterText | { readonly type: "null"; readonly position: number };

/** A value as it is written, quotes apart: a number keeps its leading zeros. */
export interface FilterText {
  readonly type: "string" | "number" | "boolean" | "DATE" | "TIMESTAMP" | "TIMESTAMPTZ";
  readonly text: string;
  readonly position: number;
}
