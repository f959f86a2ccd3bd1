import { systemClock } from "../stripe/clock.js";
import { SharedRateStore } from "../stripe/rate/shared-rate-store.js";

export type { SharedRateStore } from "../stripe/rate/shared-rate-store.js";

/** Where servers of one process keep their common use of Stripe's limits. */
export function openSharedLimits(): SharedRateStore {
  return new SharedRateStore(systemClock);
}
