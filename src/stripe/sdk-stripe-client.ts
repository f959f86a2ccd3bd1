import type Stripe from "stripe";
import { redact } from "../error/redact.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { JsonObject } from "../value/json.js";
import { isOrganizationKey } from "./account-header.js";
import { canceledError, connectionClosed } from "./canceled-error.js";
import type { Clock } from "./clock.js";
import { systemClock } from "./clock.js";
import type { HeldBody } from "./held-body.js";
import type { HttpClient } from "./http-client.js";
import { isLiveKey } from "./is-live-key.js";
import { linkAborts, untilAborted } from "./linked-abort.js";
import { accountName, limitedAccount } from "./rate/limited-account.js";
import { RateBudget } from "./rate/rate-budget.js";
import type { RequestLimits } from "./rate/request-limits.js";
import { requestLimits } from "./rate/request-limits.js";
import { TokenBuckets } from "./rate/token-buckets.js";
import type { RequestFailure } from "./request-failure.js";
import { readFailure } from "./request-failure.js";
import type { AnsweredRequest, SentRequest } from "./request-observer.js";
import type { RequestScope } from "./request-scope.js";
import { countRequest, requireRoom, waitingFor } from "./request-scope.js";
import { isRateLimited, retryAfterMs, retryDelayMs } from "./retry-policy.js";
import type { StripeClient, StripeClientOptions } from "./stripe-client.js";
import { noticeOfError } from "./stripe-notice.js";
import type { SdkCall, StripeRequest } from "./stripe-request.js";
import { toSdkCall } from "./stripe-request.js";
import { doubtFacts, doubtOf, failureFacts, failureMessage, translateFailure } from "./translate-failure.js";

interface ClientParts {
  readonly sdk: Stripe;
  readonly http: HttpClient;
  readonly apiBase: string;
  readonly options: StripeClientOptions;
}

/** A request on its way through its attempts. */
interface Delivery {
  readonly request: StripeRequest;
  readonly call: SdkCall;
  readonly scope: RequestScope;
  readonly signal: AbortSignal;
  readonly failures: RequestFailure[];
}

type Attempt =
  | { readonly kind: "answered"; readonly object: JsonObject; readonly answer: AnswerFacts }
  | { readonly kind: "failed"; readonly failure: RequestFailure; readonly retryInMs: number | undefined };

/** What the SDK hangs on the body of an answer as its hidden property `lastResponse`. */
interface AnswerFacts {
  readonly requestId?: string;
  readonly statusCode: number;
  readonly notice?: string | undefined;
}

/** The client over Stripe's SDK: budget, count and retry around the SDK's one way of sending anything. */
export class SdkStripeClient implements StripeClient {
  readonly live: boolean;
  readonly apiBase: string;
  readonly limits: RequestLimits | undefined;
  readonly #parts: ClientParts;
  readonly #clock: Clock;
  readonly #budget: RateBudget;
  readonly #account: string;
  readonly #closing = new AbortController();

  constructor(parts: ClientParts) {
    const { apiKey, clock, rateStore, requestsPerSecond } = parts.options;
    this.#parts = parts;
    this.#clock = clock ?? systemClock;
    this.live = isLiveKey(apiKey);
    this.apiBase = parts.apiBase;
    this.limits = requestLimits({ apiKey, apiBase: parts.apiBase, requestsPerSecond });
    this.#account = limitedAccount({ apiKey, apiBase: parts.apiBase });
    const store = rateStore ?? new TokenBuckets(this.#clock);
    this.#budget = new RateBudget({
      account: this.#account,
      limits: this.limits,
      store,
      clock: this.#clock,
      closing: this.#closing.signal,
    });
  }

  async request(request: StripeRequest, scope: RequestScope): Promise<JsonObject> {
    const { accountId, apiKey, apiVersion } = this.#parts.options;
    const isOrganization = isOrganizationKey(apiKey);
    const call = toSdkCall(request, { accountId, apiVersion, isOrganization });
    const abort = linkAborts([scope.signal, request.signal, this.#closing.signal]);
    const delivery: Delivery = { request, call, scope, signal: abort.signal, failures: [] };
    try {
      return await this.#deliver(delivery);
    } catch (error) {
      if (error instanceof StripeSqlError || !abort.signal.aborted) throw error;
      const { failures } = delivery;
      throw canceledError(abort.signal, { detail: doubtOf(call, failures), stripe: doubtFacts(call, failures) });
    } finally {
      abort.unlink();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(connectionClosed);
    this.#parts.http.close();
  }

  async #deliver(delivery: Delivery): Promise<JsonObject> {
    const { call, scope, signal, failures } = delivery;
    const { endpointPath = call.path } = delivery.request;
    const budgeted = { ...delivery.request, endpointPath, accountId: call.accountId };
    let failed: StripeSqlError | undefined;
    for (;;) {
      requireRoom(scope, call, failed);
      const admit = () => this.#budget.admit(budgeted, signal, scope.statement ?? scope);
      await waitingFor("rate limit", scope, admit).catch((error: unknown) => {
        // What became of the attempt before matters more than that there can be no other.
        throw error instanceof StripeSqlError ? (failed ?? error) : error;
      });
      const attempt = await this.#attempt(delivery, failed);
      if (attempt.kind === "answered") return attempt.object;
      failures.push(attempt.failure);
      signal.throwIfAborted();
      failed = translateFailure({ ...call, apiBase: this.apiBase, failure: attempt.failure, failures });
      if (attempt.retryInMs === undefined) throw failed;
      requireRoom(scope, call, failed);
      const { retryInMs } = attempt;
      await waitingFor("retry", scope, () => this.#clock.sleep(retryInMs, signal));
    }
  }

  async #attempt(
    { request, call, scope, signal, failures }: Delivery,
    failed: StripeSqlError | undefined,
  ): Promise<Attempt> {
    signal.throwIfAborted();
    requireRoom(scope, call, failed);
    countRequest(scope);
    if (call.method === "GET") this.#parts.options.meter?.read(this.#accountOf(call));
    const sent = sentRequest(call, failures.length + 1);
    const sentAtMs = this.#clock.now();
    this.#parts.options.observer?.sent(sent);
    const sending = waitingFor("answer", scope, () => untilAborted(this.#send(call), signal));
    const attempt = await sending
      .then<Attempt>((body) => {
        tellNotice(scope, body.lastResponse.notice);
        return { kind: "answered", object: body.object(request.fields?.()), answer: body.lastResponse };
      })
      .catch((error: unknown): Attempt => {
        if (signal.aborted) return abandoned;
        tellNotice(scope, noticeOfError(error));
        return this.#failedAttempt(error, sent.attempt);
      });
    this.#adapt(attempt);
    const elapsedMs = this.#clock.now() - sentAtMs;
    if (attempt.kind === "answered") this.#parts.options.meter?.answered(elapsedMs);
    const answered = answeredRequest(sent, attempt, elapsedMs);
    this.#parts.options.observer?.answered(answered);
    scope.onAnswered?.(answered);
    return attempt;
  }

  #accountOf({ accountId }: SdkCall): string {
    return accountName(this.#account, accountId);
  }

  /** The type is the one that the HTTP client gives the bodies of successes. */
  #send({ method, pathAndQuery, body, options }: SdkCall): Promise<HeldBody & { readonly lastResponse: AnswerFacts }> {
    return this.#parts.sdk.rawRequest(method, pathAndQuery, body, options);
  }

  #failedAttempt(error: unknown, attempt: number): Attempt {
    const failure = readFailure(error, this.#parts.options.apiKey);
    return {
      kind: "failed",
      failure,
      retryInMs: retryDelayMs(failure, attempt, this.#parts.options.random ?? Math.random),
    };
  }

  #adapt(attempt: Attempt): void {
    if (attempt.kind === "answered") this.#budget.speedUp();
    else if (isRateLimited(attempt.failure)) this.#budget.slowDown(retryAfterMs(attempt.failure));
  }
}

function tellNotice(scope: RequestScope, notice: string | undefined): void {
  if (notice !== undefined) scope.onNotice?.(notice);
}

/** Given up while under way: what Stripe made of it is unknown. */
const abandoned: Attempt = {
  kind: "failed",
  failure: { kind: "unreachable", systemCode: undefined, isPartial: false, cause: undefined },
  retryInMs: undefined,
};

/** Its path is looked through for secrets only where somebody asks for it: mostly nobody does. */
function sentRequest({ method, path, accountId, idempotencyKey }: SdkCall, attempt: number): SentRequest {
  return {
    ...{ method, accountId, idempotencyKey, attempt },
    get path() {
      return redact(path);
    },
  };
}

function answeredRequest(sent: SentRequest, attempt: Attempt, elapsedMs: number): AnsweredRequest {
  const { method, accountId, idempotencyKey } = sent;
  return {
    ...{ method, accountId, idempotencyKey, attempt: sent.attempt, elapsedMs },
    ...outcomeOf(attempt),
    get path() {
      return sent.path;
    },
  };
}

function outcomeOf(attempt: Attempt): Pick<AnsweredRequest, "status" | "requestId" | "failure" | "retryInMs"> {
  if (attempt.kind === "answered") {
    const { statusCode, requestId } = attempt.answer;
    return { status: statusCode, requestId, failure: undefined, retryInMs: undefined };
  }
  const { status, requestId } = failureFacts(attempt.failure);
  const failure = redact(failureMessage(attempt.failure));
  return { status, requestId, failure, retryInMs: attempt.retryInMs };
}
