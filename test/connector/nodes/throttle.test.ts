import { expect, test } from "vitest";
import { Throttle } from "../../../src/connector/nodes/throttle.js";
import { FakeClock } from "../../support/fake-clock.js";

/** The times at which transactions, offered one every so many milliseconds, were let in. */
function admissions(throttle: Throttle, clock: FakeClock, offer: { nodes: number; everyMs: number; count: number }) {
  const admitted: number[] = [];
  for (let index = 0; index < offer.count; index += 1) {
    if (throttle.admit(offer.nodes) === undefined) admitted.push(clock.now());
    clock.pass(offer.everyMs);
  }
  return admitted;
}

function mostInOneSecond(times: readonly number[]): number {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + 1000).length));
}

test("of 24 a second, two nodes take 12 a second over ten seconds, and never a whole second's at once", () => {
  const clock = new FakeClock();
  const throttle = new Throttle(6, clock);
  const admitted = admissions(throttle, clock, { nodes: 2, everyMs: 1000 / 24, count: 240 });
  expect(admitted.length / 10).toBeGreaterThanOrEqual(12 * 0.9);
  expect(admitted.length / 10).toBeLessThanOrEqual(12 * 1.1);
  expect(throttle.admitted).toBe(admitted.length);
  const flood = admissions(throttle, clock, { nodes: 2, everyMs: 0, count: 100 });
  expect(flood.length).toBeLessThanOrEqual(6);
});

test("a pause saves up half a second's worth, so that no second takes more than one and a half", () => {
  const clock = new FakeClock();
  const throttle = new Throttle(6, clock);
  clock.pass(60_000);
  const admitted = admissions(throttle, clock, { nodes: 2, everyMs: 1, count: 5000 });
  expect(admitted.filter((time) => time === 60_000 || time < 60_006)).toHaveLength(6);
  expect(mostInOneSecond(admitted)).toBeLessThanOrEqual(18);
});

test("a refusal says when to ask again", () => {
  const clock = new FakeClock();
  const throttle = new Throttle(6, clock);
  admissions(throttle, clock, { nodes: 1, everyMs: 0, count: 3 });
  const waitMs = throttle.admit(1) ?? 0;
  expect(waitMs).toBe(167);
  clock.pass(waitMs);
  expect(throttle.admit(1)).toBeUndefined();
});

test("with each node more, more are let in", () => {
  const clock = new FakeClock();
  const throttle = new Throttle(6, clock);
  const inOneSecond = [1, 2, 4].map((nodes) => {
    admissions(throttle, clock, { nodes, everyMs: 0, count: 20 });
    return admissions(throttle, clock, { nodes, everyMs: 10, count: 100 }).length;
  });
  for (const [index, nodes] of [1, 2, 4].entries()) {
    expect(Math.abs((inOneSecond[index] ?? 0) - 6 * nodes)).toBeLessThanOrEqual(1);
  }
});

test("a rate of less than one a second is kept too", () => {
  const clock = new FakeClock();
  const throttle = new Throttle(0.25, clock);
  expect(admissions(throttle, clock, { nodes: 2, everyMs: 500, count: 41 })).toHaveLength(11);
});

test("it is refusing while refusals come no further apart than two seconds", () => {
  const clock = new FakeClock();
  const throttle = new Throttle(1, clock);
  expect(throttle.isRefusing).toBe(false);
  admissions(throttle, clock, { nodes: 1, everyMs: 0, count: 2 });
  clock.pass(1999);
  expect(throttle.isRefusing).toBe(true);
  clock.pass(1);
  expect(throttle.isRefusing).toBe(false);
});
