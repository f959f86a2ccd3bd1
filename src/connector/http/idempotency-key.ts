import type { IncomingHttpHeaders } from "node:http";
import { RpcFailure } from "./rpc-failure.js";

/** Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header */
export const idempotencyKeyHeader = "Idempotency-Key";

/** The header's key; undefined where there is none. */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers[idempotencyKeyHeader.toLowerCase()];
  if (key === undefined) return undefined;
  if (typeof key === "string" && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new RpcFailure(`header "${idempotencyKeyHeader}": expected 1 to 200 printable characters without spaces`, {
    status: "INVALID_ARGUMENT",
    reason: "INVALID_HEADER",
  });
}
