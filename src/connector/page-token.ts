import { createHash } from "node:crypto";
import { z } from "zod";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** Where a page of a listing ended. */
export type PagePosition =
  /** By creation: the last row's moment, and digests of the rows of that moment that were given. */
  | { readonly kind: "newest-first"; readonly created: string; readonly given: readonly string[] }
  /** In Stripe's own order: how many rows were given, and digests of them, or of the first and the last of many. */
  | { readonly kind: "stripe-order"; readonly count: number; readonly given: readonly string[] }
  /** In an order asked for: the last row's values of the columns that order, null for NULL. */
  | { readonly kind: "sorted"; readonly after: readonly (string | null)[] }
  /** Of a statement's result: how many rows were given, and a digest of all of them. */
  | { readonly kind: "result"; readonly count: number; readonly rows: string }
  /** Of a list that does not change: how many were given. */
  | { readonly kind: "offset"; readonly count: number };

/** As many digests as keep a token below 13,000 characters: it has to fit into the address of an HTTP request. */
export const maximumDigests = 1000;

const digestLength = 12;
const digest = z.string().regex(/^[\w-]{12}$/);
const count = z.int().min(0).max(1_000_000_000);
const given = z.array(digest).max(maximumDigests);
const positionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("newest-first"), created: z.iso.datetime(), given }),
  z.strictObject({ kind: z.literal("stripe-order"), count, given }),
  z.strictObject({ kind: z.literal("sorted"), after: z.array(z.string().nullable()).max(100) }),
  z.strictObject({ kind: z.literal("result"), count, rows: digest }),
  z.strictObject({ kind: z.literal("offset"), count }),
]);

/** A token for the page that follows. It is good for the same request only: `request` is all that the listing depends on. */
export function encodePageToken(position: PagePosition, request: unknown): string {
  const digests = "given" in position ? position.given : undefined;
  const rest = { ...position, given: undefined, check: digestOf(JSON.stringify([request, position])) };
  const head = Buffer.from(JSON.stringify(rest)).toString("base64url");
  return digests === undefined ? head : `${head}.${digests.join("")}`;
}

/** Error 22023 for a text that is no token, one that was changed, or that of another request. */
export function decodePageToken(token: string, request: unknown): PagePosition {
  const [head = "", digests] = token.split(".", 2);
  const { check: _, ...rest } = headOf(head);
  const parsed = positionSchema.safeParse(digests === undefined ? rest : { ...rest, given: splitDigests(digests) });
  if (parsed.success && encodePageToken(parsed.data, request) === token) return parsed.data;
  throw new StripeSqlError("the page token is not one that this listing gave", {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: "Give the token of the page before, as it was, with the same entity, filter and sort columns, or the same statement and parameters.",
  });
}

/** 72 bits of a row's identity. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, digestLength);
}

function splitDigests(text: string): readonly string[] {
  return text.match(new RegExp(`.{1,${digestLength}}`, "gs")) ?? [];
}

function headOf(head: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(head, "base64url").toString("utf8"));
    return typeof value === "object" ? { ...value } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
