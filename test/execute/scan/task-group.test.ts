import { describe, expect, it } from "vitest";
import { TaskGroup } from "../../../src/execute/scan/task-group.js";
import { unhandledRejectionsOf } from "../../support/unhandled-rejections.js";

interface HeldTask {
  readonly promise: Promise<void>;
  end(): void;
  fail(message: string): void;
}

function heldTask(): HeldTask {
  const parts: { resolve: () => void; reject: (error: Error) => void } = { resolve: () => {}, reject: () => {} };
  const promise = new Promise<void>((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return { promise, end: () => parts.resolve(), fail: (message) => parts.reject(new Error(message)) };
}

describe("tasks of a group", () => {
  it("that are waited for together end together, with the first failure", async () => {
    let stops = 0;
    const group = new TaskGroup(() => {
      stops += 1;
    });
    const [one, two, three] = [heldTask(), heldTask(), heldTask()];
    const together = group.together([one.promise, two.promise, three.promise]);
    let isOver = false;
    const over = together
      .catch(() => undefined)
      .then(() => {
        isOver = true;
      });
    two.fail("second");
    await new Promise((resolve) => setImmediate(resolve));
    expect([isOver, stops]).toEqual([false, 1]);
    one.fail("first");
    three.end();
    await over;
    await expect(together).rejects.toThrow("second");
  });

  it("that nobody waits for fail the group and nothing else, whenever they do", async () => {
    let stops = 0;
    const group = new TaskGroup(() => {
      stops += 1;
    });
    const [early, late] = [heldTask(), heldTask()];
    const rejections = await unhandledRejectionsOf(async () => {
      const begun = [early, late].map(({ promise }) => group.begin(promise));
      early.fail("early");
      await begun[0];
      late.fail("late");
      await group.ended();
    });
    expect([rejections, stops]).toEqual([[], 2]);
    await expect(group.together([])).rejects.toThrow("early");
  });

  it("that are begun while the group is waited for are waited for too", async () => {
    const group = new TaskGroup(() => {});
    const [first, second] = [heldTask(), heldTask()];
    const order: string[] = [];
    void group.begin(first.promise.then(() => void group.begin(second.promise.then(() => void order.push("task")))));
    const ended = group.ended().then(() => order.push("ended"));
    first.end();
    await new Promise((resolve) => setImmediate(resolve));
    second.end();
    await ended;
    expect(order).toEqual(["task", "ended"]);
  });
});
