import type { WriteCall } from "../write-call.js";

const hour = 3600 * 1000;
/** Clocks differ, and a request takes its time. */
const marginMs = hour;
/** Sources: https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/api-v2-overview#idempotency */
const keptMs = { v1: 24 * hour, v2: 30 * 24 * hour };

export function isV2({ path }: Pick<WriteCall, "path">): boolean {
  return path.startsWith("/v2/");
}

/** True where Stripe surely still answers a call that was sent then as it did the first time. */
export function isKeyKept(call: WriteCall, sentMs: number, nowMs: number): boolean {
  if (call.idempotencyKey === undefined) return false;
  return nowMs - sentMs < keptMs[isV2(call) ? "v2" : "v1"] - marginMs;
}
