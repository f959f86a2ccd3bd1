import { expect, test } from "vitest";
import { systemClock } from "../../src/stripe/clock.js";

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

test("a sleep canceled rejects with the signal's reason and leaves no timer behind", async () => {
  const before = timers();
  const controller = new AbortController();
  const sleep = systemClock.sleep(60_000, controller.signal);
  expect(timers()).toBe(before + 1);
  controller.abort(new Error("enough"));
  await expect(sleep).rejects.toThrow("enough");
  expect(timers()).toBe(before);
});

test("a sleep under a signal already aborted never starts", async () => {
  const before = timers();
  await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  expect(timers()).toBe(before);
});

test("time does not run backwards", () => {
  const before = systemClock.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
});
