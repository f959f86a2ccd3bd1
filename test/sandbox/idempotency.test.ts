import { describe, expect, it } from "vitest";
import { openRunning, refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox();

describe("an idempotency key", () => {
  it("is refused with other parameters", async () => {
    await running.stripe.customers.create({ name: "A" }, { idempotencyKey: "one" });
    const error = await refusal(running.stripe.customers.create({ name: "B" }, { idempotencyKey: "one" }));
    expect(error).toMatchObject({ statusCode: 400, rawType: "idempotency_error" });
    expect(error.message).toMatch(/^Keys for idempotent requests can only be used with the same parameters/);
  });

  it("is refused while the first request is still under way", async () => {
    const slow = await openRunning({ customers: 1, latencyMs: 50 });
    try {
      const create = () => slow.stripe.customers.create({ name: "A" }, { idempotencyKey: "two" });
      const [first, second] = await Promise.allSettled([create(), create()]);
      expect(first.status).toBe("fulfilled");
      expect(second).toMatchObject({ status: "rejected", reason: { statusCode: 409, code: "idempotency_key_in_use" } });
    } finally {
      await slow.sandbox.close();
      slow.catalog.close();
    }
  });

  it("gives the first answer again, and creates nothing", async () => {
    const first = await running.stripe.customers.create({ name: "Once" }, { idempotencyKey: "three" });
    const again = await running.stripe.customers.create({ name: "Once" }, { idempotencyKey: "three" });
    expect(again).toEqual(first);
    expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true");
  });

  it("keeps a decline", async () => {
    const pay = () =>
      running.stripe.paymentIntents.create(
        { amount: 500, currency: "usd", payment_method: "pm_card_chargeDeclined", confirm: true },
        { idempotencyKey: "four" },
      );
    const [first, again] = [await refusal(pay()), await refusal(pay())];
    expect(again.raw).toEqual({ ...Object(first.raw), headers: again.headers, requestId: again.requestId });
  });

  it("may be used again after a request that was refused unread", async () => {
    await refusal(running.stripe.paymentIntents.create({ amount: 1.5, currency: "usd" }, { idempotencyKey: "five" }));
    const intent = await running.stripe.paymentIntents.create(
      { amount: 500, currency: "usd" },
      { idempotencyKey: "five" },
    );
    expect(intent.amount).toBe(500);
  });

  it("gives a refusal again that came once the call had begun", async () => {
    const attempt = () =>
      running.raw("POST", "/v1/payment_intents", {
        body: "amount=500&currency=usd&customer=cus_nobody",
        headers: { "idempotency-key": "refused" },
      });
    const [first, again] = [await attempt(), await attempt()];
    expect(first).toMatchObject({ status: 400, json: { error: { code: "resource_missing", param: "customer" } } });
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(again).toMatchObject({ status: 400, json: { error: { code: "resource_missing", param: "customer" } } });
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.headers.get("idempotency-key")).toBe("refused");
  });

  it("has no effect on a DELETE of API v1", async () => {
    const { id } = await running.stripe.customers.create({});
    const remove = () => running.raw("DELETE", `/v1/customers/${id}`, { headers: { "idempotency-key": "deletion" } });
    expect((await remove()).status).toBe(200);
    const again = await remove();
    expect(again).toMatchObject({ status: 404, json: { error: { code: "resource_missing", param: "id" } } });
    expect(again.headers.get("idempotent-replayed")).toBeNull();
  });

  it("has 255 characters at most", async () => {
    const create = (length: number) =>
      running.raw("POST", "/v1/customers", { body: "", headers: { "idempotency-key": "k".repeat(length) } });
    expect((await create(255)).status).toBe(200);
    expect(await create(256)).toMatchObject({ status: 400, json: { error: { type: "invalid_request_error" } } });
  });

  it("is another one for another account", async () => {
    const here = await running.stripe.customers.create({}, { idempotencyKey: "six" });
    const there = await running.stripe.customers.create(
      {},
      { idempotencyKey: "six", stripeAccount: "acct_sandbox_connected" },
    );
    expect(there.id).not.toBe(here.id);
  });
});
