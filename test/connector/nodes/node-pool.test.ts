import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { ensureBuilt } from "../../support/built-program.js";
import { errorOf } from "../../support/scripted-client.js";
import { ScriptedPool } from "../../support/scripted-pool.js";

let nodes: ScriptedPool;

beforeAll(ensureBuilt);

beforeEach(() => {
  nodes = new ScriptedPool();
});

afterEach(() => nodes.close());

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Calls that a node has until they are given up. */
function waitingCalls(method: "getEntity" | "createEntity", count: number) {
  const controller = new AbortController();
  const calls = range(count).map(() => nodes.call(method, { do: "wait" }, { signal: controller.signal }));
  const ends = calls.map((call) => errorOf(call));
  return { ends, stop: () => controller.abort() };
}

describe("a pool", () => {
  it("starts its minimum of nodes and says how many take calls", async () => {
    await nodes.open({ minimum: 2, maximum: 3 });
    expect(nodes.pool.nodes).toEqual({ running: 2, callsUnderWay: 0, restarts: 0 });
    expect(nodes.pids("started")).toHaveLength(2);
  });

  it("gives each call to the node that has the fewest", async () => {
    await nodes.open({ minimum: 2, maximum: 2 });
    const outputs = await Promise.all(range(32).map((echo) => nodes.call("getEntity", { echo })));
    expect(outputs.map(({ echo }) => echo)).toEqual(range(32));
    for (const pid of nodes.pids("ready")) expect(outputs.filter((output) => output.pid === pid)).toHaveLength(16);
  });

  it("passes the caller's idempotency key and name on", async () => {
    await nodes.open();
    const options = { idempotencyKey: "key-1", caller: "192.0.2.1" };
    expect(await nodes.call("createEntity", {}, options)).toMatchObject(options);
  });

  it("lets calls wait in their order where every node is full, and refuses those past the bound", async () => {
    await nodes.open({ settings: { callsPerNode: 1, waitingCalls: 2 } });
    const { ends, stop } = waitingCalls("createEntity", 1);
    const order: unknown[] = [];
    const queued = range(2).map(async (echo) => order.push((await nodes.call("getEntity", { echo })).echo));
    const error = await errorOf(nodes.call("getEntity"));
    expect(error).toMatchObject({
      sqlState: "53400",
      message: 'too many calls are waiting for connection "main"',
      retryable: true,
    });
    expect(nodes.pool.nodes.callsUnderWay).toBe(1);
    stop();
    await Promise.all([...ends, ...queued]);
    expect(order).toEqual([0, 1]);
  });
});

describe("readiness", () => {
  it("is asked of the nodes past the calls that wait, and of one that is blocked no more than of the others", async () => {
    await nodes.open({ minimum: 2, maximum: 2, settings: { callsPerNode: 1 } });
    const busy = waitingCalls("getEntity", 4);
    // What a scripted node answers has no status of its own.
    expect(await nodes.call("checkReadiness")).toEqual({ status: "NOT_READY" });
    busy.stop();
    await Promise.all(busy.ends);
  });

  it("is not there where no node answers", async () => {
    await nodes.open();
    const blocked = errorOf(nodes.call("createEntity", { do: "block" }));
    const given = nodes.call("checkReadiness", {}, { signal: AbortSignal.timeout(100) });
    expect(await given).toEqual({ status: "NOT_READY" });
    process.kill(nodes.pids("ready")[0] ?? 0, "SIGKILL");
    await blocked;
  });
});

describe("a failure", () => {
  it("comes back from its node with all that it says", async () => {
    await nodes.open();
    expect(await errorOf(nodes.call("createEntity", { do: "fail" }))).toMatchObject({
      message: "as asked",
      sqlState: "58030",
      phase: "stripe",
      detail: "a detail",
      hint: "a hint",
      position: 7,
      retryable: true,
      stripe: { type: "card_error", code: "card_declined", requestId: "req_1", status: 402, inDoubt: true },
    });
  });

  it("that nobody foresaw is ours, and shows no secret", async () => {
    await nodes.open();
    const error = await errorOf(nodes.call("getEntity", { do: "break" }));
    expect(error).toMatchObject({ sqlState: "XX000", message: "no such thing: sk_test_***" });
  });
});

describe("a call that is given up", () => {
  it("before it was made is not made", async () => {
    await nodes.open();
    const error = await errorOf(nodes.call("getEntity", {}, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ sqlState: "57014" });
  });

  it("while it waits for a node ends at once", async () => {
    await nodes.open({ settings: { callsPerNode: 1 } });
    const busy = waitingCalls("getEntity", 1);
    const { ends, stop } = waitingCalls("getEntity", 1);
    stop();
    expect(await ends[0]).toMatchObject({ sqlState: "57014", message: "canceling statement due to user request" });
    busy.stop();
    await busy.ends[0];
  });

  it("while a node has it ends with what the node says", async () => {
    await nodes.open();
    const { ends, stop } = waitingCalls("createEntity", 1);
    stop();
    expect(await ends[0]).toMatchObject({ sqlState: "57014", message: "canceled as asked" });
  });
});

describe("a call whose input is not plain JSON", () => {
  it("fails alone", async () => {
    await nodes.open();
    const error = await errorOf(nodes.call("getEntity", { echo: () => undefined }));
    expect(error).toMatchObject({ sqlState: "XX000", message: expect.stringContaining("could not be cloned") });
    expect(await nodes.call("getEntity", { echo: 1 })).toMatchObject({ echo: 1 });
  });
});

describe("the number of nodes", () => {
  it("grows by one while two calls are under way for each, up to the maximum", async () => {
    await nodes.open({ minimum: 1, maximum: 3 });
    const { ends, stop } = waitingCalls("getEntity", 6);
    await nodes.clock.pass(4900);
    expect(nodes.pids("started")).toHaveLength(1);
    await nodes.clock.pass(400);
    expect(nodes.pids("started")).toHaveLength(2);
    await nodes.clock.pass(5500);
    await nodes.running(3);
    await nodes.clock.pass(10_000);
    expect(nodes.pids("started")).toHaveLength(3);
    stop();
    await Promise.all(ends);
  });

  it("shrinks by one after each half minute of idleness, down to the minimum", async () => {
    await nodes.open({ minimum: 1, maximum: 3 });
    const { ends, stop } = waitingCalls("getEntity", 6);
    await nodes.clock.pass(11_000);
    await nodes.running(3);
    stop();
    await Promise.all(ends);
    await nodes.clock.pass(29_000);
    expect(nodes.pids("draining")).toHaveLength(0);
    await nodes.clock.pass(2000);
    await nodes.told("ended", 1);
    expect(nodes.events.at(-1)).toMatchObject({ isUnforeseen: false, reason: "it was no longer needed" });
    await nodes.clock.pass(31_000);
    await nodes.told("ended", 2);
    await nodes.clock.pass(120_000);
    expect(nodes.pool.nodes).toEqual({ running: 1, callsUnderWay: 0, restarts: 0 });
    expect(nodes.pids("started")).toHaveLength(3);
  });

  it("shrinks by a node that takes no more calls, and ends when its last is done", async () => {
    const settings = { growAfterMs: 1000, shrinkBelowLoad: 2, shrinkAfterMs: 1000 };
    await nodes.open({ minimum: 1, maximum: 2, settings });
    const first = waitingCalls("createEntity", 2);
    await nodes.clock.pass(1500);
    await nodes.running(2);
    const last = waitingCalls("createEntity", 1);
    await nodes.clock.pass(1500);
    await nodes.told("draining", 1);
    expect(nodes.pool.nodes).toMatchObject({ running: 1, callsUnderWay: 3 });
    expect(await nodes.call("getEntity")).toMatchObject({ pid: nodes.pids("ready")[0] });
    expect(nodes.pids("ended")).toEqual([]);
    last.stop();
    expect(await last.ends[0]).toMatchObject({ message: "canceled as asked" });
    await nodes.told("ended", 1);
    expect(nodes.pids("ended")).toEqual(nodes.pids("draining"));
    first.stop();
    await Promise.all(first.ends);
  });

  it("grows where transactions have been refused for half a minute", async () => {
    await nodes.open({ minimum: 1, maximum: 2 });
    for (let second = 0; second < 32; second += 1) {
      while (nodes.pool.admit() === undefined);
      await nodes.clock.pass(1000);
    }
    await nodes.running(2);
  });
});

describe("a node that ends", () => {
  it("under load loses only the writes that it had, and another takes its place at once", async () => {
    await nodes.open({ minimum: 2, maximum: 2 });
    const { ends, stop } = waitingCalls("createEntity", 16);
    const [victim = 0, survivor] = nodes.pids("ready");
    process.kill(victim, "SIGKILL");
    await nodes.told("ready", 3);
    expect(nodes.pool.nodes).toEqual({ running: 2, callsUnderWay: 8, restarts: 1 });
    expect(nodes.events.find(({ kind }) => kind === "ended")).toMatchObject({
      pid: victim,
      isUnforeseen: true,
      reason: "it was ended by SIGKILL",
    });
    stop();
    const errors = await Promise.all(ends);
    const lost = errors.filter(({ sqlState }) => sqlState === "08006");
    expect(errors.filter(({ message }) => message === "canceled as asked")).toHaveLength(8);
    expect(lost).toHaveLength(8);
    expect(lost[0]).toMatchObject({
      message: "the call was lost",
      detail:
        "The node that ran it ended. What it writes may have been carried out all the same: look before it is repeated.",
      retryable: false,
      stripe: { inDoubt: true },
    });
    expect(nodes.pids("ready")).toContain(survivor);
  });

  it("tells of a write that was given up, too, that it may have been carried out", async () => {
    await nodes.open();
    const [write, read] = [waitingCalls("createEntity", 1), waitingCalls("getEntity", 1)];
    process.kill(nodes.pids("ready")[0] ?? 0, "SIGSTOP");
    write.stop();
    read.stop();
    process.kill(nodes.pids("ready")[0] ?? 0, "SIGKILL");
    expect(await write.ends[0]).toMatchObject({ sqlState: "08006", stripe: { inDoubt: true } });
    expect(await read.ends[0]).toMatchObject({ sqlState: "57014" });
  });

  it("has its reading calls run again by another", async () => {
    await nodes.open({ minimum: 2, maximum: 2 });
    const { ends, stop } = waitingCalls("getEntity", 16);
    process.kill(nodes.pids("ready")[0] ?? 0, "SIGKILL");
    await nodes.told("ended", 1);
    expect(nodes.pool.nodes).toMatchObject({ callsUnderWay: 16 });
    stop();
    for (const end of ends) expect(await end).toMatchObject({ message: "canceled as asked" });
  });

  it("has them run again once: a call that ends every node is given up", async () => {
    await nodes.open({ minimum: 2, maximum: 2 });
    const error = await errorOf(nodes.call("getEntity", { do: "die" }));
    expect(error).toMatchObject({
      sqlState: "08006",
      detail: "The node that ran it ended.",
      retryable: true,
      stripe: {},
    });
    expect(nodes.pids("ended")).toHaveLength(2);
  });

  it.each([
    ["die", "it ended with status 7"],
    ["leave", "it ended with status 0"],
  ] as const)("by itself (%s) is replaced too", async (action, reason) => {
    await nodes.open();
    expect(await errorOf(nodes.call("createEntity", { do: action }))).toMatchObject({ sqlState: "08006" });
    expect(nodes.events.find(({ kind }) => kind === "ended")).toMatchObject({ reason });
    await nodes.running(1);
    expect(await nodes.call("getEntity", { echo: 1 })).toMatchObject({ echo: 1 });
  });

  it("because it no longer answers is ended and replaced", async () => {
    await nodes.open({ settings: { unansweredMs: 30_000 } });
    const blocked = errorOf(nodes.call("createEntity", { do: "block" }));
    await nodes.clock.pass(36_000);
    expect(await blocked).toMatchObject({ sqlState: "08006" });
    expect(nodes.events.find(({ kind }) => kind === "ended")).toMatchObject({ reason: "it did not answer for 30 s" });
    await nodes.running(1);
  });

  it("is no node that a terminal's Ctrl-C or a service manager's signal reached: these are for the primary", async () => {
    await nodes.open();
    const [pid = 0] = nodes.pids("ready");
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.kill(pid, signal);
    for (const echo of range(5)) expect(await nodes.call("getEntity", { echo })).toMatchObject({ pid });
  });
});

describe("nodes that do not start", () => {
  it("have the pool give up with their own error", async () => {
    expect(await errorOf(nodes.open({ minimum: 2, maximum: 2 }, "refuse"))).toMatchObject({ message: "as asked" });
    await nodes.told("ended", 2);
  });

  it("have it give up after a few tries, the later ones with a pause", async () => {
    const opening = errorOf(nodes.open({}, "die"));
    await nodes.told("ended", 2);
    expect(nodes.pids("started")).toHaveLength(2);
    await nodes.clock.pass(750);
    expect(await opening).toMatchObject({
      sqlState: "08006",
      message: 'no node of connection "main" can be started',
      detail: "Of the last one: it ended with status 3.",
    });
    expect(nodes.pids("started")).toHaveLength(3);
  });

  it("are ended where they take too long", async () => {
    const opening = errorOf(nodes.open({ settings: { firstStarts: 1 } }, "hang"));
    await nodes.told("started", 1);
    await nodes.clock.pass(61_000);
    expect(await opening).toMatchObject({ detail: "Of the last one: it was not ready after 60 s." });
  });

  it("are tried ever more slowly, until one runs again", async () => {
    await nodes.open();
    nodes.start("die");
    process.kill(nodes.pids("ready")[0] ?? 0, "SIGKILL");
    await nodes.told("ended", 2);
    for (const [ended, pauseMs] of [
      [3, 500],
      [4, 1000],
      [5, 2000],
    ] as const) {
      await nodes.clock.pass(pauseMs - 300);
      expect(nodes.pids("started")).toHaveLength(ended - 1);
      await nodes.clock.pass(550);
      await nodes.told("ended", ended);
    }
    nodes.start("");
    await nodes.clock.pass(5000);
    await nodes.running(1);
    expect(nodes.pool.nodes.restarts).toBe(5);
  });

  it("let calls wait for ten seconds, and the connection is not ready", async () => {
    await nodes.open();
    nodes.start("hang");
    process.kill(nodes.pids("ready")[0] ?? 0, "SIGKILL");
    await nodes.told("ended", 1);
    const waiting = errorOf(nodes.call("createEntity"));
    expect(await nodes.call("checkReadiness")).toEqual({ status: "NOT_READY" });
    await nodes.clock.pass(9000);
    expect(nodes.pool.nodes.running).toBe(0);
    await nodes.clock.pass(1500);
    expect(await waiting).toMatchObject({
      sqlState: "08006",
      message: 'no node of connection "main" is running',
      retryable: true,
      stripe: {},
    });
  });
});

describe("closing a pool", () => {
  it("lets calls finish, takes no more, and ends the nodes", async () => {
    await nodes.open({ minimum: 2, maximum: 2, settings: { callsPerNode: 1 } });
    const { ends, stop } = waitingCalls("createEntity", 2);
    const queued = nodes.call("getEntity", { echo: "queued" });
    const closed = nodes.pool.close();
    expect(await errorOf(nodes.call("getEntity"))).toMatchObject({ message: 'connection "main" is being closed' });
    stop();
    await Promise.all(ends);
    expect(await queued).toMatchObject({ echo: "queued" });
    await closed;
    const ended = nodes.events.filter(({ kind }) => kind === "ended");
    expect(ended).toHaveLength(2);
    for (const event of ended) expect(event).toMatchObject({ isUnforeseen: false });
    expect(nodes.pool.nodes).toEqual({ running: 0, callsUnderWay: 0, restarts: 0 });
  });

  it("leaves its calls the time to be given up", async () => {
    await nodes.open();
    const { ends, stop } = waitingCalls("createEntity", 1);
    const closed = nodes.pool.close();
    stop();
    expect(await ends[0]).toMatchObject({ message: "canceled as asked" });
    await closed;
  });

  it("waits for so long and no longer", async () => {
    await nodes.open({ settings: { callsPerNode: 1 } });
    const { ends } = waitingCalls("createEntity", 1);
    const reading = waitingCalls("getEntity", 1);
    const closed = nodes.pool.close(5000);
    await nodes.clock.pass(5000);
    await closed;
    expect(await ends[0]).toMatchObject({ sqlState: "08006", stripe: { inDoubt: true } });
    expect(await reading.ends[0]).toMatchObject({ message: 'connection "main" is being closed' });
  });
});

describe("Stripe's limits", () => {
  const limit = { name: "account all", requestsPerSecond: 1, burst: 1 };

  it("are shared by all nodes", async () => {
    await nodes.open({ minimum: 2, maximum: 2 });
    const reserved = await Promise.all(range(4).map(() => nodes.call("getEntity", { do: "reserve", limits: [limit] })));
    expect(new Set(reserved.map(({ pid }) => pid)).size).toBe(2);
    expect(reserved.map(({ waitMs }) => waitMs).sort((one, other) => one - other)).toEqual([0, 1000, 2000, 3000]);
  });

  it("slow down every node where one of them meets a 429", async () => {
    await nodes.open({ minimum: 2, maximum: 2 });
    const heard = range(2).map(() => nodes.call("getEntity", { do: "hear" }));
    await nodes.call("getEntity", { do: "slow-down", limits: [limit] });
    for (const one of heard) expect(await one).toEqual({ limit, pauseMs: 1000 });
  });
});

it("is an error that programs know", async () => {
  await nodes.open();
  expect(await errorOf(nodes.call("getEntity", { do: "fail" }))).toBeInstanceOf(StripeSqlError);
});
