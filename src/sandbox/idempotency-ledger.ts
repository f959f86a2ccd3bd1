import { invalidRequest } from "./refusals.js";
import { StripeFailure } from "./stripe-failure.js";

/** What a request was answered with. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request that names an idempotency key. */
export interface KeyedRequest {
  readonly account: string;
  /** What the client called it. */
  readonly key: string;
  /** The same for the same request alone. */
  readonly fingerprint: string;
  readonly version: "v1" | "v2";
}

interface LedgerEntry {
  readonly fingerprint: string;
  readonly sinceSeconds: number;
  answer: Answer | undefined;
}

const day = 86_400;
/** Sources: https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/api-v2-overview#idempotency */
const keptSeconds = { v1: day, v2: 30 * day };
const longestKey = 255;

/**
 * First answers by idempotency key. API v1 answers again with whatever the call came to once it had begun, be it a
 * refusal or 500; API v2 repeats what succeeded and tries again what failed.
 */
export class IdempotencyLedger {
  readonly #entries = new Map<string, LedgerEntry>();
  readonly #nowSeconds: () => number;

  constructor(nowSeconds: () => number) {
    this.#nowSeconds = nowSeconds;
  }

  /** The kept answer, or undefined where the request is the first with its key; that one must `settle`. */
  begin(request: KeyedRequest): Answer | undefined {
    if (request.key.length > longestKey) throw keyTooLong(request.key);
    const entry = this.#current(request);
    if (entry === undefined) {
      const { fingerprint } = request;
      this.#entries.set(slotOf(request), { fingerprint, sinceSeconds: this.#nowSeconds(), answer: undefined });
      return undefined;
    }
    if (entry.answer === undefined) throw stillInFlight(request.key);
    if (entry.fingerprint !== request.fingerprint) throw differentParameters(request.key);
    return entry.answer;
  }

  /** Keeps the answer; undefined frees the key. */
  settle(request: KeyedRequest, answer: Answer | undefined): void {
    const slot = slotOf(request);
    const entry = this.#entries.get(slot);
    if (entry === undefined) return;
    if (answer === undefined || !isKept(request, answer)) this.#entries.delete(slot);
    else entry.answer = answer;
  }

  #current(request: KeyedRequest): LedgerEntry | undefined {
    const entry = this.#entries.get(slotOf(request));
    const isOver = entry !== undefined && this.#nowSeconds() - entry.sinceSeconds >= keptSeconds[request.version];
    return isOver ? undefined : entry;
  }
}

/** A conflict and a refusal for the rate are about the moment, not about the request. */
function isKept({ version }: KeyedRequest, { status }: Answer): boolean {
  return version === "v2" ? status < 300 : status !== 409 && status !== 429;
}

function slotOf({ account, key, version }: KeyedRequest): string {
  return `${version} ${account} ${key}`;
}

function keyTooLong(key: string): StripeFailure {
  return invalidRequest(
    `An idempotency key can have ${longestKey} characters at most; this one has ${key.length}. (${key.slice(0, 20)}…)`,
  );
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
