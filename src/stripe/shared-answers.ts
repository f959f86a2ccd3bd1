import type { JsonObject } from "../value/json.js";
import { canceledError } from "./canceled-error.js";
import { linkAborts, untilAborted } from "./linked-abort.js";
import type { RequestScope } from "./request-scope.js";
import type { RequestSender } from "./stripe-client.js";
import type { StripeRequest } from "./stripe-request.js";

/**
 * Answers of one database that its statements share: who asks for what another has asked for already waits for that
 * answer. A client of the connection's one key and version sends the requests, so that path, parameters and Connect
 * account tell them apart.
 *
 * - A request counts for the statement that asked first, with its attempts: for the others it is none, neither in
 *   their counts nor towards their MaxRequests. What Stripe wants told is told to all.
 * - A statement that is canceled leaves the others theirs; the request is given up when all have gone.
 * - Answers are shared, failures are not: who waited for one that failed asks for itself, within its own bounds.
 * - Of a list's rows, the answer holds what any of those reads who wait for it; who reads more, and comes once the answer is
 *   there, asks for itself.
 * - A change made through this database is seen by every request that follows it: what was asked before a change, or
 *   while it was under way, is shared with nobody who asks after.
 */
export class SharedAnswers {
  readonly #underWay = new Map<string, SharedRequest>();
  readonly #epoch: () => string;

  /** @param epoch Gives another text once something was changed otherwise: what was asked before is then not shared with who asks after. */
  constructor(epoch: () => string = () => "") {
    this.#epoch = epoch;
  }

  /** As `sender` would. */
  async request(request: StripeRequest, scope: RequestScope, sender: RequestSender): Promise<JsonObject> {
    if (request.method !== "GET") return this.#change(request, scope, sender);
    const abort = linkAborts([scope.signal, request.signal]);
    try {
      if (abort.signal.aborted) throw canceledError(abort.signal);
      const { shared, isFirst } = this.#shared(request, scope, sender);
      const outcome = await shared.waitFor(scope, abort.signal);
      if (outcome.kind === "answered") return outcome.answer;
      if (isFirst) throw outcome.error;
    } finally {
      abort.unlink();
    }
    return sender.request(request, scope);
  }

  async #change(request: StripeRequest, scope: RequestScope, sender: RequestSender): Promise<JsonObject> {
    this.#underWay.clear();
    try {
      return await sender.request(request, scope);
    } finally {
      this.#underWay.clear();
    }
  }

  #shared(
    request: StripeRequest,
    scope: RequestScope,
    sender: RequestSender,
  ): { readonly shared: SharedRequest; readonly isFirst: boolean } {
    const { accountId, apiBase, path, parameters } = request;
    const key = JSON.stringify([accountId ?? null, apiBase ?? null, path, parameters, this.#epoch()]);
    const known = this.#underWay.get(key);
    if (known?.joins(request)) return { shared: known, isFirst: false };
    const forget = (): void => {
      if (this.#underWay.get(key) === shared) this.#underWay.delete(key);
    };
    const shared: SharedRequest = new SharedRequest(scope, forget, { request, sender });
    this.#underWay.set(key, shared);
    return { shared, isFirst: true };
  }
}

interface RequestToSend {
  readonly request: StripeRequest;
  readonly sender: RequestSender;
}

type Outcome =
  | { readonly kind: "answered"; readonly answer: JsonObject }
  | { readonly kind: "failed"; readonly error: unknown };

/** A request under way, and the statements that wait for its answer. */
class SharedRequest {
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiter>();
  readonly #abort = new AbortController();
  readonly #forget: () => void;
  readonly #told: string[] = [];
  /** Of a list's rows, what any of them reads; undefined: all. */
  #fields: ReadonlySet<string> | undefined;
  /** Set once the answer is read, with these fields. */
  #isRead = false;
  /** Whose request it is: the first of those who wait. */
  #owner: RequestScope;
  /** Undefined once it has come, as nobody joins from then on. */
  #outcome: Promise<Outcome> | undefined;

  constructor(owner: RequestScope, forget: () => void, send: RequestToSend) {
    this.#owner = owner;
    this.#forget = forget;
    this.#fields = send.request.fields?.();
    this.#outcome = this.#send(send);
  }

  /** Whether who asks for the same gets all that it reads with the answer. */
  joins({ fields }: StripeRequest): boolean {
    const known = this.#fields;
    const wanted = fields?.();
    if (known === undefined) return true;
    if (wanted !== undefined && [...wanted].every((field) => known.has(field))) return true;
    if (this.#isRead) return false;
    this.#fields = wanted && new Set([...known, ...wanted]);
    return true;
  }

  async #send({ request, sender }: RequestToSend): Promise<Outcome> {
    const fields = () => {
      this.#isRead = true;
      return this.#fields;
    };
    const outcome = await settled(async () => sender.request({ ...request, signal: undefined, fields }, this.#scope()));
    this.#forget();
    // Tables that a Map has outgrown keep what was in them alive until the garbage collector's next long run: no rows with it.
    this.#outcome = undefined;
    return outcome;
  }

  /** Settles with the request, or rejects with the cancellation of the one that waits. */
  async waitFor(scope: RequestScope, signal: AbortSignal): Promise<Outcome> {
    if (this.#outcome === undefined) throw new RangeError("nobody joins a request that was answered");
    const waiter: Waiter = { scope };
    this.#waiting.add(waiter);
    const waited = scope.onWait?.("answer");
    if (scope !== this.#owner) for (const text of this.#told) scope.onNotice?.(text);
    try {
      return await untilAborted(this.#outcome, signal);
    } catch {
      this.#leave(waiter, signal);
      throw canceledError(signal);
    } finally {
      waited?.();
    }
  }

  #leave(waiter: Waiter, signal: AbortSignal): void {
    this.#waiting.delete(waiter);
    const [next] = this.#waiting;
    if (next !== undefined) {
      this.#owner = next.scope;
      return;
    }
    this.#forget();
    this.#abort.abort(signal.reason);
  }

  /** Counts for whoever owns the request at the time. */
  #scope(): RequestScope {
    const owner = () => this.#owner;
    return {
      get statement() {
        return owner().statement ?? owner();
      },
      signal: this.#abort.signal,
      get maxRequests() {
        return owner().maxRequests;
      },
      get count() {
        return owner().count;
      },
      set count(count) {
        owner().count = count;
      },
      onRequest: () => owner().onRequest?.(),
      onAnswered: (answered) => owner().onAnswered?.(answered),
      // For the answer each of them waits by itself.
      onWait: (what) => (what === "answer" ? undefined : owner().onWait?.(what)) ?? (() => undefined),
      onNotice: (text) => {
        this.#told.push(text);
        for (const scope of new Set([...this.#waiting].map((waiter) => waiter.scope))) scope.onNotice?.(text);
      },
    };
  }
}

async function settled(send: () => Promise<JsonObject>): Promise<Outcome> {
  try {
    return { kind: "answered", answer: await send() };
  } catch (error) {
    return { kind: "failed", error };
  }
}

/** One who waits; a statement may do so several times at once. */
interface Waiter {
  readonly scope: RequestScope;
}
