import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../src/stripe/clock.js";
import { ensureBuilt } from "../../support/built-program.js";
import { ScriptedPool } from "../../support/scripted-pool.js";

const nodes = new ScriptedPool();

beforeAll(ensureBuilt);

afterEach(() => nodes.close());

/** Ten seconds of the clock on the wall: a test on no clock of its own stands beside the throttle's others. */
test("of 24 transactions a second for ten seconds, two nodes take 12 a second, and each refusal says when to come back", async () => {
  await nodes.open({ minimum: 2, maximum: 2, clock: systemClock });
  const startedAt = performance.now();
  const taken: Promise<{ readonly pid: number }>[] = [];
  const takenAt: number[] = [];
  const refusals: { readonly waitMs: number; readonly takenBefore: number }[] = [];
  for (let offered = 0; offered < 240; offered += 1) {
    await wait(Math.max(0, startedAt + (offered * 1000) / 24 - performance.now()));
    const offeredAt = performance.now();
    const waitMs = nodes.pool.admit();
    if (waitMs === undefined) {
      takenAt.push(offeredAt);
      taken.push(nodes.call("getEntity"));
    } else {
      refusals.push({ waitMs, takenBefore: takenAt.filter((time) => time > offeredAt - 500).length });
    }
  }
  const perSecond = (taken.length * 1000) / (performance.now() - startedAt);
  expect(perSecond).toBeLessThanOrEqual(12 * 1.1);
  // None is refused that the rate has room for. A machine that stands still for a while offers fewer, and takes fewer.
  expect(Math.min(...refusals.map(({ takenBefore }) => takenBefore))).toBeGreaterThanOrEqual(5);
  expect(taken.length + refusals.length).toBe(240);
  expect(refusals.every(({ waitMs }) => waitMs > 0 && waitMs <= 84)).toBe(true);
  expect(new Set((await Promise.all(taken)).map(({ pid }) => pid)).size).toBe(2);
});
