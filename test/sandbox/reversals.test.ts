import { describe, expect, it } from "vitest";
import { refusal, runSandbox } from "./running-sandbox.js";

const running = runSandbox();

async function charged(amount = 3000): Promise<{ intent: string; charge: string }> {
  const intent = await running.stripe.paymentIntents.create({
    amount,
    currency: "usd",
    payment_method: "pm_card_visa",
    allowed_payment_method_types: ["card"],
    confirm: true,
  });
  return { intent: intent.id, charge: String(intent.latest_charge) };
}

async function seededDispute(status: string): Promise<string> {
  const disputes = await running.stripe.disputes.list({ limit: 100 });
  return disputes.data.find((dispute) => dispute.status === status)?.id ?? "";
}

describe("a refund is refused", () => {
  it("where nothing says of what", async () => {
    expect((await refusal(running.stripe.refunds.create({}))).message).toMatch(
      /^One of the following params should be provided/,
    );
  });

  it("over more than is left", async () => {
    const { charge } = await charged();
    await running.stripe.refunds.create({ charge, amount: 1000 });
    expect((await refusal(running.stripe.refunds.create({ charge, amount: 2500 }))).message).toBe(
      "Refund amount ($25.00) is greater than unrefunded amount on charge ($20.00)",
    );
  });

  it("where all is refunded", async () => {
    const { charge } = await charged();
    await running.stripe.refunds.create({ charge });
    expect((await refusal(running.stripe.refunds.create({ charge }))).code).toBe("charge_already_refunded");
  });

  it("for a charge that is disputed", async () => {
    const dispute = await running.stripe.disputes.retrieve(await seededDispute("lost"));
    expect((await refusal(running.stripe.refunds.create({ charge: String(dispute.charge) }))).code).toBe(
      "charge_disputed",
    );
  });
});

describe("a refund", () => {
  it("in part leaves the charge open to more", async () => {
    const { charge } = await charged();
    const refund = await running.stripe.refunds.create({ charge, amount: 1000, reason: "requested_by_customer" });
    expect(refund).toMatchObject({ amount: 1000, status: "succeeded", reason: "requested_by_customer" });
    expect(await running.stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 1000, refunded: false });
  });

  it("by payment intent takes the whole amount out of the balance", async () => {
    const { intent, charge } = await charged();
    const refund = await running.stripe.refunds.create({ payment_intent: intent }, { idempotencyKey: "refund-whole" });
    const movement = await running.stripe.balanceTransactions.retrieve(String(refund.balance_transaction));
    expect(refund).toMatchObject({ amount: 3000, charge, payment_intent: intent });
    expect(movement).toMatchObject({ amount: -3000, net: -3000, type: "refund", source: refund.id });
    expect((await running.stripe.charges.retrieve(charge)).refunded).toBe(true);
  });

  it("that succeeded is not canceled", async () => {
    const { charge } = await charged();
    const refund = await running.stripe.refunds.create({ charge });
    expect((await refusal(running.stripe.refunds.cancel(refund.id))).message).toMatch(/cannot be canceled/);
  });
});

describe("a dispute", () => {
  it("that is decided takes no evidence", async () => {
    const error = await refusal(
      running.stripe.disputes.update(await seededDispute("lost"), { evidence: { uncategorized_text: "late" } }),
    );
    expect(error.message).toBe("This dispute is already closed");
  });

  it("keeps staged evidence without submitting it", async () => {
    const id = await seededDispute("needs_response");
    const evidence = { uncategorized_text: "a draft" };
    const dispute = await running.stripe.disputes.update(id, { evidence, submit: false });
    expect(dispute).toMatchObject({
      status: "needs_response",
      evidence_details: { has_evidence: true, submission_count: 0 },
    });
  });

  it("is lost where it is closed", async () => {
    const closed = await running.stripe.disputes.close(await seededDispute("needs_response"));
    expect(closed.status).toBe("lost");
    expect((await refusal(running.stripe.disputes.close(closed.id))).message).toBe("This dispute is already closed");
  });
});

describe("a payout", () => {
  it("is refused over more than the balance holds", async () => {
    const error = await refusal(running.stripe.payouts.create({ amount: 99_999_999, currency: "usd" }));
    expect(error.code).toBe("balance_insufficient");
  });

  it("takes its amount out of the balance, and gives it back where it is canceled", async () => {
    const available = async () =>
      (await running.stripe.balance.retrieve()).available.find(({ currency }) => currency === "usd")?.amount ?? 0;
    const before = await available();
    const payout = await running.stripe.payouts.create({ amount: 1000, currency: "usd" });
    expect(payout).toMatchObject({ status: "pending", automatic: false });
    expect(await available()).toBe(before - 1000);
    expect((await running.stripe.payouts.cancel(payout.id)).status).toBe("canceled");
    expect(await available()).toBe(before);
  });

  it("that was paid is not canceled", async () => {
    const paid = (await running.stripe.payouts.list({ limit: 100 })).data.find(({ status }) => status === "paid");
    expect((await refusal(running.stripe.payouts.cancel(paid?.id ?? ""))).message).toMatch(/while they are pending/);
  });
});

describe("a transfer", () => {
  it("is reversed in part, then no further than whole", async () => {
    const transfer = await running.stripe.transfers.create({
      amount: 1000,
      currency: "usd",
      destination: "acct_sandbox_connected",
    });
    await running.stripe.transfers.createReversal(transfer.id, { amount: 400 });
    expect(await running.stripe.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 400,
      reversed: false,
    });
    await running.stripe.transfers.createReversal(transfer.id);
    expect(await running.stripe.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 1000,
      reversed: true,
    });
    expect((await refusal(running.stripe.transfers.createReversal(transfer.id))).message).toMatch(
      /already fully reversed/,
    );
    expect((await running.stripe.transfers.listReversals(transfer.id)).data).toHaveLength(2);
  });
});
