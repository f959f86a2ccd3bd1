import { createHash } from "node:crypto";
import { z } from "zod";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** Where a page of a listing ended. */
export type PagePosition =
  /** By creation: the last row's moment, and digests of the rows of that moment that were given. */
  | { readonly kind: "newest-first"; readonly created: string; readonly given: readonly string[] }
  /** In Stripe's own order: digests of the page's rows, and how many rows were given up to its end. */
  | { readonly kind: "stripe-order"; readonly rows: readonly string[]; readonly count: number }
  /** In an order asked for: the last row's values of the columns that order, null for NULL. */
  | { readonly kind: "sorted"; readonly after: readonly (string | null)[] }
  /** Of rows that nothing tells apart: how many were given. */
  | { readonly kind: "offset"; readonly count: number };

const count = z.int().min(0).max(1_000_000_000);
const digests = z.array(z.string().regex(/^[\w-]{12}$/)).max(5000);
const positionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("newest-first"), created: z.iso.datetime(), given: digests }),
  z.strictObject({ kind: z.literal("stripe-order"), rows: digests, count }),
  z.strictObject({ kind: z.literal("sorted"), after: z.array(z.string().nullable()).max(100) }),
  z.strictObject({ kind: z.literal("offset"), count }),
]);
const tokenSchema = z.strictObject({ of: z.string(), at: positionSchema });

/** A token for the page that follows. It is good for the same request only: `request` is all that the listing depends on. */
export function encodePageToken(position: PagePosition, request: unknown): string {
  return Buffer.from(JSON.stringify({ of: digest(JSON.stringify(request)), at: position })).toString("base64url");
}

/** Error 22023 for a text that is no token, or that of another request. */
export function decodePageToken(token: string, request: unknown): PagePosition {
  const parsed = tokenSchema.safeParse(parseJson(Buffer.from(token, "base64url").toString("utf8")));
  if (!parsed.success) throw refusal("the page token is not one that a listing gave");
  if (parsed.data.of === digest(JSON.stringify(request))) return parsed.data.at;
  throw refusal("the page token belongs to another listing");
}

/** 72 bits of a row's identity. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function refusal(message: string): StripeSqlError {
  return new StripeSqlError(message, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: "Give the token of the page before together with the same entity, filter and sort columns.",
  });
}
