import type { Redis } from "ioredis";
import type { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Clock } from "../clock.js";
import { systemClock } from "../clock.js";
import { untilAborted } from "../linked-abort.js";
import type { BucketLimit, RateStore } from "./rate-store.js";

export interface OpenedRateStore extends RateStore {
  /** Waits for nothing: whatever is still asked for fails. */
  close(): void;
}

/** What a limit's bucket is asked for at Redis. */
type Limiter = Pick<RateLimiterRedis, "consume" | "reward" | "penalty">;

/**
 * A bucket as in TokenBuckets: the time, by Redis's clock, at which it will be full again. The library's own script
 * counts in windows of whole seconds, and at the boundary of two lets twice the rate pass at once.
 *
 * KEYS: the bucket. ARGV: places to take, below 0 to give back and above the burst to take whatever is free;
 * unused; the burst; the milliseconds in which an empty bucket fills.
 * Gives the places taken, or more than the burst where there are none, and the milliseconds until there is one.
 */
const takePlaces = `
local clock = redis.call('time')
local now = clock[1] * 1000 + clock[2] / 1000
local places, burst, fillMs = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
local fullAt = math.max(tonumber(redis.call('get', KEYS[1]) or 0), now) + places * fillMs / burst
local waitMs = fullAt - fillMs - now
if waitMs > 0 and places > 0 and places <= burst then return {burst + 1, math.ceil(waitMs)} end
redis.call('set', KEYS[1], fullAt, 'PX', math.max(1, math.ceil(fullAt - now)))
return {places, 0}`;

/** With the waits between them, about two seconds: a server that is started anew is waited for. */
const connectionAttempts = 5;
const answerTimeoutMs = 5000;

/**
 * Limits that several programs share, on several machines, through the Redis server at a URL (redis:// or rediss://).
 * Nothing is connected to before the first reservation. Where the server cannot be reached, reservations fail with
 * SQLSTATE 08006: a rate that is believed to be shared and is not would be at the cost of the account's other programs.
 */
export async function openRedisRateStore(url: string, clock: Clock = systemClock): Promise<OpenedRateStore> {
  const [{ Redis: RedisClient }, { RateLimiterRedis: RedisLimiter }] = await Promise.all([
    import("ioredis"),
    import("rate-limiter-flexible"),
  ]);
  const redis = new RedisClient(url, {
    lazyConnect: true,
    maxRetriesPerRequest: connectionAttempts,
    connectTimeout: answerTimeoutMs,
    commandTimeout: answerTimeoutMs,
  });
  const openLimiter = ({ requestsPerSecond, burst }: BucketLimit) =>
    new RedisLimiter({
      storeClient: redis,
      keyPrefix: "stripe-sql",
      customIncrTtlLuaScript: takePlaces,
      points: burst,
      duration: (1000 * burst) / requestsPerSecond,
    });
  return new RedisRateStore({ redis, openLimiter, host: new URL(url).host, clock });
}

interface RedisRateStoreParts {
  readonly redis: Redis;
  readonly openLimiter: (limit: BucketLimit) => Limiter;
  /** "redis.example:6379": what errors call the server. */
  readonly host: string;
  readonly clock: Clock;
}

class RedisRateStore implements OpenedRateStore {
  readonly #parts: RedisRateStoreParts;
  readonly #limiters = new Map<string, Limiter>();
  readonly #queues = new Map<string, Promise<unknown>>();
  #connectionFailure: Error | undefined;

  constructor(parts: RedisRateStoreParts) {
    this.#parts = parts;
    // The reason of a failed connection is told here; the command that waited for it only hears that there is none.
    parts.redis.on("error", (error: Error) => {
      this.#connectionFailure = error;
    });
    parts.redis.on("ready", () => {
      this.#connectionFailure = undefined;
    });
  }

  /** Of the requests under one limit, the one that has waited longest asks for all of them. */
  async reserve(limits: readonly BucketLimit[], signal: AbortSignal): Promise<number> {
    const narrowest = limits.at(-1)?.name ?? "";
    const before = this.#queues.get(narrowest) ?? Promise.resolve();
    const taken = untilAborted(before, signal).then(() => this.#waitForPlace(limits, signal));
    const ended = Promise.allSettled([before, taken]);
    this.#queues.set(narrowest, ended);
    try {
      await taken;
    } finally {
      if (this.#queues.get(narrowest) === ended) this.#queues.delete(narrowest);
    }
    return 0;
  }

  /** Takes the places of the pause, so that whoever asks next waits as long. */
  slowDown(limit: BucketLimit, pauseMs: number): void {
    if (pauseMs === 0) return;
    const places = Math.ceil((pauseMs * limit.requestsPerSecond) / 1000) + limit.burst;
    // Where it cannot be told, the next reservation fails with the reason.
    this.#limiter(limit)
      .penalty(limit.name, places)
      .catch(() => undefined);
  }

  close(): void {
    this.#parts.redis.disconnect();
  }

  async #waitForPlace(limits: readonly BucketLimit[], signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = await this.#takePlace(limits);
      if (waitMs === 0) return;
      await this.#parts.clock.sleep(waitMs, signal);
    }
  }

  /** A place under every limit, or under none; gives the milliseconds after which to ask again. */
  async #takePlace(limits: readonly BucketLimit[]): Promise<number> {
    const asked = await Promise.allSettled(limits.map((limit) => this.#limiter(limit).consume(limit.name)));
    const waits = asked.map((one) => (one.status === "fulfilled" ? 0 : this.#refusalMs(one.reason)));
    const waitMs = Math.max(...waits);
    if (waitMs === 0) return 0;
    const taken = limits.filter((_, index) => waits[index] === 0);
    await Promise.all(taken.map((limit) => this.#limiter(limit).reward(limit.name))).catch(this.#fail);
    return waitMs;
  }

  /** The library rejects with its result where a limit is used up. */
  #refusalMs(reason: unknown): number {
    return isRefusal(reason) ? reason.msBeforeNext : this.#fail(reason);
  }

  /** The library binds a rate to a limiter; rates are few. */
  #limiter(limit: BucketLimit): Limiter {
    const rate = `${limit.burst}/${limit.requestsPerSecond}`;
    const limiter = this.#limiters.get(rate) ?? this.#parts.openLimiter(limit);
    this.#limiters.set(rate, limiter);
    return limiter;
  }

  /** Keeps no cause: the library hangs its command on its errors, which for a login is the password. */
  readonly #fail = (failure: unknown): never => {
    const { message } = this.#connectionFailure ?? (failure instanceof Error ? failure : new Error(String(failure)));
    throw new StripeSqlError(`the rate store at ${this.#parts.host} does not answer`, {
      sqlState: SqlState.connectionFailure,
      phase: "stripe",
      retryable: true,
      detail: `Redis: ${message.replace(/\.$/, "")}. The request was not sent to Stripe.`,
      hint: "Check RateStore and its server, or leave RateStore out: then the rate is this program's alone.",
    });
  };
}

function isRefusal(reason: unknown): reason is RateLimiterRes {
  return typeof reason === "object" && reason !== null && "msBeforeNext" in reason;
}
