import type { Worker } from "node:cluster";
import cluster from "node:cluster";
import type { ConnectOptions } from "../../driver/api.js";
import type { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Clock } from "../../stripe/clock.js";
import type { SharedRateStore } from "../../stripe/rate/shared-rate-store.js";
import { decodeError, encodeError } from "./error-message.js";
import type { NodeCall } from "./node-call.js";
import type { MessageFromNode, MessageToNode } from "./node-messages.js";
import type { PoolSettings } from "./pool-settings.js";

export interface NodeProcessOptions {
  readonly name: string;
  readonly definition: ConnectOptions;
  /** Main module of the process. */
  readonly exec: string;
  /** Beside that of this process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly rateStore: SharedRateStore;
  readonly clock: Clock;
  readonly settings: PoolSettings;
  readonly watcher: NodeWatcher;
}

/** Whoever keeps the node. */
export interface NodeWatcher {
  ready(): void;
  /** A call of its came back. */
  answered(): void;
  ended(end: NodeEnd): void;
}

/** A node's process is gone, or can no longer be spoken to. */
export interface NodeEnd {
  /** False where it was told to end. */
  readonly isUnforeseen: boolean;
  readonly reason: string;
  /** Why its connector could not be opened. */
  readonly failure: StripeSqlError | undefined;
  /** For how long it took calls, 0 where it never did. */
  readonly servedMs: number;
  /** The calls it had under way. */
  readonly lost: readonly NodeCall[];
}

/** A call's rows are garbage once they are sent: with room for many calls' rows, little of it is looked at twice. */
const youngSpace = "--max-semi-space-size=32";

/** One forked process that runs a connector, and the calls that it has under way. */
export class NodeProcess {
  readonly #options: NodeProcessOptions;
  readonly #worker: Worker;
  readonly #calls = new Map<number, NodeCall>();
  readonly #ending = new AbortController();
  #state: "starting" | "ready" | "draining" | "closing" | "lost" | "ended" = "starting";
  #readyAtMs: number | undefined;
  #failure: StripeSqlError | undefined;
  /** Why it was ended from here. */
  #reason: string | undefined;
  /** How its process ended. */
  #exit: string | undefined;
  /** Since when it has been in its state, or when it was last heard of. */
  #heardAtMs: number;
  #askedAtMs: number | undefined;

  constructor(options: NodeProcessOptions) {
    this.#options = options;
    this.#heardAtMs = options.clock.now();
    // The settings are the process's own, so that they are set for each node anew.
    const execArgv = [...process.execArgv, youngSpace];
    cluster.setupPrimary({ exec: options.exec, args: [options.name], execArgv, serialization: "advanced" });
    this.#worker = cluster.fork(options.environment);
    this.#worker.on("message", (message: MessageFromNode) => this.#receive(message));
    this.#worker.on("error", (error: Error) => this.#end(error.message));
    this.#worker.on("disconnect", () => this.#loseChannel());
    this.#worker.on("exit", (status, signal) => {
      this.#exit = signal ? `it was ended by ${signal}` : `it ended with status ${status}`;
      this.#endIfGone();
    });
    options.rateStore.onSlowDown((limit, pauseMs) => {
      this.#send({ kind: "slow-down", limit, pauseMs });
    }, this.#ending.signal);
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  get callsUnderWay(): number {
    return this.#calls.size;
  }

  /** True where it takes calls. */
  get isReady(): boolean {
    return this.#state === "ready";
  }

  /** True where it is there to stay, though it may not be ready yet. */
  get isStaying(): boolean {
    return this.#state === "starting" || this.#state === "ready";
  }

  run(call: NodeCall): void {
    const { id, method, input, idempotencyKey, caller } = call;
    this.#calls.set(id, call);
    try {
      this.#send({ kind: "call", id, method, input, idempotencyKey, caller });
    } catch (error) {
      // An input that is not plain JSON does not reach another process.
      this.#settle(id, () => call.reject(decodeError(encodeError(error))));
    }
  }

  /** The call ends with the node's answer, which tells what became of it. */
  cancel(call: NodeCall): void {
    if (this.#calls.has(call.id)) this.#send({ kind: "cancel", id: call.id });
  }

  /** Takes no further call, and ends when its last is done. */
  drain(): void {
    if (!this.isStaying) return;
    if (this.#state === "ready") {
      this.#state = "draining";
      this.#closeWhenDone();
    } else {
      this.#state = "closing";
      this.kill("it was no longer needed");
    }
  }

  kill(reason: string): void {
    this.#reason ??= reason;
    this.#worker.process.kill("SIGKILL");
  }

  /** Ends a node that has hung. */
  look(nowMs: number): void {
    const { startMs, askAfterMs, unansweredMs, endMs } = this.#options.settings;
    const silentMs = nowMs - this.#heardAtMs;
    switch (this.#state) {
      case "starting":
        if (silentMs >= startMs) this.kill(`it was not ready after ${startMs / 1000} s`);
        break;
      case "ready":
      case "draining":
        if (this.#askedAtMs === undefined) {
          if (silentMs >= askAfterMs) this.#ask(nowMs);
        } else if (nowMs - this.#askedAtMs >= unansweredMs) this.kill(`it did not answer for ${unansweredMs / 1000} s`);
        break;
      case "closing":
      case "lost":
        if (silentMs >= endMs) this.kill(`it did not end within ${endMs / 1000} s`);
        break;
      case "ended":
        break;
    }
  }

  #ask(nowMs: number): void {
    this.#askedAtMs = nowMs;
    this.#send({ kind: "ping" });
  }

  #receive(message: MessageFromNode): void {
    if (this.#state === "ended") return;
    if (this.#state !== "starting" && this.#state !== "closing") this.#heard();
    switch (message.kind) {
      case "listening":
        this.#send({ kind: "open", definition: this.#options.definition });
        break;
      case "ready":
        this.#becomeReady();
        break;
      case "unable":
        this.#failure = decodeError(message.error);
        this.kill(`its connector could not be opened: ${this.#failure.message}`);
        break;
      case "written":
        this.#calls.get(message.id)?.onWrite?.(message.write);
        break;
      case "result":
        this.#settle(message.id, (call) => call.resolve(message.output));
        break;
      case "failure":
        this.#settle(message.id, (call) => call.reject(decodeError(message.error)));
        break;
      case "exhausted":
        // It takes no further call, and ends itself.
        this.#state = "lost";
        this.#reason ??= "it held more memory than it may";
        break;
      case "pong":
        break;
      case "reserve":
        void this.#reserve(message);
        break;
      case "slow-down":
        this.#options.rateStore.slowDown(message.limit, message.pauseMs);
        break;
    }
  }

  #heard(): void {
    this.#heardAtMs = this.#options.clock.now();
    this.#askedAtMs = undefined;
  }

  #becomeReady(): void {
    if (this.#state !== "starting") return;
    this.#state = "ready";
    this.#heard();
    this.#readyAtMs = this.#heardAtMs;
    this.#options.watcher.ready();
  }

  #settle(id: number, settle: (call: NodeCall) => void): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    settle(call);
    this.#options.watcher.answered();
    this.#closeWhenDone();
  }

  #closeWhenDone(): void {
    if (this.#state !== "draining" || this.#calls.size > 0) return;
    this.#state = "closing";
    this.#heardAtMs = this.#options.clock.now();
    this.#reason = "it was no longer needed";
    this.#send({ kind: "close" });
  }

  async #reserve({ id, limits }: Extract<MessageFromNode, { kind: "reserve" }>): Promise<void> {
    const waitMs = await this.#options.rateStore.reserve(limits);
    this.#send({ kind: "reserved", id, waitMs });
  }

  /** A node that can no longer be spoken to ends itself. */
  #loseChannel(): void {
    if (this.#state !== "closing") this.#state = "lost";
    this.#heardAtMs = this.#options.clock.now();
    this.#endIfGone();
  }

  /** What it said last is read before its channel is at its end, but not always before its process is. */
  #endIfGone(): void {
    if (this.#exit !== undefined && !this.#worker.isConnected()) this.#end(this.#exit);
  }

  #end(reason: string): void {
    if (this.#state === "ended") return;
    const isUnforeseen = this.#state !== "closing";
    const servedMs = this.#readyAtMs === undefined ? 0 : this.#options.clock.now() - this.#readyAtMs;
    const lost = [...this.#calls.values()];
    this.#state = "ended";
    this.#ending.abort();
    this.#calls.clear();
    this.#options.watcher.ended({
      isUnforeseen,
      reason: this.#reason ?? reason,
      failure: this.#failure,
      servedMs,
      lost,
    });
  }

  /** Where the channel is closed, "disconnect" tells what became of the node. */
  #send(message: MessageToNode): void {
    this.#worker.send(message, () => undefined);
  }
}
