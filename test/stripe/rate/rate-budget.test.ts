import { expect, test } from "vitest";
import type { RateBudgetOptions } from "../../../src/stripe/rate/rate-budget.js";
import { RateBudget } from "../../../src/stripe/rate/rate-budget.js";
import type { RateStore } from "../../../src/stripe/rate/rate-store.js";
import type { RequestLimits } from "../../../src/stripe/rate/request-limits.js";
import { requestLimits } from "../../../src/stripe/rate/request-limits.js";
import { SharedRateStore } from "../../../src/stripe/rate/shared-rate-store.js";
import { TokenBuckets } from "../../../src/stripe/rate/token-buckets.js";
import { FakeClock } from "../../support/fake-clock.js";
import { freshScope, json, openScriptedClient, refusal } from "../../support/scripted-client.js";

const { signal } = new AbortController();
const customers = { method: "GET", endpointPath: "/v1/customers", budget: "read" } as const;
const limits: RequestLimits = { all: 80, endpoint: 20, search: 16, files: 16 };

function openBudget(chosen: RequestLimits = limits) {
  const clock = new FakeClock();
  return { clock, budget: budgetOver(new TokenBuckets(clock), clock, { limits: chosen }) };
}

function budgetOver(store: RateStore, clock: FakeClock, changes: Partial<RateBudgetOptions> = {}): RateBudget {
  return new RateBudget({ account: "a", limits, store, clock, closing: signal, ...changes });
}

async function admitMany(
  budget: RateBudget,
  request: Parameters<RateBudget["admit"]>[0],
  count: number,
): Promise<void> {
  for (let index = 0; index < count; index += 1) await budget.admit(request, signal);
}

test("an endpoint has its own limit", async () => {
  const { budget, clock } = openBudget();
  await admitMany(budget, customers, 45);
  expect(clock.now()).toBeCloseTo(2000);
});

test("ids in a path belong to one endpoint, other paths and methods to another", async () => {
  const { budget, clock } = openBudget();
  for (let index = 0; index < 25; index += 1) {
    await budget.admit({ ...customers, endpointPath: `/v1/customers/cus_${index}/sources` }, signal);
  }
  expect(clock.now()).toBeCloseTo(1000);
  await admitMany(budget, customers, 5);
  await admitMany(budget, { ...customers, method: "POST" }, 5);
  expect(clock.now()).toBeCloseTo(1000);
});

test("all endpoints together have the account's limit", async () => {
  const { budget, clock } = openBudget();
  const names = ["customers", "charges", "invoices", "prices", "products", "refunds", "payouts", "plans"];
  for (let index = 0; index < 100; index += 1) {
    await budget.admit({ ...customers, endpointPath: `/v1/${names[index % names.length]}` }, signal);
  }
  expect(clock.now()).toBeCloseTo(1000);
});

test("search and files have narrower limits of their own", async () => {
  for (const kind of ["search", "files"] as const) {
    const { budget, clock } = openBudget();
    await admitMany(budget, { ...customers, budget: kind }, 20);
    expect(clock.now()).toBeCloseTo(1000);
  }
});

test("without limits nothing waits", async () => {
  const { budget, clock } = openBudget();
  const unlimited = budgetOver(new TokenBuckets(clock), clock, { limits: undefined });
  await admitMany(unlimited, customers, 1000);
  expect(clock.sleeps).toEqual([]);
  expect(budget.share).toBe(1);
});

test("a 429 halves the rate, several in one second only once", () => {
  const { budget, clock } = openBudget();
  budget.slowDown(undefined);
  budget.slowDown(undefined);
  expect(budget.share).toBe(0.5);
  clock.pass(1000);
  budget.slowDown(undefined);
  expect(budget.share).toBe(0.25);
});

test("the rate never falls to nothing", () => {
  const { budget, clock } = openBudget();
  for (let index = 0; index < 20; index += 1) {
    budget.slowDown(undefined);
    clock.pass(1000);
  }
  expect(budget.share).toBe(0.05);
});

test("the rate rises by a tenth a second while no 429 comes, to the whole and no further", () => {
  const { budget, clock } = openBudget();
  budget.slowDown(undefined);
  budget.speedUp();
  expect(budget.share).toBe(0.5);
  for (let second = 0; second < 10; second += 1) {
    clock.pass(1000);
    budget.speedUp();
    budget.speedUp();
  }
  expect(budget.share).toBe(1);
});

test("Retry-After holds every request back, and afterwards they are spaced", async () => {
  const { budget, clock } = openBudget();
  budget.slowDown(5000);
  await admitMany(budget, customers, 4);
  expect(clock.sleeps.slice(0, 3)).toEqual([5000, 100, 100]);
});

test("a pause that comes while a request waits for its place holds it back too", async () => {
  const clock = new FakeClock();
  const store = new TokenBuckets(clock);
  const budget = budgetOver(store, clock, { limits: { all: 1, endpoint: 1, search: 1, files: 1 } });
  await budget.admit(customers, signal);
  const sleep = clock.sleep.bind(clock);
  let isFirst = true;
  clock.sleep = async (milliseconds, sleepSignal) => {
    await sleep(milliseconds, sleepSignal);
    if (isFirst) budget.slowDown(3000);
    isFirst = false;
  };
  await budget.admit(customers, signal);
  expect(clock.now()).toBeGreaterThanOrEqual(4000);
});

test("budgets of one account share its limits, those of another do not", async () => {
  const clock = new FakeClock();
  const store = new SharedRateStore(clock);
  const [one, same, other] = ["a", "a", "b"].map((account) => budgetOver(store, clock, { account }));
  for (const budget of [one, same]) await admitMany(budget as RateBudget, customers, 10);
  expect(clock.now()).toBeCloseTo(750);
  await admitMany(other as RateBudget, customers, 5);
  expect(clock.now()).toBeCloseTo(750);
});

test("a 429 slows down every budget of the account, until it is closed", async () => {
  const clock = new FakeClock();
  const store = new SharedRateStore(clock);
  const closing = new AbortController();
  const one = budgetOver(store, clock);
  const same = budgetOver(store, clock);
  const closed = budgetOver(store, clock, { closing: closing.signal });
  const other = budgetOver(store, clock, { account: "b" });
  closing.abort();
  one.slowDown(3000);
  expect([one, same, closed, other].map((budget) => budget.share)).toEqual([0.5, 0.5, 1, 1]);
  await same.admit(customers, signal);
  expect(clock.now()).toBe(3000);
});

test("the default is four fifths of Stripe's limits for the key's mode", () => {
  const at = (apiKey: string) =>
    requestLimits({ apiKey, apiBase: "https://api.stripe.com", requestsPerSecond: undefined });
  expect(at(["sk", "live", "x"].join("_"))).toEqual({ all: 80, endpoint: 20, search: 16, files: 16 });
  expect(at("sk_test_x")).toEqual({ all: 20, endpoint: 20, search: 16, files: 16 });
});

test("on this machine there is no limit unless one is set", () => {
  const base = { apiKey: "sk_test_x", apiBase: "http://127.0.0.1:1" };
  expect(requestLimits({ ...base, requestsPerSecond: undefined })).toBeUndefined();
  expect(requestLimits({ ...base, requestsPerSecond: 5 })).toEqual({ all: 5, endpoint: 5, search: 5, files: 5 });
});

test("a lower rate than the default caps every limit, a higher one raises them in proportion", () => {
  const base = { apiKey: ["sk", "live", "x"].join("_"), apiBase: "https://api.stripe.com" };
  expect(requestLimits({ ...base, requestsPerSecond: 18 })).toEqual({ all: 18, endpoint: 18, search: 16, files: 16 });
  expect(requestLimits({ ...base, requestsPerSecond: 400 })).toEqual({
    all: 400,
    endpoint: 100,
    search: 80,
    files: 80,
  });
});

test("the client keeps to a rate that is set, and slows down after a 429", async () => {
  const tooMany = refusal(429, { message: "Too many requests" });
  let sent = 0;
  const answer = () => (++sent === 1 ? tooMany : json({ id: "x" }));
  const { client, clock } = await openScriptedClient(answer, { requestsPerSecond: 10 });
  const request = { method: "GET", path: "/v1/balance", parameters: {}, budget: "read" } as const;
  for (let index = 0; index < 4; index += 1) await client.request(request, freshScope());
  expect(clock.sleeps[0]).toBe(500);
  expect(clock.sleeps.slice(1).every((milliseconds) => milliseconds === 200)).toBe(true);
});

test("statements take turns at an endpoint, however much one of them asks for", async () => {
  const { budget } = openBudget({ all: 10, endpoint: 10, search: 10, files: 10 });
  const order: string[] = [];
  const [scan, other] = [{}, {}];
  const ask = (statement: object, name: string, abort = signal) =>
    budget.admit(customers, abort, statement).then(() => order.push(name));
  const asked = Array.from({ length: 6 }, (_, index) => ask(scan, `scan ${index}`));
  const given = new AbortController();
  const left = ask(other, "left", given.signal);
  asked.push(ask(other, "other 0"), ask(other, "other 1"));
  given.abort();
  await expect(left).rejects.toBe(given.signal.reason);
  await Promise.all(asked);
  expect(order.slice(0, 5)).toEqual(["scan 0", "scan 1", "other 0", "scan 2", "other 1"]);
  expect(order).toHaveLength(8);
});

test("a connected account has limits of its own", async () => {
  const { budget, clock } = openBudget();
  await admitMany(budget, { ...customers, accountId: "acct_1" }, 25);
  await admitMany(budget, { ...customers, accountId: "acct_2" }, 5);
  await admitMany(budget, customers, 5);
  expect(clock.now()).toBeCloseTo(1000);
});

test("payouts have a narrower limit than other endpoints", async () => {
  const { budget, clock } = openBudget();
  await admitMany(budget, { method: "POST", endpointPath: "/v1/payouts", budget: "write" }, 15);
  expect(clock.now()).toBeCloseTo(1000);
});

test("one payment intent is updated at most 1,000 times an hour, and one subscription has 10 invoices a minute", async () => {
  const { budget, clock } = openBudget({ all: 1e6, endpoint: 1e6, search: 1e6, files: 1e6 });
  const update = { method: "POST", endpointPath: "/v1/payment_intents/{intent}", budget: "write" } as const;
  await admitMany(budget, { ...update, path: "/v1/payment_intents/pi_1" }, 1000);
  expect(clock.now()).toBeCloseTo(3_600_000, -4);
  const before = clock.now();
  await admitMany(budget, { ...update, path: "/v1/payment_intents/pi_2" }, 200);
  await admitMany(budget, { ...update, path: "/v1/payment_intents/pi_1/confirm" }, 200);
  expect(clock.now() - before).toBeLessThan(1000);
  const invoice = { method: "POST", endpointPath: "/v1/invoices", path: "/v1/invoices", budget: "write" } as const;
  await admitMany(budget, { ...invoice, parameters: { subscription: "sub_1" } }, 5);
  expect(clock.now() - before).toBeLessThan(5000);
  await admitMany(budget, { ...invoice, parameters: { subscription: "sub_1" } }, 1);
  expect(clock.now() - before).toBeGreaterThan(5000);
  await admitMany(budget, { ...invoice, parameters: { customer: "cus_1" } }, 50);
});
