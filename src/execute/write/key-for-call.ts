import { createHash } from "node:crypto";
import type { WriteRequest } from "../../plan/write/write-plan.js";

/** Stripe takes keys of 255 characters. Source: https://docs.stripe.com/api/idempotent_requests */
const longestKey = 255;

/**
 * The statement's key is one object's alone: of several, each has its id behind it, and the first object that is
 * still to be made the bare key, the others their place. An id that is unique only within its parent or account
 * has theirs before it.
 */
export function keyForCall(statementKey: string, request: WriteRequest, index: number): string {
  if (request.id === undefined) return index === 0 ? statementKey : `${statementKey}-${index}`;
  const name = [request.accountId, ...idsIn(request)].filter((part) => part !== undefined).join("-");
  const key = `${statementKey}-${name}`;
  return key.length <= longestKey ? key : `${statementKey}-${createHash("sha256").update(name).digest("base64url")}`;
}

/** What the path has in the template's placeholders, encoded as there. */
function idsIn({ endpoint, path }: WriteRequest): readonly string[] {
  const template = endpoint.path.split("/");
  return path.split("/").filter((segment, index) => segment !== template[index]);
}
