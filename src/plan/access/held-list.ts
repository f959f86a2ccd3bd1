import type { ListEndpoint } from "../../catalog/catalog.js";
import type { AccessRequest } from "./candidate.js";

/** Stripe expands four levels at most, a list's "data" being one. Source: https://docs.stripe.com/api/expanding_objects */
export const deepestExpansion = 3;

/** Where parents' objects hold the first rows of their lists. */
export interface HeldList {
  readonly path: readonly string[];
  /** What is to be expanded for it; undefined where it is always there. */
  readonly expand: readonly string[] | undefined;
}

/**
 * `l.CheckoutSession = k.Id` -> the lines that come along with the sessions, once `data.line_items` is expanded. Nothing is
 * lost: an object tells whether its list goes on, and is read on where it does; where it holds none, its list is asked for.
 */
export function heldList(
  { embeddedAt, expandableAt, baseParameters }: ListEndpoint,
  { table, includes, without, pushdown }: AccessRequest,
  embeddedBeneath: readonly string[],
): HeldList | undefined {
  if (embeddedAt !== undefined) return { path: embeddedAt, expand: undefined };
  const isExpanding = pushdown && !without.has("expansion") && table.schema === "stripe" && includes.length === 0;
  if (!isExpanding || expandableAt === undefined || Object.keys(baseParameters).length > 0) return undefined;
  const isReached = embeddedBeneath.length + expandableAt.length <= deepestExpansion;
  return isReached ? { path: expandableAt, expand: expandableAt } : undefined;
}
