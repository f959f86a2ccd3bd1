import { expect, test } from "vitest";
import { RateRefusals } from "../../src/driver/rate-refusals.js";

function refused(times: number): RateRefusals {
  const refusals = new RateRefusals();
  for (let attempt = 0; attempt < times; attempt += 1) refusals.answered({ status: 429, retryInMs: 1000 });
  refusals.answered({ status: 200, retryInMs: undefined });
  return refusals;
}

test("many refusals of one statement for its rate are told, with the property that lowers it; a few are not", () => {
  expect(refused(9).notice(106)).toBeUndefined();
  expect(refused(24).notice(106)).toMatch(/^Stripe refused 24 of 106 requests .*\(429\).*RequestsPerSecond/);
});
