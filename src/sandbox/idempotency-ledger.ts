import { StripeFailure } from "./stripe-failure.js";

/** What a request was answered with. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface LedgerEntry {
  readonly fingerprint: string;
  answer: Answer | undefined;
}

/** First answers by idempotency key. Source: https://docs.stripe.com/api/idempotent_requests */
export class IdempotencyLedger {
  readonly #entries = new Map<string, LedgerEntry>();

  /**
   * The kept answer of a slot, or undefined where the request is the first with it; that one must `settle`.
   * `key` is what the client called it.
   */
  begin(slot: string, key: string, fingerprint: string): Answer | undefined {
    const entry = this.#entries.get(slot);
    if (entry === undefined) {
      this.#entries.set(slot, { fingerprint, answer: undefined });
      return undefined;
    }
    if (entry.answer === undefined) throw stillInFlight(key);
    if (entry.fingerprint !== fingerprint) throw differentParameters(key);
    return entry.answer;
  }

  /**
   * Keeps the answer. A refusal that left no trace is not kept, so that it may be sent again; Stripe saves
   * results only once an endpoint has started to execute.
   */
  settle(slot: string, answer: Answer | undefined): void {
    const entry = this.#entries.get(slot);
    if (entry === undefined) return;
    if (answer === undefined) this.#entries.delete(slot);
    else entry.answer = answer;
  }
}

function differentParameters(key: string): StripeFailure {
  return new StripeFailure(400, {
    type: "idempotency_error",
    message:
      "Keys for idempotent requests can only be used with the same parameters they were first used with. " +
      `Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}

function stillInFlight(key: string): StripeFailure {
  return new StripeFailure(409, {
    type: "idempotency_error",
    code: "idempotency_key_in_use",
    message:
      "There is currently another in-progress request using this Idempotent Key (that probably means you " +
      `submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  });
}
