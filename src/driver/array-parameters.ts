import type { ArrayParameter, ArrayParameters, SingleParameter } from "../syntax/expand-arrays.js";
import type { SqlValue } from "./api.js";

/** What a statement's parameters are, and their values with those of arrays' elements among them. */
export interface UnfoldedValues {
  readonly arrays: ArrayParameters;
  readonly values: readonly SqlValue[];
}

/** An array of anything but values, such as one of objects, is JSON, and stays whole. */
export function unfoldArrays(given: readonly SqlValue[]): UnfoldedValues {
  if (!given.some(isArrayOfValues)) return { arrays: new Map(), values: given };
  const unfolded = given.map((value): readonly SqlValue[] => (isArrayOfValues(value) ? value : [value]));
  const values = unfolded.flat() as SqlValue[];
  const arrays = new Map<number, ArrayParameter | SingleParameter>();
  let first = 1;
  for (const [index, value] of given.entries()) {
    const length = unfolded[index]?.length ?? 0;
    if (isArrayOfValues(value)) arrays.set(index + 1, { kind: "array", first, length, whole: values.push(value) });
    else arrays.set(index + 1, { kind: "single", number: first });
    first += length;
  }
  return { arrays, values };
}

function isArrayOfValues(value: SqlValue): value is readonly SqlValue[] {
  return Array.isArray(value) && value.every((element) => element === null || isScalar(element));
}

const isScalar = (value: unknown): boolean =>
  value instanceof Date || ["string", "number", "bigint", "boolean"].includes(typeof value);
