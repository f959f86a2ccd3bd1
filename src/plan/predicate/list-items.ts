import type { Expression } from "../../syntax/expression.js";
import type { ConstantContext } from "./scalar.js";

/**
 * What an IN compares with: its items, and each element of an array that is a parameter (`= ANY($1)`) in its place. A NULL
 * for the array is one item of NULL: both forms are NULL of it. Undefined where a parameter's value is not known, or no
 * array of plain values.
 */
export function itemsOf(
  { items }: Pick<Extract<Expression, { kind: "in" }>, "items">,
  { parameters }: Pick<ConstantContext, "parameters">,
): readonly Expression[] | undefined {
  const known: Expression[] = [];
  for (const item of items) {
    const isArray = item.kind === "parameter" && item.elements === true;
    const elements = isArray ? elementsOf(parameters[item.index]) : [item];
    if (elements === undefined) return undefined;
    known.push(...elements);
  }
  return known;
}

function elementsOf(array: unknown): readonly Expression[] | undefined {
  if (array === null) return [{ kind: "literal", value: { type: "null" } }];
  const elements = Array.isArray(array) ? array.map(literalOf) : [];
  return !Array.isArray(array) || elements.includes(undefined)
    ? undefined
    : elements.filter((one) => one !== undefined);
}

function literalOf(value: unknown): Expression | undefined {
  if (value === null) return { kind: "literal", value: { type: "null" } };
  if (typeof value === "string") return { kind: "literal", value: { type: "string", value } };
  if (typeof value === "boolean") return { kind: "literal", value: { type: "boolean", value } };
  if (typeof value === "number" || typeof value === "bigint")
    return { kind: "literal", value: { type: "number", text: String(value) } };
  return undefined;
}
