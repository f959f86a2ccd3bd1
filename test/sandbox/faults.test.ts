import { afterEach, describe, expect, it } from "vitest";
import { openRunning, refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox();

afterEach(() => {
  running.sandbox.faults.clear();
  running.sandbox.requests.clear();
});

describe("a fault", () => {
  it("strikes once unless asked otherwise", async () => {
    running.sandbox.faults.add({ path: "/v1/customers", effect: { kind: "status", status: 500 } });
    expect((await refusal(running.stripe.customers.list())).statusCode).toBe(500);
    expect((await running.stripe.customers.list()).data).toHaveLength(10);
  });

  it("waits for the requests before it, and strikes as often as it says", async () => {
    running.sandbox.faults.add({ path: /customers$/, after: 1, times: 2, effect: { kind: "status", status: 503 } });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) statuses.push((await running.raw("GET", "/v1/customers")).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
  });

  it("leaves other paths and methods alone", async () => {
    running.sandbox.faults.add({ method: "POST", path: "/v1/customers", effect: { kind: "status", status: 500 } });
    expect((await running.raw("GET", "/v1/customers")).status).toBe(200);
    expect((await running.raw("GET", "/v1/charges")).status).toBe(200);
  });

  it("may be a key without permission", async () => {
    const error = {
      type: "invalid_request_error",
      message: "The provided key does not have the required permissions.",
    };
    running.sandbox.faults.add({ effect: { kind: "status", status: 403, body: { error } } });
    expect(await refusal(running.stripe.customers.list())).toMatchObject({
      type: "StripePermissionError",
      statusCode: 403,
    });
  });

  it("may send headers", async () => {
    running.sandbox.faults.add({ effect: { kind: "status", status: 429, headers: { "Retry-After": "7" } } });
    expect((await running.raw("GET", "/v1/customers")).headers.get("retry-after")).toBe("7");
  });

  it("that loses the reply has carried the request out", async () => {
    running.sandbox.faults.add({ method: "POST", effect: { kind: "lose-reply" } });
    await expect(running.raw("POST", "/v1/customers", { body: "email=lost@example.com" })).rejects.toThrow();
    expect((await running.stripe.customers.list({ email: "lost@example.com" })).data).toHaveLength(1);
  });

  it("that disconnects has not", async () => {
    running.sandbox.faults.add({ method: "POST", effect: { kind: "disconnect" } });
    await expect(running.raw("POST", "/v1/customers", { body: "email=never@example.com" })).rejects.toThrow();
    expect((await running.stripe.customers.list({ email: "never@example.com" })).data).toEqual([]);
  });

  it("may rewrite the answer", async () => {
    running.sandbox.faults.add({ effect: { kind: "rewrite", rewrite: (answer) => ({ ...Object(answer), data: [] }) } });
    expect((await running.raw("GET", "/v1/customers")).json).toMatchObject({ data: [], has_more: true });
  });
});

describe("the rate limit", () => {
  it("answers 429 beyond it", async () => {
    const limited = await openRunning({ customers: 1, requestsPerSecond: 2 });
    try {
      const answers = await Promise.all(Array.from({ length: 6 }, () => limited.raw("GET", "/v1/customers")));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThanOrEqual(2);
      expect(refused[0]?.json.error).toMatchObject({ type: "invalid_request_error", code: "rate_limit" });
    } finally {
      await limited.sandbox.close();
      limited.catalog.close();
    }
  });
});

describe("the request log", () => {
  it("keeps what was asked, in order, with its answer's status", async () => {
    await running.raw("GET", "/v1/customers?limit=2&created%5Bgte%5D=5");
    await running.raw("POST", "/v1/customers", { body: "nope=1", headers: { "idempotency-key": "k" } });
    expect(running.sandbox.requests.entries).toEqual([
      {
        method: "GET",
        path: "/v1/customers",
        query: "limit=2&created[gte]=5",
        body: "",
        status: 200,
        idempotencyKey: undefined,
        account: undefined,
      },
      {
        method: "POST",
        path: "/v1/customers",
        query: "",
        body: "nope=1",
        status: 400,
        idempotencyKey: "k",
        account: undefined,
      },
    ]);
    expect(running.sandbox.requests.total).toBe(2);
  });

  it("has no status for a request that was cut off", async () => {
    running.sandbox.faults.add({ effect: { kind: "disconnect" } });
    await expect(running.raw("GET", "/v1/customers")).rejects.toThrow();
    expect(running.sandbox.requests.entries.map(({ status }) => status)).toEqual([0]);
  });
});

describe("closing", () => {
  it("ends a request that is under way", async () => {
    const slow = await openRunning({ customers: 1, latencyMs: 60_000 });
    const request = slow.raw("GET", "/v1/customers");
    const outcome = expect(request).rejects.toThrow();
    await slow.sandbox.close();
    await outcome;
    slow.catalog.close();
  });
});
