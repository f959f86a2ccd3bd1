import type { Json } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";
import type { RequestParameters } from "../scan/scan.js";

/**
 * True where a list that is sent `own` gives no row that one sent `conditions` does not: Stripe's filters narrow, so that
 * what is sent along with all that the other sends, or with narrower ranges of it, gives rows of the other's.
 */
export function areNarrowedBy(own: RequestParameters, conditions: RequestParameters): boolean {
  return Object.entries(conditions).every(([name, value]) => {
    const sent = own[name];
    return sent !== undefined && (isSame(sent, value) || isWithin(rangeOf(sent), rangeOf(value)));
  });
}

/** Inclusive bounds of whole numbers. */
export interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

/** Undefined for what is no range of numbers: API v2 sends times as texts, of parts of a second too. */
export function rangeOf(value: Json | undefined): Range | undefined {
  if (!isJsonObject(value)) return undefined;
  const { gte = Number.NEGATIVE_INFINITY, lte = Number.POSITIVE_INFINITY, ...others } = value;
  if (typeof gte !== "number" || typeof lte !== "number" || Object.keys(others).length > 0) return undefined;
  return { minimum: gte, maximum: lte };
}

const isWithin = (inner: Range | undefined, outer: Range | undefined): boolean =>
  inner !== undefined && outer !== undefined && inner.minimum >= outer.minimum && inner.maximum <= outer.maximum;

export const isSame = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);
