import type { ChosenColumn } from "./choose-columns.js";
import { precisionOf, timeLabel } from "./read-value.js";

/** What a column's values are called: times say no more than they all do. */
export function naming(
  { measure }: ChosenColumn,
  values: readonly (number | string)[],
): (value: number | string) => string {
  if (measure !== "time") return String;
  const precision = precisionOf(values.map(Number));
  return (value) => timeLabel(Number(value), precision);
}

/** Distinct values, each with its place among them. */
export function placesOf<Value>(values: Iterable<Value>): ReadonlyMap<Value, number> {
  const places = new Map<Value, number>();
  for (const value of values) if (!places.has(value)) places.set(value, places.size);
  return places;
}
