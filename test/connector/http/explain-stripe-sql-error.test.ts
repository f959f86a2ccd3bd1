import { describe, expect, it } from "vitest";
import { explainStripeSqlError } from "../../../src/connector/http/explain-stripe-sql-error.js";
import { SqlState } from "../../../src/error/sql-state.js";
import type { StripeErrorFacts } from "../../../src/error/stripe-sql-error.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { connectionPath, failureOf, startApi } from "./running-api.js";
import { servedBy } from "./served-connector.js";

const fromPath = { namesFrom: "path", endedBy: undefined } as const;

function errorOf(sqlState: SqlState, stripe: StripeErrorFacts = {}, retryable = false): StripeSqlError {
  return new StripeSqlError("what went wrong", { sqlState, phase: "stripe", stripe, retryable });
}

describe("the answer to a failed call", () => {
  it.each([
    ["noData", 404, "NOT_FOUND", "ENTITY_NOT_FOUND"],
    ["undefinedTable", 404, "NOT_FOUND", "ENTITY_TYPE_NOT_FOUND"],
    ["undefinedFunction", 404, "NOT_FOUND", "ACTION_NOT_FOUND"],
    ["syntaxError", 400, "INVALID_ARGUMENT", "SYNTAX_ERROR"],
    ["undefinedColumn", 400, "INVALID_ARGUMENT", "UNKNOWN_FIELD"],
    ["ambiguousColumn", 400, "INVALID_ARGUMENT", "AMBIGUOUS_NAME"],
    ["groupingError", 400, "INVALID_ARGUMENT", "GROUPING_ERROR"],
    ["datatypeMismatch", 400, "INVALID_ARGUMENT", "TYPE_MISMATCH"],
    ["invalidTextRepresentation", 400, "INVALID_ARGUMENT", "INVALID_VALUE"],
    ["invalidParameterValue", 400, "INVALID_ARGUMENT", "INVALID_VALUE"],
    ["notNullViolation", 400, "INVALID_ARGUMENT", "VALUE_MISSING"],
    ["programLimitExceeded", 400, "INVALID_ARGUMENT", "TOO_COMPLEX"],
    ["outOfMemory", 429, "RESOURCE_EXHAUSTED", "TOO_LARGE"],
    ["featureNotSupported", 501, "UNIMPLEMENTED", "NOT_SUPPORTED"],
    ["readOnly", 400, "FAILED_PRECONDITION", "CONNECTION_READ_ONLY"],
    ["invalidAuthorization", 401, "UNAUTHENTICATED", "STRIPE_KEY_REFUSED"],
    ["insufficientPrivilege", 403, "PERMISSION_DENIED", "PERMISSION_MISSING"],
    ["configurationLimitExceeded", 429, "RESOURCE_EXHAUSTED", "REQUEST_BUDGET_EXCEEDED"],
    ["lockNotAvailable", 400, "FAILED_PRECONDITION", "WRITE_UNDER_WAY"],
    ["adminShutdown", 503, "UNAVAILABLE", "ENGINE_ENDED"],
    ["queryCanceled", 499, "CANCELLED", "CALL_CANCELLED"],
    ["connectionFailure", 503, "UNAVAILABLE", "STRIPE_UNREACHABLE"],
    ["upstreamError", 500, "INTERNAL", "UPSTREAM_ERROR"],
    ["internalError", 500, "INTERNAL", "INTERNAL_ERROR"],
  ] as const)("has for %s %i %s", (name, httpStatus, status, reason) => {
    expect(explainStripeSqlError(errorOf(SqlState[name]), fromPath)).toMatchObject({ httpStatus, status, reason });
  });

  it("is known for every SQLSTATE", () => {
    for (const sqlState of Object.values(SqlState)) {
      expect(explainStripeSqlError(errorOf(sqlState), fromPath).httpStatus).toBeGreaterThanOrEqual(400);
    }
  });

  it.each([
    // What Stripe answers: SQLSTATE, its facts, whether a retry may help.
    [
      "a declined card",
      "58030",
      { status: 402, code: "card_declined", declineCode: "generic_decline" },
      false,
      "FAILED_PRECONDITION",
      "CARD_DECLINED",
    ],
    [
      "another payment that failed",
      "58030",
      { status: 402, code: "expired_card" },
      false,
      "FAILED_PRECONDITION",
      "PAYMENT_FAILED",
    ],
    [
      "a missing object",
      "22023",
      { status: 404, code: "resource_missing" },
      false,
      "NOT_FOUND",
      "STRIPE_OBJECT_NOT_FOUND",
    ],
    [
      "a parameter that names nothing",
      "22023",
      { status: 400, code: "resource_missing", param: "customer" },
      false,
      "INVALID_ARGUMENT",
      "INVALID_VALUE",
    ],
    [
      "an object that exists",
      "22023",
      { status: 400, code: "resource_already_exists" },
      false,
      "ALREADY_EXISTS",
      "STRIPE_OBJECT_EXISTS",
    ],
    [
      "an object in another state",
      "22023",
      { status: 400, code: "payment_intent_unexpected_state" },
      false,
      "FAILED_PRECONDITION",
      "STRIPE_OBJECT_STATE",
    ],
    [
      "a charge captured before",
      "22023",
      { status: 400, code: "charge_already_captured" },
      false,
      "FAILED_PRECONDITION",
      "STRIPE_OBJECT_STATE",
    ],
    [
      "an invoice that is final",
      "22023",
      { status: 400, code: "invoice_not_editable" },
      false,
      "FAILED_PRECONDITION",
      "STRIPE_OBJECT_STATE",
    ],
    [
      "a missing parameter",
      "22023",
      { status: 400, code: "parameter_missing" },
      false,
      "INVALID_ARGUMENT",
      "INVALID_VALUE",
    ],
    ["an error of Stripe's own", "58030", { status: 500 }, true, "UNAVAILABLE", "STRIPE_UNAVAILABLE"],
    [
      "an object that is locked",
      "58030",
      { status: 429, code: "lock_timeout" },
      true,
      "UNAVAILABLE",
      "STRIPE_UNAVAILABLE",
    ],
    ["another refusal", "58030", { status: 424 }, false, "FAILED_PRECONDITION", "STRIPE_REFUSED"],
  ] as const)("tells %s", (_, sqlState, stripe, retryable, status, reason) => {
    expect(explainStripeSqlError(errorOf(sqlState, stripe, retryable), fromPath)).toMatchObject({ status, reason });
  });

  it("takes an unknown name in a statement for the statement's mistake", () => {
    for (const sqlState of [SqlState.undefinedTable, SqlState.undefinedFunction]) {
      const failure = explainStripeSqlError(errorOf(sqlState), { namesFrom: "statement", endedBy: undefined });
      expect(failure).toMatchObject({ status: "INVALID_ARGUMENT", reason: "UNKNOWN_NAME" });
    }
  });

  it("tells a call that ran out of time from one that was cancelled", () => {
    const canceled = errorOf(SqlState.queryCanceled);
    const late = explainStripeSqlError(canceled, { namesFrom: "path", endedBy: "deadline" });
    expect(late).toMatchObject({ httpStatus: 504, status: "DEADLINE_EXCEEDED" });
    const failed = explainStripeSqlError(errorOf(SqlState.noData), { namesFrom: "path", endedBy: "deadline" });
    expect(failed).toMatchObject({ status: "NOT_FOUND" });
  });

  it("asks to come back where that may help", () => {
    const { configurationLimitExceeded, connectionFailure, invalidParameterValue } = SqlState;
    expect(explainStripeSqlError(errorOf(configurationLimitExceeded, {}, true), fromPath).retryAfterMs).toBe(1000);
    expect(explainStripeSqlError(errorOf(connectionFailure, {}, true), fromPath).retryAfterMs).toBe(1000);
    expect(explainStripeSqlError(errorOf(configurationLimitExceeded), fromPath).retryAfterMs).toBeUndefined();
    expect(explainStripeSqlError(errorOf(invalidParameterValue, {}, true), fromPath).retryAfterMs).toBeUndefined();
  });
});

describe("a failed call over HTTP", () => {
  async function answerTo(error: unknown) {
    const { send } = await startApi(servedBy(() => Promise.reject(error)));
    return send("GET", `${connectionPath}/entityTypes/Customer/entities`);
  }

  it("is answered with all that is known of it", async () => {
    const error = new StripeSqlError("Your card was declined.", {
      sqlState: SqlState.upstreamError,
      phase: "stripe",
      detail: "POST /v1/payment_intents was answered with status 402.",
      hint: "Use another card.",
      position: 7,
      stripe: {
        type: "card_error",
        code: "card_declined",
        declineCode: "insufficient_funds",
        param: "payment_method",
        requestId: "req_1",
        status: 402,
        inDoubt: true,
      },
    });
    const answer = await answerTo(error);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      error: {
        code: 400,
        status: "FAILED_PRECONDITION",
        message: "Your card was declined.",
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: "CARD_DECLINED",
            domain: "stripe-sql",
            metadata: {
              sqlState: "58030",
              phase: "stripe",
              detail: "POST /v1/payment_intents was answered with status 402.",
              hint: "Use another card.",
              position: "7",
              stripeType: "card_error",
              stripeCode: "card_declined",
              declineCode: "insufficient_funds",
              param: "payment_method",
              requestId: "req_1",
              stripeStatus: "402",
              inDoubt: "true",
            },
          },
        ],
      },
    });
  });

  it("has a challenge with every 401, and no word of the caller's token where that is right", async () => {
    const answer = await answerTo(errorOf(SqlState.invalidAuthorization));
    expect(failureOf(answer)).toMatchObject({ status: 401, reason: "STRIPE_KEY_REFUSED" });
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="stripe-sql"');
  });

  it.each([
    ["an error nobody foresaw", new TypeError("the key is sk_live_abcdef, the customer Ann")],
    ["something that is no error", "the customer Ann"],
  ])("says nothing of %s", async (_, thrown) => {
    const answer = await answerTo(thrown);
    expect(failureOf(answer)).toMatchObject({ status: 500, code: "INTERNAL", message: "internal error" });
    expect(answer.text).not.toContain("Ann");
    expect(answer.text).not.toContain("sk_live");
  });

  it("may come with no request to Stripe", async () => {
    const connection = servedBy(() => {
      throw errorOf(SqlState.connectionFailure);
    });
    const { send } = await startApi(connection);
    expect(failureOf(await send("GET", `${connectionPath}:checkStatus`))).toMatchObject({ status: 503 });
  });
});
