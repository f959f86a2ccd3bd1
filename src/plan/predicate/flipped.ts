import type { ComparisonOperator } from "../../syntax/expression.js";

/** `a < b` is `b > a`. */
export const flipped: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  "=": "=",
  "<>": "<>",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};
