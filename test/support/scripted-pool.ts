import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CallOptions, ConnectorMethod } from "../../src/connector/connector.js";
import type { NodeEvent } from "../../src/connector/nodes/node-fleet.js";
import type { NodePool, NodePoolOptions } from "../../src/connector/nodes/node-pool.js";
import { openNodePool } from "../../src/connector/nodes/node-pool.js";
import { SharedRateStore } from "../../src/stripe/rate/shared-rate-store.js";
import { ManualClock } from "./manual-clock.js";

/** What a node of scripted-node.mjs does. */
export interface ScriptedInput {
  readonly do?: "wait" | "fail" | "break" | "die" | "block" | "leave" | "reserve" | "slow-down" | "hear";
  readonly limits?: readonly unknown[];
  readonly echo?: unknown;
}

export type ScriptedStart = "" | "die" | "hang" | "refuse";

/** A pool of nodes that do as they are told, on a clock that the test moves. */
export class ScriptedPool {
  readonly clock = new ManualClock();
  readonly events: NodeEvent[] = [];
  readonly #heard = new EventEmitter().setMaxListeners(0);
  readonly #folder = mkdtempSync(join(tmpdir(), "stripe-sql-pool-"));
  #pool: NodePool | undefined;

  get pool(): NodePool {
    if (this.#pool === undefined) throw new Error("the pool is not open");
    return this.#pool;
  }

  /** How nodes start from now on. */
  start(how: ScriptedStart): void {
    writeFileSync(join(this.#folder, "script"), how);
  }

  async open(changes: Partial<NodePoolOptions> = {}, how: ScriptedStart = ""): Promise<void> {
    this.start(how);
    this.#pool = await openNodePool({
      name: "main",
      location: undefined,
      definition: {},
      minimum: 1,
      maximum: 1,
      transactionsPerSecondPerNode: 6,
      exec: fileURLToPath(new URL("scripted-node.mjs", import.meta.url)),
      environment: { NODE_SCRIPT: join(this.#folder, "script") },
      rateStore: new SharedRateStore(this.clock),
      clock: this.clock,
      onEvent: (event) => {
        this.events.push(event);
        this.#heard.emit("event");
      },
      ...changes,
      // Nodes answer in their own time, not in the test's.
      settings: { unansweredMs: 1e9, ...changes.settings },
    });
    await this.running(changes.minimum ?? 1);
  }

  /** Resolves once so many nodes take calls. */
  async running(count: number): Promise<void> {
    while (this.pool.nodes.running !== count) await once(this.#heard, "event");
  }

  /** Resolves once so many events of the kind have been told. */
  async told(kind: NodeEvent["kind"], count: number): Promise<void> {
    while (this.pids(kind).length < count) await once(this.#heard, "event");
  }

  /** The processes of which an event of the kind was told, in that order. */
  pids(kind: NodeEvent["kind"]): readonly number[] {
    return this.events.flatMap((event) => (event.kind === kind && event.pid !== undefined ? [event.pid] : []));
  }

  /** What a scripted node gives, whatever the method's own output is. */
  call(method: ConnectorMethod, input: ScriptedInput = {}, options: CallOptions = {}): Promise<ScriptedOutput> {
    const { call } = this.pool as unknown as { call: (...given: readonly unknown[]) => Promise<ScriptedOutput> };
    return call(method, input, options);
  }

  async close(): Promise<void> {
    await this.#pool?.close(0);
    rmSync(this.#folder, { recursive: true });
  }
}

export interface ScriptedOutput {
  readonly pid: number;
  readonly echo: unknown;
  readonly idempotencyKey: string | undefined;
  readonly waitMs: number;
}
