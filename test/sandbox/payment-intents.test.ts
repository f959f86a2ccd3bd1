import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox();

function create(fields: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return running.stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    allowed_payment_method_types: ["card"],
    ...fields,
  });
}

describe("creating a payment intent is refused", () => {
  it("below the smallest amount of its currency", async () => {
    expect(await refusal(create({ amount: 20 }))).toMatchObject({ code: "amount_too_small", param: "amount" });
  });

  it("for a payment method that does not exist", async () => {
    expect(await refusal(create({ payment_method: "pm_nothing" }))).toMatchObject({
      code: "resource_missing",
      param: "payment_method",
    });
  });

  it("for an unknown currency", async () => {
    expect((await refusal(create({ currency: "dollars" }))).message).toMatch(/^Invalid currency: dollars\./);
  });
});

describe("a payment intent", () => {
  it("waits for a payment method", async () => {
    const intent = await create();
    expect(intent).toMatchObject({ object: "payment_intent", status: "requires_payment_method", amount_received: 0 });
    expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_`));
  });

  it("waits for its confirmation once it has one", async () => {
    expect((await create({ payment_method: "pm_card_visa" })).status).toBe("requires_confirmation");
  });

  it("succeeds with a charge and a balance transaction", async () => {
    const intent = await create({ payment_method: "pm_card_visa", confirm: true, metadata: { order: "1" } });
    const charge = await running.stripe.charges.retrieve(String(intent.latest_charge), {
      expand: ["balance_transaction"],
    });
    expect(intent).toMatchObject({ status: "succeeded", amount_received: 2000 });
    expect(charge).toMatchObject({
      amount: 2000,
      captured: true,
      paid: true,
      payment_intent: intent.id,
      metadata: { order: "1" },
      payment_method_details: { type: "card", card: { brand: "visa", last4: "4242" } },
      balance_transaction: { amount: 2000, fee: 88, net: 1912, source: charge.id, type: "charge" },
    });
  });

  it("is confirmed in a second call", async () => {
    const intent = await create();
    const confirmed = await running.stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_mastercard" });
    expect(confirmed.status).toBe("succeeded");
  });

  it("may be changed before it is confirmed", async () => {
    const intent = await create();
    const updated = await running.stripe.paymentIntents.update(intent.id, {
      amount: 2500,
      payment_method: "pm_card_visa",
    });
    expect(updated).toMatchObject({ amount: 2500, status: "requires_confirmation" });
  });
});

describe("a declined card", () => {
  it("answers 402 with the decline", async () => {
    const error = await refusal(create({ payment_method: "pm_card_chargeDeclined", confirm: true }));
    expect(error).toMatchObject({
      statusCode: 402,
      rawType: "card_error",
      code: "card_declined",
      decline_code: "generic_decline",
    });
    expect(error.message).toBe("Your card was declined.");
  });

  it("tells insufficient funds apart", async () => {
    const error = await refusal(
      create({ payment_method: "pm_card_visa_chargeDeclinedInsufficientFunds", confirm: true }),
    );
    expect(error).toMatchObject({ code: "card_declined", decline_code: "insufficient_funds" });
  });

  it("leaves a failed charge, and an intent that waits for another method", async () => {
    const intent = await create({ payment_method: "pm_card_chargeDeclined" });
    await refusal(running.stripe.paymentIntents.confirm(intent.id));
    const after = await running.stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
    expect(after).toMatchObject({
      status: "requires_payment_method",
      payment_method: null,
      last_payment_error: { code: "card_declined" },
      latest_charge: { status: "failed", failure_code: "card_declined", paid: false, balance_transaction: null },
    });
  });
});

describe("a card that wants authentication", () => {
  it("leaves the intent to the customer", async () => {
    const intent = await create({ payment_method: "pm_card_authenticationRequired", confirm: true });
    expect(intent).toMatchObject({ status: "requires_action", next_action: { type: "use_stripe_sdk" } });
  });

  it("redirects where the request says to", async () => {
    const intent = await create({
      payment_method: "pm_card_threeDSecure2Required",
      confirm: true,
      return_url: "https://example.com",
    });
    expect(intent.next_action).toMatchObject({
      type: "redirect_to_url",
      redirect_to_url: { return_url: "https://example.com" },
    });
  });

  it("fails without the customer", async () => {
    const error = await refusal(
      create({ payment_method: "pm_card_authenticationRequired", confirm: true, off_session: true }),
    );
    expect(error).toMatchObject({ statusCode: 402, code: "authentication_required" });
  });
});

describe("capturing", () => {
  const authorize = () => create({ payment_method: "pm_card_visa", confirm: true, capture_method: "manual" });

  it("is refused before the intent is authorized", async () => {
    const intent = await create();
    const error = await refusal(running.stripe.paymentIntents.capture(intent.id));
    expect(error).toMatchObject({ statusCode: 400, code: "payment_intent_unexpected_state" });
    expect(error.message).toBe(
      "This PaymentIntent could not be captured because it has a status of requires_payment_method. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.",
    );
  });

  it("is refused for more than was authorized", async () => {
    const intent = await authorize();
    const error = await refusal(running.stripe.paymentIntents.capture(intent.id, { amount_to_capture: 2001 }));
    expect(error).toMatchObject({ code: "amount_too_large", param: "amount_to_capture" });
  });

  it("takes the whole amount", async () => {
    const intent = await authorize();
    expect(intent).toMatchObject({ status: "requires_capture", amount_capturable: 2000, amount_received: 0 });
    const captured = await running.stripe.paymentIntents.capture(intent.id);
    expect(captured).toMatchObject({ status: "succeeded", amount_capturable: 0, amount_received: 2000 });
  });

  it("releases what it does not take", async () => {
    const intent = await authorize();
    const captured = await running.stripe.paymentIntents.capture(intent.id, { amount_to_capture: 500 });
    const charge = await running.stripe.charges.retrieve(String(captured.latest_charge));
    expect(captured).toMatchObject({ amount_received: 500, amount_capturable: 0 });
    expect(charge).toMatchObject({ amount: 2000, amount_captured: 500, amount_refunded: 1500, refunded: false });
  });
});

describe("canceling", () => {
  it("is refused once the intent succeeded", async () => {
    const intent = await create({ payment_method: "pm_card_visa", confirm: true });
    const error = await refusal(running.stripe.paymentIntents.cancel(intent.id));
    expect(error.code).toBe("payment_intent_unexpected_state");
    expect(error.message).toMatch(/^You cannot cancel this PaymentIntent because it has a status of succeeded\./);
  });

  it("states when and why", async () => {
    const intent = await create();
    const canceled = await running.stripe.paymentIntents.cancel(intent.id, { cancellation_reason: "duplicate" });
    expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "duplicate" });
    expect(canceled.canceled_at).toBeGreaterThan(0);
  });

  it("gives back what was authorized", async () => {
    const intent = await create({ payment_method: "pm_card_visa", confirm: true, capture_method: "manual" });
    await running.stripe.paymentIntents.cancel(intent.id);
    expect(await running.stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({
      refunded: true,
      captured: false,
    });
  });
});

describe("confirming", () => {
  it("is refused without a payment method", async () => {
    const intent = await create();
    expect((await refusal(running.stripe.paymentIntents.confirm(intent.id))).message).toMatch(
      /missing a payment method/,
    );
  });

  it("is refused twice", async () => {
    const intent = await create({ payment_method: "pm_card_visa", confirm: true });
    expect((await refusal(running.stripe.paymentIntents.confirm(intent.id))).message).toBe(
      "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
    );
  });

  it("is refused with another customer's payment method", async () => {
    const customer = await running.stripe.customers.create({ payment_method: "pm_card_visa" });
    const [method] = (await running.stripe.customers.listPaymentMethods(customer.id)).data;
    const intent = await create();
    const error = await refusal(running.stripe.paymentIntents.confirm(intent.id, { payment_method: method?.id ?? "" }));
    expect(error.param).toBe("payment_method");
  });
});

describe("confirming an intent that takes the Dashboard's payment methods", () => {
  const dashboards = { amount: 2000, currency: "usd", payment_method: "pm_card_visa" } as const;
  const refused = { statusCode: 400, rawType: "invalid_request_error", param: "return_url" };

  it("is refused without a place to return to", async () => {
    const intent = await running.stripe.paymentIntents.create(dashboards);
    expect(intent.automatic_payment_methods).toEqual({ allow_redirects: "always", enabled: true });
    expect(await refusal(running.stripe.paymentIntents.confirm(intent.id))).toMatchObject(refused);
    expect(await refusal(running.stripe.paymentIntents.create({ ...dashboards, confirm: true }))).toMatchObject(
      refused,
    );
  });

  it("goes with one, without redirects, or off session", async () => {
    const ways: readonly Partial<Stripe.PaymentIntentCreateParams>[] = [
      { return_url: "https://example.com" },
      { automatic_payment_methods: { enabled: true, allow_redirects: "never" } },
      { off_session: true },
      { allowed_payment_method_types: ["card"] },
    ];
    for (const way of ways) {
      const intent = await running.stripe.paymentIntents.create({ ...dashboards, ...way, confirm: true });
      expect(intent.status).toBe("succeeded");
    }
  });

  it("takes no error_on_requires_action", async () => {
    const intent = { ...dashboards, confirm: true, return_url: "https://example.com", error_on_requires_action: true };
    expect(await refusal(running.stripe.paymentIntents.create(intent))).toMatchObject({
      statusCode: 400,
      param: "error_on_requires_action",
    });
  });

  it("is what a return_url at creation is for", async () => {
    const error = await refusal(
      running.stripe.paymentIntents.create({ ...dashboards, return_url: "https://example.com" }),
    );
    expect(error).toMatchObject({ statusCode: 400, param: "return_url" });
  });
});

describe("changing a finished intent", () => {
  it("is refused for its amount", async () => {
    const intent = await create({ payment_method: "pm_card_visa", confirm: true });
    const error = await refusal(running.stripe.paymentIntents.update(intent.id, { amount: 3000 }));
    expect(error).toMatchObject({ code: "payment_intent_unexpected_state", param: "amount" });
  });

  it("goes for its metadata", async () => {
    const intent = await create({ payment_method: "pm_card_visa", confirm: true });
    const updated = await running.stripe.paymentIntents.update(intent.id, { metadata: { a: "b" } });
    expect(updated).toMatchObject({ status: "succeeded", metadata: { a: "b" } });
  });
});

describe("a payment method", () => {
  it("is attached once", async () => {
    const [one, other] = [await running.stripe.customers.create({}), await running.stripe.customers.create({})];
    const method = await running.stripe.paymentMethods.attach("pm_card_visa", { customer: one.id });
    expect(method.customer).toBe(one.id);
    const error = await refusal(running.stripe.paymentMethods.attach(method.id, { customer: other.id }));
    expect(error.message).toBe("The payment method you provided has already been attached to a customer.");
    expect(error).toMatchObject({ statusCode: 400, code: "payment_method_unexpected_state" });
  });

  it("that was detached is of no further use", async () => {
    const customer = await running.stripe.customers.create({});
    const { id } = await running.stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    await running.stripe.paymentMethods.detach(id);
    const spent = {
      statusCode: 400,
      rawType: "invalid_request_error",
      message: expect.stringMatching(/may not be used again/),
    };
    expect(await refusal(running.stripe.paymentMethods.attach(id, { customer: customer.id }))).toMatchObject(spent);
    expect(await refusal(create({ payment_method: id, confirm: true }))).toMatchObject(spent);
    expect(await refusal(running.stripe.customers.create({ payment_method: id }))).toMatchObject(spent);
  });

  it("that was charged without a customer is of no further use", async () => {
    const { payment_method: id } = await create({ payment_method: "pm_card_visa", confirm: true });
    const customer = await running.stripe.customers.create({});
    const error = await refusal(running.stripe.paymentMethods.attach(String(id), { customer: customer.id }));
    expect(error.message).toMatch(/may not be used again/);
  });

  it("that was charged for a customer's future use is the customer's", async () => {
    const customer = await running.stripe.customers.create({});
    const { payment_method: id } = await create({
      customer: customer.id,
      payment_method: "pm_card_visa",
      setup_future_usage: "off_session",
      confirm: true,
    });
    expect(await running.stripe.paymentMethods.retrieve(String(id))).toMatchObject({ customer: customer.id });
  });

  it.each([
    ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"],
    ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"],
    ["pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"],
  ])("%s cannot be attached", async (name, code, declineCode) => {
    const customer = await running.stripe.customers.create({});
    const error = await refusal(running.stripe.paymentMethods.attach(name, { customer: customer.id }));
    expect(error).toMatchObject({ statusCode: 402, rawType: "card_error", code, decline_code: declineCode });
    expect((await running.stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
  });

  it("that declines leaves no customer that was to be created with it", async () => {
    const email = "declined@example.com";
    await refusal(running.stripe.customers.create({ email, payment_method: "pm_card_chargeDeclined" }));
    expect((await running.stripe.customers.list({ email })).data).toEqual([]);
  });

  it("pm_card_chargeCustomerFail is attached, and declines when it is charged", async () => {
    const customer = await running.stripe.customers.create({});
    const { id } = await running.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: customer.id });
    const error = await refusal(create({ customer: customer.id, payment_method: id, confirm: true }));
    expect(error).toMatchObject({ statusCode: 402, code: "card_declined" });
  });

  it("is detached, and then no default", async () => {
    const customer = await running.stripe.customers.create({});
    const method = await running.stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    await running.stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
    expect((await running.stripe.paymentMethods.detach(method.id)).customer).toBeNull();
    const after = await running.stripe.customers.retrieve(customer.id);
    expect(after).toMatchObject({ invoice_settings: { default_payment_method: null } });
  });

  it("that is not attached cannot be detached", async () => {
    const method = await running.stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } });
    expect((await refusal(running.stripe.paymentMethods.detach(method.id))).message).toMatch(
      /is not attached to a customer/,
    );
  });

  it("is made of a card's number without keeping it", async () => {
    const card = { number: "4000000000000002", exp_month: 5, exp_year: 2031 };
    const method = await running.stripe.paymentMethods.create({ type: "card", card });
    expect(method.card).toMatchObject({ brand: "visa", last4: "0002", exp_month: 5, exp_year: 2031 });
    expect(JSON.stringify(method)).not.toContain("4000000000000002");
  });
});

describe("a setup intent", () => {
  it("attaches its payment method to its customer", async () => {
    const customer = await running.stripe.customers.create({});
    const setup = await running.stripe.setupIntents.create({
      customer: customer.id,
      payment_method: "pm_card_visa",
      allowed_payment_method_types: ["card"],
      confirm: true,
    });
    const methods = await running.stripe.customers.listPaymentMethods(customer.id);
    expect(setup.status).toBe("succeeded");
    expect(methods.data.map(({ id }) => id)).toEqual([setup.payment_method]);
  });

  it("fails with a card that is declined", async () => {
    const error = await refusal(
      running.stripe.setupIntents.create({
        payment_method: "pm_card_chargeDeclined",
        allowed_payment_method_types: ["card"],
        confirm: true,
      }),
    );
    expect(error).toMatchObject({ statusCode: 402, code: "card_declined" });
  });

  it("is refused without a place to return to, even where nobody waits", async () => {
    const error = await refusal(
      running.stripe.setupIntents.create({ payment_method: "pm_card_visa", confirm: true, usage: "off_session" }),
    );
    expect(error).toMatchObject({ statusCode: 400, rawType: "invalid_request_error", param: "return_url" });
  });

  it("is not canceled once it succeeded", async () => {
    const setup = await running.stripe.setupIntents.create({
      payment_method: "pm_card_visa",
      confirm: true,
      return_url: "https://example.com",
    });
    expect((await refusal(running.stripe.setupIntents.cancel(setup.id))).code).toBe("setup_intent_unexpected_state");
  });
});
