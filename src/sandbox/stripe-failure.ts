import type { Json, JsonObject } from "../value/json.js";

/** The `error` member of Stripe's error envelope. Source: https://docs.stripe.com/api/errors */
export interface FailureFacts {
  readonly type: "invalid_request_error" | "card_error" | "idempotency_error" | "api_error";
  readonly message: string;
  readonly code?: string;
  readonly declineCode?: string;
  readonly param?: string;
  /** Further members: `charge`, `payment_intent`. */
  readonly extra?: JsonObject;
}

interface FailureOptions {
  /** True where the request changed state though it failed, as a declined card does. Default false. */
  readonly keepsState?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal in Stripe's terms: thrown by whoever finds it, answered by the server. */
export class StripeFailure extends Error {
  readonly status: number;
  readonly facts: FailureFacts;
  readonly keepsState: boolean;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, facts: FailureFacts, options: FailureOptions = {}) {
    super(facts.message);
    this.name = "StripeFailure";
    this.status = status;
    this.facts = facts;
    this.keepsState = options.keepsState ?? false;
    this.headers = options.headers ?? {};
  }

  /** The answer's body, to a request with an id. */
  envelope(requestId: string): JsonObject {
    const { type, message, code, declineCode, param, extra } = this.facts;
    const error: Record<string, Json> = { ...extra };
    if (code !== undefined) {
      error["code"] = code;
      error["doc_url"] = `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`;
    }
    if (declineCode !== undefined) error["decline_code"] = declineCode;
    error["message"] = message;
    if (param !== undefined) error["param"] = param;
    error["request_log_url"] = `https://dashboard.stripe.com/test/workbench/logs?object=${requestId}`;
    error["type"] = type;
    return { error };
  }
}
