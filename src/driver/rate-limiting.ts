/** What servers above the driver limit and share rates by. */
export { systemClock } from "../stripe/clock.js";
export { SharedRateStore } from "../stripe/rate/shared-rate-store.js";
export { TokenBuckets } from "../stripe/rate/token-buckets.js";
