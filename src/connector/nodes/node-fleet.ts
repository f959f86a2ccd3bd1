import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { NodeCall } from "./node-call.js";
import type { NodeEnd, NodeProcessOptions } from "./node-process.js";
import { NodeProcess } from "./node-process.js";
import { startBackoffMs } from "./pool-settings.js";

/** What happens to the nodes of a connection, for its log. */
export type NodeEvent = NodeChange & { readonly connection: string; readonly pid: number | undefined };

type NodeChange =
  | { readonly kind: "started" | "ready" | "draining" }
  | { readonly kind: "ended"; readonly isUnforeseen: boolean; readonly reason: string };

export interface NodeFleetOptions extends Omit<NodeProcessOptions, "watcher"> {
  readonly minimum: number;
  readonly maximum: number;
  /** Some node can take a call that could not before. */
  readonly onRoom: () => void;
  readonly onLost: (calls: readonly NodeCall[]) => void;
  readonly onEvent: (event: NodeEvent) => void;
}

/** Keeps as many nodes running as are wanted, and puts another in the place of each that ends. */
export class NodeFleet {
  readonly #options: NodeFleetOptions;
  readonly #nodes = new Set<NodeProcess>();
  #wanted = 0;
  #restarts = 0;
  /** Nodes in a row that ended before they had served for a while. */
  #earlyEnds = 0;
  #mayStartAtMs = Number.NEGATIVE_INFINITY;
  #opening: Opening | undefined;

  constructor(options: NodeFleetOptions) {
    this.#options = options;
  }

  /** Those that take calls. */
  get ready(): readonly NodeProcess[] {
    return [...this.#nodes].filter((node) => node.isReady);
  }

  /** Those that take calls or soon will. */
  get staying(): readonly NodeProcess[] {
    return [...this.#nodes].filter((node) => node.isStaying);
  }

  /** All processes, those included that are about to end. */
  get size(): number {
    return this.#nodes.size;
  }

  get callsUnderWay(): number {
    return [...this.#nodes].reduce((sum, node) => sum + node.callsUnderWay, 0);
  }

  /** Nodes that ended unforeseen. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Starts the minimum. Resolves when the first node is ready; rejects where none can be started. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#opening = { resolve, reject };
      this.#resize(this.#options.minimum);
    });
  }

  /** Another node, or one less, within the minimum and the maximum. */
  step(change: -1 | 1): void {
    const { minimum, maximum } = this.#options;
    this.#resize(Math.min(maximum, Math.max(minimum, this.#wanted + change)));
  }

  /** Ends every node when its last call is done; no other takes its place. */
  drain(): void {
    this.#resize(0);
  }

  kill(reason: string): void {
    for (const node of this.#nodes) node.kill(reason);
  }

  /** Ends nodes that have hung, and starts those that had to wait. */
  look(nowMs: number): void {
    for (const node of this.#nodes) node.look(nowMs);
    this.#fill();
  }

  #resize(wanted: number): void {
    this.#wanted = wanted;
    const spare = [...this.staying].sort((one, other) => one.callsUnderWay - other.callsUnderWay);
    for (const node of spare.slice(0, Math.max(0, spare.length - wanted))) {
      this.#tell(node, { kind: "draining" });
      node.drain();
    }
    this.#fill();
  }

  #fill(): void {
    while (this.staying.length < this.#wanted && this.#options.clock.now() >= this.#mayStartAtMs) this.#start();
  }

  #start(): void {
    try {
      const node = new NodeProcess({
        ...this.#options,
        watcher: {
          ready: () => this.#ready(node),
          answered: () => this.#options.onRoom(),
          ended: (end) => this.#ended(node, end),
        },
      });
      this.#nodes.add(node);
      this.#tell(node, { kind: "started" });
    } catch (error) {
      // Where the machine has no room for another process, there may be later.
      const reason = `its process could not be started: ${error instanceof Error ? error.message : String(error)}`;
      this.#noteUnforeseen({ isUnforeseen: true, reason, failure: undefined, servedMs: 0, lost: [] });
    }
  }

  #ready(node: NodeProcess): void {
    this.#tell(node, { kind: "ready" });
    this.#opening?.resolve();
    this.#opening = undefined;
    this.#options.onRoom();
  }

  #ended(node: NodeProcess, end: NodeEnd): void {
    const { isUnforeseen, reason } = end;
    this.#nodes.delete(node);
    this.#tell(node, { kind: "ended", isUnforeseen, reason });
    if (isUnforeseen) this.#noteUnforeseen(end);
    this.#options.onLost(end.lost);
    this.#fill();
  }

  /** A node that has served for a while is replaced at once; those that end early, again and again, ever more slowly. */
  #noteUnforeseen({ servedMs, failure, reason }: NodeEnd): void {
    const { settings, clock } = this.#options;
    this.#restarts += 1;
    this.#earlyEnds = servedMs >= settings.settledMs ? 0 : this.#earlyEnds + 1;
    this.#mayStartAtMs = clock.now() + startBackoffMs(this.#earlyEnds);
    if (this.#opening === undefined) return;
    if (failure === undefined && this.#earlyEnds < settings.firstStarts) return;
    this.#opening.reject(failure ?? startFailure(this.#options.name, reason));
    this.#opening = undefined;
  }

  #tell(node: NodeProcess, change: NodeChange): void {
    this.#options.onEvent({ connection: this.#options.name, pid: node.pid, ...change });
  }
}

function startFailure(connection: string, reason: string): StripeSqlError {
  return new StripeSqlError(`no node of connection "${connection}" can be started`, {
    sqlState: SqlState.connectionFailure,
    phase: "connect",
    detail: `Of the last one: ${reason}.`,
  });
}

interface Opening {
  readonly resolve: () => void;
  readonly reject: (error: StripeSqlError) => void;
}
