import type { HttpMethod } from "../../catalog/catalog.js";
import type { Clock } from "../clock.js";
import type { BudgetedRequest } from "./budgeted-request.js";
import { FairTurns } from "./fair-turns.js";
import { objectLimits } from "./object-limits.js";
import type { BucketLimit, RateStore } from "./rate-store.js";
import type { RequestLimits } from "./request-limits.js";
import { burstOf, endpointRate } from "./request-limits.js";

export interface RateBudgetOptions {
  /** Whose limits they are; two budgets of one account share a store's buckets. */
  readonly account: string;
  /** Undefined: requests wait for nothing but a pause that Stripe asked for. */
  readonly limits: RequestLimits | undefined;
  readonly store: RateStore;
  readonly clock: Clock;
  /** Aborted where the budget is used no more. */
  readonly closing: AbortSignal;
}

const slowest = 0.05;
const recoveryStep = 0.1;
const stepMs = 1000;

/**
 * Spaces requests so that Stripe's limits hold. Other programs draw on the same limits unseen, so the rate
 * adapts: halved by a 429, raised again a tenth a second while none comes.
 */
export class RateBudget {
  readonly #options: RateBudgetOptions;
  /** By endpoint, of those for which somebody waits. */
  readonly #turns = new Map<string, FairTurns>();
  #share = 1;
  #lastStepMs = Number.NEGATIVE_INFINITY;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: RateBudgetOptions) {
    this.#options = options;
    const { store, closing } = options;
    store.onSlowDown?.((limit, pauseMs) => {
      if (limit.name === this.#name("all")) this.#slow(pauseMs);
    }, closing);
  }

  /** The part of the full rate in use, from 0.05 to 1. */
  get share(): number {
    return this.#share;
  }

  /**
   * Resolves when the request may go; rejects with the signal's reason. Statements that ask for the same endpoint take
   * turns.
   */
  async admit(request: BudgetedRequest, signal: AbortSignal, statement: object = request): Promise<void> {
    const { limits } = this.#options;
    if (limits === undefined) return this.#admit(request, signal);
    const endpoint = `${request.accountId ?? ""} ${endpointName(request.method, request.endpointPath)}`;
    const turns = this.#turns.get(endpoint) ?? new FairTurns();
    this.#turns.set(endpoint, turns);
    try {
      await turns.wait(statement, () => this.#admit(request, signal), signal);
    } finally {
      if (turns.isEmpty) this.#turns.delete(endpoint);
    }
  }

  async #admit(request: BudgetedRequest, signal: AbortSignal): Promise<void> {
    const { clock, store } = this.#options;
    do {
      await this.#sleepUntil(this.#pausedUntilMs, signal);
      const limits = this.#limitsOf(request);
      const waitMs = limits.length === 0 ? 0 : await store.reserve(limits, signal);
      await this.#sleepUntil(clock.now() + waitMs, signal);
      // A 429 that came meanwhile holds back those who already had their place.
    } while (this.#pausedUntilMs > clock.now());
  }

  /**
   * After a 429: `pauseMs` is its Retry-After, for which nothing is sent. Several at once halve the rate once.
   * Others who share the account's limits through the store are slowed down too.
   */
  slowDown(pauseMs = 0): void {
    this.#slow(pauseMs);
    const { limits, store } = this.#options;
    if (limits !== undefined) store.slowDown?.(this.#bucket("all", limits.all), pauseMs);
  }

  /** After an answer that was no 429. */
  speedUp(): void {
    if (this.#share === 1 || !this.#mayStep(this.#options.clock.now())) return;
    this.#share = Math.min(1, this.#share + recoveryStep);
  }

  #slow(pauseMs: number): void {
    const now = this.#options.clock.now();
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, now + pauseMs);
    if (!this.#mayStep(now)) return;
    this.#share = Math.max(slowest, this.#share / 2);
  }

  #mayStep(now: number): boolean {
    if (now - this.#lastStepMs < stepMs) return false;
    this.#lastStepMs = now;
    return true;
  }

  async #sleepUntil(timeMs: number, signal: AbortSignal): Promise<void> {
    const remainingMs = timeMs - this.#options.clock.now();
    if (remainingMs > 0) await this.#options.clock.sleep(remainingMs, signal);
  }

  #limitsOf(request: BudgetedRequest): readonly BucketLimit[] {
    const { limits } = this.#options;
    if (limits === undefined) return [];
    const { method, endpointPath, budget, accountId } = request;
    const prefix = accountId === undefined ? "" : `${accountId} `;
    const endpoint = endpointName(method, endpointPath);
    const general = [
      this.#bucket(`${prefix}all`, limits.all),
      this.#bucket(prefix + endpoint, endpointRate(endpoint, limits)),
      ...objectLimits(request).map((limit) => ({ ...limit, name: this.#name(prefix + limit.name) })),
    ];
    if (budget !== "search" && budget !== "files") return general;
    return [...general, this.#bucket(prefix + budget, limits[budget])];
  }

  #bucket(name: string, fullRate: number): BucketLimit {
    const requestsPerSecond = fullRate * this.#share;
    return { name: this.#name(name), requestsPerSecond, burst: burstOf(requestsPerSecond) };
  }

  #name(limit: string): string {
    return `${this.#options.account} ${limit}`;
  }
}

/** Ids are recognised by a digit or a capital, which Stripe's own path words do not hold after the second. */
function endpointName(method: HttpMethod, path: string): string {
  const words = path.split("/").map((word, index) => (index > 2 && /[\dA-Z{]/.test(word) ? "*" : word));
  return `${method} ${words.join("/")}`;
}
