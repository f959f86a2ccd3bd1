import { expect, test } from "vitest";
import { defaultPoolSettings, startBackoffMs } from "../../../src/connector/nodes/pool-settings.js";
import type { ObservedUse } from "../../../src/connector/nodes/scaling-rule.js";
import { ScalingRule } from "../../../src/connector/nodes/scaling-rule.js";

const quiet: Omit<ObservedUse, "nowMs"> = { load: 1, isRefusing: false, admitted: 0, perSecondOfFewer: 6 };

/** The steps that the rule takes, "+" and "-" with their seconds, for uses that last from one second to the next given. */
function stepsOf(...uses: readonly (readonly [untilSecond: number, use: Partial<ObservedUse>])[]): readonly string[] {
  const rule = new ScalingRule(defaultPoolSettings);
  const steps: string[] = [];
  let nowMs = 0;
  for (const [untilSecond, use] of uses) {
    for (; nowMs <= untilSecond * 1000; nowMs += 250) {
      const step = rule.observe({ ...quiet, ...use, nowMs });
      if (step !== 0) steps.push(`${step > 0 ? "+" : "-"}${nowMs / 1000}`);
    }
  }
  return steps;
}

test("two calls under way for each node, for five seconds, ask for another", () => {
  expect(stepsOf([10, { load: 1.9 }])).toEqual([]);
  expect(stepsOf([4, { load: 2 }], [5, { load: 1 }], [6, { load: 9 }])).toEqual([]);
  expect(stepsOf([16, { load: 2 }])).toEqual(["+5", "+10.25", "+15.5"]);
});

test("refusals for half a minute ask for another, however short the calls are", () => {
  expect(stepsOf([29, { load: 0, isRefusing: true }], [31, {}], [40, { isRefusing: true }])).toEqual([]);
  expect(stepsOf([31, { load: 0, isRefusing: true }])).toEqual(["+30"]);
});

test("half a minute with less than half a call for each node asks for one less", () => {
  expect(stepsOf([60, { load: 0.5 }])).toEqual([]);
  expect(stepsOf([29, { load: 0.4 }], [30, { load: 1 }], [59, { load: 0.4 }])).toEqual([]);
  expect(stepsOf([61, { load: 0.4 }])).toEqual(["-30", "-60.25"]);
});

test("nodes that the rate of transactions needs stay, though their calls are short", () => {
  const rule = new ScalingRule(defaultPoolSettings);
  const stepAt = (second: number, perSecond: number) =>
    rule.observe({ ...quiet, load: 0.1, nowMs: second * 1000, admitted: second * perSecond, perSecondOfFewer: 12 });
  const busy = Array.from({ length: 200 }, (_, second) => stepAt(second, 13));
  expect(busy.every((step) => step === 0)).toBe(true);
});

test("the pause before a start grows with the ends before it, to half a minute", () => {
  expect([0, 1, 2, 3, 4, 5, 20].map(startBackoffMs)).toEqual([0, 0, 500, 1000, 2000, 4000, 30_000]);
});
