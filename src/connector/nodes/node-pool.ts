import { EventEmitter, once } from "node:events";
import type { ConnectOptions } from "../../driver/api.js";
import type { Clock } from "../../stripe/clock.js";
import { systemClock } from "../../stripe/clock.js";
import type { SharedRateStore } from "../../stripe/rate/shared-rate-store.js";
import type { CallOptions, ConnectionReadiness, ConnectorMethod } from "../connector.js";
import type { CallConnector, NodeCounts, ServedConnection } from "../served-connection.js";
import { CallQueue } from "./call-queue.js";
import { closingPoolError } from "./node-call.js";
import type { NodeEvent } from "./node-fleet.js";
import { NodeFleet } from "./node-fleet.js";
import type { PoolSettings } from "./pool-settings.js";
import { defaultPoolSettings } from "./pool-settings.js";
import { ScalingRule } from "./scaling-rule.js";
import { Throttle } from "./throttle.js";

export interface NodePoolOptions {
  /** Of the connection. */
  readonly name: string;
  readonly location: string | undefined;
  /** What each node opens its connector by. */
  readonly definition: ConnectOptions;
  readonly minimum: number;
  readonly maximum: number;
  readonly transactionsPerSecondPerNode: number;
  /** Main module of a node's process: one that calls `serveNode`. */
  readonly exec: string;
  /** Variables of a node's process beside those of this one. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Stripe's limits, shared by all pools of the process. */
  readonly rateStore: SharedRateStore;
  readonly clock?: Clock;
  readonly settings?: Partial<PoolSettings>;
  readonly onEvent?: (event: NodeEvent) => void;
}

export interface NodePool extends ServedConnection {
  /** Takes no further call, gives those that are there so long to finish, and ends the nodes. Default 30 seconds. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Processes that run the same connector side by side: `minimum` of them, and more under load. Resolves when the first
 * is ready to take calls; rejects with the node's error where its connector cannot be opened.
 */
export async function openNodePool(options: NodePoolOptions): Promise<NodePool> {
  const pool = new ForkedNodePool(options);
  await pool.open();
  return pool;
}

const notReady: ConnectionReadiness = { status: "NOT_READY" };

class ForkedNodePool implements NodePool {
  readonly #options: NodePoolOptions;
  readonly #settings: PoolSettings;
  readonly #clock: Clock;
  readonly #throttle: Throttle;
  readonly #scaling: ScalingRule;
  readonly #fleet: NodeFleet;
  readonly #queue: CallQueue;
  /** Calls that came back, and nodes that ended. */
  readonly #changes = new EventEmitter();
  readonly #ending = new AbortController();
  #isClosing = false;

  constructor(options: NodePoolOptions) {
    this.#options = options;
    this.#settings = { ...defaultPoolSettings, ...options.settings };
    this.#clock = options.clock ?? systemClock;
    this.#throttle = new Throttle(options.transactionsPerSecondPerNode, this.#clock);
    this.#scaling = new ScalingRule(this.#settings);
    const parts = { ...options, settings: this.#settings, clock: this.#clock };
    this.#queue = new CallQueue({ ...parts, nodes: () => this.#fleet.ready });
    this.#fleet = new NodeFleet({
      ...parts,
      environment: options.environment ?? {},
      onRoom: () => this.#queue.dispatch(),
      onLost: (calls) => {
        this.#queue.recover(calls);
        this.#changes.emit("change");
      },
      onEvent: (event) => options.onEvent?.(event),
    });
  }

  async open(): Promise<void> {
    void this.#keepLooking();
    try {
      await this.#fleet.open();
    } catch (error) {
      await this.close(0);
      throw error;
    }
  }

  get name(): string {
    return this.#options.name;
  }

  get location(): string | undefined {
    return this.#options.location;
  }

  get nodes(): NodeCounts {
    const { ready, callsUnderWay, restarts } = this.#fleet;
    return { running: ready.length, callsUnderWay, restarts };
  }

  /** While no node runs, one is awaited. */
  admit(): number | undefined {
    return this.#throttle.admit(Math.max(1, this.#fleet.ready.length));
  }

  // What a node answers to a method is that method's output.
  readonly call: CallConnector = (method, input, options) => this.#call(method, input, options) as Promise<never>;

  async close(graceMs = 30_000): Promise<void> {
    this.#isClosing = true;
    await this.#until(() => this.#callsAtHand() === 0, graceMs);
    this.#fleet.drain();
    if (this.#fleet.callsUnderWay > 0) this.#fleet.kill("the connection was closed");
    await this.#until(() => this.#fleet.size === 0, this.#settings.endMs);
    this.#fleet.kill("the connection was closed");
    this.#queue.refuse(() => closingPoolError(this.name));
    this.#ending.abort();
  }

  async #call(method: ConnectorMethod, input: unknown, options: CallOptions = {}): Promise<unknown> {
    if (this.#isClosing) throw closingPoolError(this.name);
    if (method === "checkReadiness") return this.#readiness(options);
    try {
      return await this.#queue.run(method, input, options);
    } finally {
      this.#changes.emit("change");
    }
  }

  /** Every node is asked whether its engine runs statements: one that does is enough, as another takes the place of each that does not. */
  async #readiness(options: CallOptions): Promise<ConnectionReadiness> {
    const asked = this.#fleet.ready.map(async (node) => {
      const answer = await this.#queue.ask(node, "checkReadiness", options);
      if ((answer as ConnectionReadiness).status !== "READY") throw new Error("the node is not ready");
    });
    try {
      await Promise.any(asked);
      return { status: "READY" };
    } catch (error) {
      if (error instanceof AggregateError) return notReady;
      throw error;
    }
  }

  #callsAtHand(): number {
    return this.#queue.length + this.#fleet.callsUnderWay;
  }

  async #keepLooking(): Promise<void> {
    const { signal } = this.#ending;
    for (;;) {
      await rest(this.#clock, this.#settings.lookEveryMs, signal);
      if (signal.aborted) return;
      this.#look(this.#clock.now());
    }
  }

  #look(nowMs: number): void {
    this.#fleet.look(nowMs);
    this.#queue.look(nowMs);
    const { ready, staying } = this.#fleet;
    const step = this.#scaling.observe({
      nowMs,
      load: this.#callsAtHand() / Math.max(1, staying.length),
      isRefusing: this.#throttle.isRefusing,
      admitted: this.#throttle.admitted,
      perSecondOfFewer: this.#throttle.perSecond(ready.length - 1),
    });
    if (step !== 0 && !this.#isClosing) this.#fleet.step(step);
  }

  /** Resolves when it is so, or after that time. */
  async #until(isSo: () => boolean, withinMs: number): Promise<void> {
    const stop = new AbortController();
    let isLate = false;
    const late = rest(this.#clock, withinMs, stop.signal).then(() => {
      isLate = true;
    });
    while (!isSo() && !isLate) await Promise.race([late, once(this.#changes, "change")]);
    stop.abort();
  }
}

/** A sleep that an aborted signal only makes shorter. */
async function rest(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(milliseconds, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
