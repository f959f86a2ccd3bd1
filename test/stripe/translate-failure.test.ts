import { expect, test } from "vitest";
import { printError } from "../../src/error/print-error.js";
import { isMissingObject } from "../../src/stripe/is-missing-object.js";
import { errorOf, freshScope, json, openScriptedClient, refusal, testKey } from "../support/scripted-client.js";
import type { Answer } from "../support/scripted-server.js";

async function errorFrom(answer: Answer, path = "/v1/customers") {
  const { client } = await openScriptedClient(() => answer);
  return errorOf(
    client.request({ method: "GET", path, parameters: { email: "ada@example.com" }, budget: "read" }, freshScope()),
  );
}

test("a refusal keeps Stripe's message and facts, and tells the request without its parameters", async () => {
  const error = await errorFrom(
    refusal(400, { message: "Invalid currency: xyz", code: "parameter_invalid", param: "currency" }),
  );
  expect(error).toMatchObject({
    sqlState: "22023",
    phase: "stripe",
    message: "Invalid currency: xyz",
    detail: "GET /v1/customers was answered with status 400.",
    retryable: false,
    stripe: {
      type: "invalid_request_error",
      code: "parameter_invalid",
      param: "currency",
      requestId: "req_1",
      status: 400,
    },
  });
  expect(printError(error)).not.toContain("ada@example.com");
});

test("a bad key is 28000", async () => {
  const error = await errorFrom(refusal(401, { message: "Invalid API Key provided" }));
  expect(error).toMatchObject({ sqlState: "28000", hint: expect.stringContaining("STRIPE_API_KEY") });
});

test("a key without permission is 42501", async () => {
  const message = "The provided key does not have the required permissions for this endpoint on account 'acct_1'.";
  const error = await errorFrom(refusal(403, { message }));
  expect(error).toMatchObject({ sqlState: "42501", hint: expect.stringContaining("restricted key") });
});

test("a feature that the account has not enabled is 42501, however Stripe says so", async () => {
  const messages: readonly (readonly [number, string, string?])[] = [
    [
      400,
      "Your account is not set up to use Issuing. Please visit https://dashboard.stripe.com/issuing/overview to get started.",
    ],
    [
      400,
      "You can only create new accounts if you've signed up for Connect, which you can do at https://dashboard.stripe.com/connect.",
    ],
    [404, "Unrecognized request URL (GET: /v1/treasury/financial_accounts). Please see https://stripe.com/docs."],
    [403, "Climate is not enabled for your account."],
    [400, "This needs a feature", "feature_not_enabled"],
  ];
  for (const [status, message, type = "invalid_request_error"] of messages) {
    const error = await errorFrom(refusal(status, { message, type }), "/v1/issuing/cards");
    expect(error, message).toMatchObject({ sqlState: "42501", hint: expect.stringContaining("Enable the feature") });
    expect(isMissingObject(error)).toBe(false);
  }
});

test("API v2 states it as the error's type", async () => {
  const error = await errorFrom(refusal(400, { type: "feature_not_enabled", message: "No" }), "/v2/core/accounts");
  expect(error).toMatchObject({ sqlState: "42501", stripe: { type: "feature_not_enabled" } });
});

test("a missing object is told from every other 404", async () => {
  const missing = { code: "resource_missing", message: "No such customer: 'cus_1'", param: "id" };
  expect(isMissingObject(await errorFrom(refusal(404, missing)))).toBe(true);
  expect(isMissingObject(await errorFrom(refusal(404, { ...missing, param: "starting_after" })))).toBe(false);
  expect(isMissingObject(await errorFrom(refusal(404, { message: "Unrecognized request URL (GET: /v1/x)" })))).toBe(
    false,
  );
  expect(isMissingObject(await errorFrom(refusal(400, missing)))).toBe(false);
  expect(isMissingObject(new Error("resource_missing"))).toBe(false);
});

test("a declined card is 58030 with the decline code", async () => {
  const declined = {
    type: "card_error",
    code: "card_declined",
    decline_code: "insufficient_funds",
    message: "Your card has insufficient funds.",
  };
  expect(await errorFrom(refusal(402, declined))).toMatchObject({
    sqlState: "58030",
    retryable: false,
    stripe: { type: "card_error", code: "card_declined", declineCode: "insufficient_funds" },
  });
});

test("an idempotency key used for another request is 22023", async () => {
  const error = await errorFrom(
    refusal(400, { type: "idempotency_error", message: "Keys for idempotent requests differ" }),
  );
  expect(error).toMatchObject({ sqlState: "22023", stripe: { type: "idempotency_error" } });
});

test("an error of OAuth's form is read too", async () => {
  const error = await errorFrom(json({ error: "invalid_request", error_description: "Bad" }, 400));
  expect(error).toMatchObject({ sqlState: "22023", message: "Bad", stripe: { type: "invalid_request" } });
});

test("a refusal without a message has one", async () => {
  const error = await errorFrom(json({ error: { type: "invalid_request_error" } }, 400));
  expect(error.message).toBe("Stripe answered with status 400 and no message");
});

test("keys, client secrets and card numbers that Stripe repeats enter no text of the error", async () => {
  const secrets = [testKey, "pi_3OggwF_secret_abcDEF123", "4242 4242 4242 4242"];
  const error = await errorFrom(
    refusal(402, {
      type: "card_error",
      message: `Failed with ${secrets.join(" and ")}`,
      payment_intent: { id: "pi_1", client_secret: secrets[1] },
    }),
  );
  const shown = JSON.stringify([printError(error), error.stack, String(error.cause), error, Object.entries(error)]);
  for (const secret of ["scriptedkey123", "abcDEF123", "4242 4242"]) expect(shown).not.toContain(secret);
});

test("a key of an unknown form is not repeated either", async () => {
  const apiKey = "opensesame-opensesame";
  const { client } = await openScriptedClient([refusal(401, { message: `Invalid API Key provided: ${apiKey}` })], {
    apiKey,
  });
  const error = await errorOf(
    client.request({ method: "GET", path: "/v1/balance", parameters: {}, budget: "read" }, freshScope()),
  );
  expect(error.message).toBe("Invalid API Key provided: ***");
  expect(JSON.stringify([error.stack, error])).not.toContain("opensesame");
});

test("an account acted for is named", async () => {
  const { client } = await openScriptedClient([refusal(403, { message: "No access" })], { accountId: "acct_9" });
  const error = await errorOf(
    client.request({ method: "GET", path: "/v1/balance", parameters: {}, budget: "read" }, freshScope()),
  );
  expect(error.detail).toBe("GET /v1/balance for account acct_9 was answered with status 403.");
});
