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
  | { readonly kind: "like"; readonly field: FilterField; readonly pattern: FilterValue; readonly negated: boolean }
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
  readonly quoted: boolean;
  readonly position: number;
}

export type FilterValue =
  | { readonly type: "string" | "number" | "boolean" | "DATE" | "TIMESTAMP" | "TIMESTAMPTZ"; readonly text: string }
  | { readonly type: "null" };
