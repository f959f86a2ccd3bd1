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
  /** Undefined while the request is under way. */
  readonly answer: Answer | undefined;
}

/** Where answers are kept, as texts by their slots. */
export interface AnswerStore {
  read(slot: string): string | undefined;
  write(slot: string, text: string): void;
}

/** Answers that end with the process. */
function passingAnswers(): AnswerStore {
  const texts = new Map<string, string>();
  return { read: (slot) => texts.get(slot), write: (slot, text) => void texts.set(slot, text) };
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
  readonly #underWay = new Map<string, LedgerEntry>();
  readonly #answers: AnswerStore;
  readonly #nowSeconds: () => number;

  /** @param answers Default: in memory. */
  constructor(nowSeconds: () => number, answers: AnswerStore = passingAnswers()) {
    this.#nowSeconds = nowSeconds;
    this.#answers = answers;
  }

  /** The kept answer, or undefined where the request is the first with its key; that one must `settle`. */
  begin(request: KeyedRequest): Answer | undefined {
    if (request.key.length > longestKey) throw keyTooLong(request.key);
    const entry = this.#current(request);
    if (entry === undefined) {
      const { fingerprint } = request;
      this.#underWay.set(slotOf(request), { fingerprint, sinceSeconds: this.#nowSeconds(), answer: undefined });
      return undefined;
    }
    if (entry.answer === undefined) throw stillInFlight(request.key);
    if (entry.fingerprint !== request.fingerprint) throw differentParameters(request.key);
    return entry.answer;
  }

  /** Keeps the answer; undefined frees the key. */
  settle(request: KeyedRequest, answer: Answer | undefined): void {
    const slot = slotOf(request);
    const entry = this.#underWay.get(slot);
    if (entry === undefined) return;
    this.#underWay.delete(slot);
    if (answer !== undefined && isKept(request, answer))
      this.#answers.write(slot, JSON.stringify({ ...entry, answer }));
  }

  #current(request: KeyedRequest): LedgerEntry | undefined {
    const slot = slotOf(request);
    const entry = this.#underWay.get(slot) ?? this.#kept(slot);
    const isOver = entry !== undefined && this.#nowSeconds() - entry.sinceSeconds >= keptSeconds[request.version];
    return isOver ? undefined : entry;
  }

  #kept(slot: string): LedgerEntry | undefined {
    const text = this.#answers.read(slot);
    // A text of `settle`.
    return text === undefined ? undefined : (JSON.parse(text) as LedgerEntry);
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
