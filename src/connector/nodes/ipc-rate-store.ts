import { EventEmitter } from "node:events";
import type { BucketLimit, RateStore, SlowDownListener } from "../../stripe/rate/rate-store.js";
import type { MessageFromNode, MessageToNode } from "./node-messages.js";

/** Stripe's limits as a node sees them: kept by the primary for all nodes. Were it gone, the node would end too. */
export class IpcRateStore implements RateStore {
  readonly #send: (message: MessageFromNode) => void;
  readonly #waiting = new Map<number, (waitMs: number) => void>();
  readonly #slowDowns = new EventEmitter().setMaxListeners(0);
  #lastId = 0;

  constructor(send: (message: MessageFromNode) => void) {
    this.#send = send;
  }

  reserve(limits: readonly BucketLimit[]): Promise<number> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send({ kind: "reserve", id, limits });
    });
  }

  slowDown(limit: BucketLimit, pauseMs: number): void {
    this.#send({ kind: "slow-down", limit, pauseMs });
  }

  onSlowDown(listener: SlowDownListener, until: AbortSignal): void {
    this.#slowDowns.on("slow-down", listener);
    until.addEventListener("abort", () => this.#slowDowns.off("slow-down", listener), { once: true });
  }

  /** What the primary answers, or tells of the other nodes. */
  receive(message: Extract<MessageToNode, { kind: "reserved" | "slow-down" }>): void {
    if (message.kind === "slow-down") {
      this.#slowDowns.emit("slow-down", message.limit, message.pauseMs);
      return;
    }
    this.#waiting.get(message.id)?.(message.waitMs);
    this.#waiting.delete(message.id);
  }
}
