import fc from "fast-check";
import { expect, test } from "vitest";
import type { BucketLimit } from "../../../src/stripe/rate/rate-store.js";
import { burstOf } from "../../../src/stripe/rate/request-limits.js";
import { TokenBuckets } from "../../../src/stripe/rate/token-buckets.js";
import { FakeClock } from "../../support/fake-clock.js";

const slow: BucketLimit = { name: "slow", requestsPerSecond: 10, burst: 3 };
const quick: BucketLimit = { name: "quick", requestsPerSecond: 1000, burst: 100 };

async function waits(buckets: TokenBuckets, limits: readonly BucketLimit[], count: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push(await buckets.reserve(limits));
  return found;
}

test("a full bucket lets its burst go, then one request each interval", async () => {
  expect(await waits(new TokenBuckets(new FakeClock()), [slow], 6)).toEqual([0, 0, 0, 100, 200, 300]);
});

test("a bucket fills again with time, and no further than its burst", async () => {
  const clock = new FakeClock();
  const buckets = new TokenBuckets(clock);
  await waits(buckets, [slow], 3);
  clock.pass(10_000);
  expect(await waits(buckets, [slow], 4)).toEqual([0, 0, 0, 100]);
});

test("a request under several limits waits for the narrowest", async () => {
  expect(await waits(new TokenBuckets(new FakeClock()), [quick, slow], 5)).toEqual([0, 0, 0, 100, 200]);
});

test("limits of other names are not touched", async () => {
  const buckets = new TokenBuckets(new FakeClock());
  await waits(buckets, [slow], 10);
  expect(await buckets.reserve([{ ...slow, name: "other" }])).toBe(0);
});

test("a place that is not free now may be left", () => {
  const clock = new FakeClock();
  const buckets = new TokenBuckets(clock);
  const taken = () => buckets.tryTake([quick, slow]);
  expect([taken(), taken(), taken(), taken(), taken()]).toEqual([0, 0, 0, 100, 100]);
  clock.pass(100);
  expect([taken(), taken()]).toEqual([0, 100]);
});

test("in no second does more go than Stripe's limit, whatever the rate and the pauses", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 5, max: 100 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 20, maxLength: 120 }),
      async (publishedLimit, pauses) => {
        const requestsPerSecond = publishedLimit * 0.8;
        const limit = { name: "all", requestsPerSecond, burst: burstOf(requestsPerSecond) };
        const clock = new FakeClock();
        const buckets = new TokenBuckets(clock);
        const starts: number[] = [];
        for (const pause of pauses) {
          starts.push(clock.now() + (await buckets.reserve([limit])));
          clock.pass(pause < 300 ? 0 : pause);
        }
        for (const start of starts) {
          // A thousandth of a millisecond for the rounding of sums.
          const within = starts.filter((other) => other >= start && other < start + 1000 - 0.001).length;
          expect(within).toBeLessThanOrEqual(publishedLimit);
        }
      },
    ),
    { numRuns: 50 },
  );
});
