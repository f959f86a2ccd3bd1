import { setMaxListeners } from "node:events";
import type { Clock } from "../../stripe/clock.js";
import type { CallOptions, ConnectorMethod } from "../connector.js";
import type { NodeCall } from "./node-call.js";
import { canceledCallError, lossOf, noNodeError, tooManyCallsError } from "./node-call.js";
import type { NodeProcess } from "./node-process.js";
import type { PoolSettings } from "./pool-settings.js";

export interface CallQueueOptions {
  /** The connection's name. */
  readonly name: string;
  readonly clock: Clock;
  readonly settings: PoolSettings;
  /** The nodes that take calls. */
  readonly nodes: () => readonly NodeProcess[];
}

/** Hands each call to the node that has the fewest under way; where all are full, calls wait in the order they came. */
export class CallQueue {
  readonly #options: CallQueueOptions;
  readonly #waiting: NodeCall[] = [];
  #lastId = 0;
  #turn = 0;
  /** When some node was last seen to take calls. */
  #servedAtMs: number;

  constructor(options: CallQueueOptions) {
    this.#options = options;
    this.#servedAtMs = options.clock.now();
  }

  /** Calls that no node has yet. */
  get length(): number {
    return this.#waiting.length;
  }

  async run(method: ConnectorMethod, input: unknown, options: CallOptions): Promise<unknown> {
    const { name, settings } = this.#options;
    return this.#follow(method, input, options, (call) => {
      this.#waiting.push(call);
      this.dispatch();
      if (this.#waiting.length <= settings.waitingCalls) return;
      this.#waiting.pop();
      call.reject(tooManyCallsError(name, settings.waitingCalls));
    });
  }

  /** Hands a call to one node, past those that wait and however many it has. Aborted, it is not waited for. */
  async ask(node: NodeProcess, method: ConnectorMethod, options: CallOptions): Promise<unknown> {
    return this.#follow(method, undefined, options, (call) => {
      options.signal?.addEventListener("abort", () => call.reject(canceledCallError()), { once: true });
      call.node = node;
      node.run(call);
    });
  }

  async #follow(
    method: ConnectorMethod,
    input: unknown,
    { signal, idempotencyKey, onWrite, caller }: CallOptions,
    begin: (call: NodeCall) => void,
  ): Promise<unknown> {
    if (signal?.aborted === true) throw canceledCallError();
    const { clock } = this.#options;
    this.#lastId += 1;
    const id = this.#lastId;
    let cancel: (() => void) | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const asked = { method, input, signal, idempotencyKey, onWrite, caller };
        const facts = { ...asked, id, arrivedAtMs: clock.now(), lostNodes: 0 };
        const call: NodeCall = { ...facts, node: undefined, resolve, reject };
        cancel = () => this.#cancel(call);
        // One listener for each call: many under one signal are no leak.
        if (signal !== undefined) setMaxListeners(0, signal);
        signal?.addEventListener("abort", cancel, { once: true });
        begin(call);
      });
    } finally {
      if (cancel !== undefined) signal?.removeEventListener("abort", cancel);
    }
  }

  dispatch(): void {
    for (let node = this.#freest(); node !== undefined; node = this.#freest()) {
      const call = this.#waiting.shift();
      if (call === undefined) return;
      call.node = node;
      node.run(call);
    }
  }

  /** Runs again what loses nothing by it, before all others; whoever waits for the rest is told. */
  recover(lost: readonly NodeCall[]): void {
    const again: NodeCall[] = [];
    for (const call of lost) {
      call.node = undefined;
      call.lostNodes += 1;
      const loss = lossOf(call);
      if (loss === undefined) again.push(call);
      else call.reject(loss);
    }
    this.#waiting.unshift(...again);
    this.dispatch();
  }

  /** Gives up calls that wait in vain. */
  look(nowMs: number): void {
    const { name, nodes, settings } = this.#options;
    if (nodes().length > 0) this.#servedAtMs = nowMs;
    const isLate = (call: NodeCall) => nowMs - Math.max(call.arrivedAtMs, this.#servedAtMs) >= settings.noNodeMs;
    while (this.#waiting[0] !== undefined && isLate(this.#waiting[0])) this.#waiting.shift()?.reject(noNodeError(name));
  }

  /** Gives up all that wait. */
  refuse(error: () => Parameters<NodeCall["reject"]>[0]): void {
    for (const call of this.#waiting.splice(0)) call.reject(error());
  }

  #cancel(call: NodeCall): void {
    const place = this.#waiting.indexOf(call);
    if (place < 0) {
      call.node?.cancel(call);
    } else {
      this.#waiting.splice(place, 1);
      call.reject(canceledCallError());
    }
  }

  /** Of several that have equally few calls, each in turn. */
  #freest(): NodeProcess | undefined {
    if (this.#waiting.length === 0) return undefined;
    const { nodes, settings } = this.#options;
    const all = nodes();
    this.#turn = (this.#turn + 1) % Math.max(1, all.length);
    let freest: NodeProcess | undefined;
    for (const node of [...all.slice(this.#turn), ...all.slice(0, this.#turn)]) {
      if (freest === undefined || node.callsUnderWay < freest.callsUnderWay) freest = node;
    }
    return freest === undefined || freest.callsUnderWay >= settings.callsPerNode ? undefined : freest;
  }
}
