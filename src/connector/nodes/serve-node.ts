import type { ConnectOptions } from "../../driver/api.js";
import type { WriteRecord } from "../../driver/write-record.js";
import type { RateStore } from "../../stripe/rate/rate-store.js";
import type { CallOptions, Connector, ConnectorMethod } from "../connector.js";
import { encodeError } from "./error-message.js";
import { IpcRateStore } from "./ipc-rate-store.js";
import { exhaustedError } from "./node-call.js";
import type { CallMessage, MessageFromNode, MessageToNode } from "./node-messages.js";

export type OpenConnector = (
  definition: ConnectOptions,
  context: { readonly rateStore: RateStore; readonly onMemoryExhausted: () => void },
) => Promise<Connector>;

/** Makes this process, which a pool has forked, a node: it opens one connector and answers the pool's calls. */
export function serveNode(openConnector: OpenConnector): void {
  // Ctrl-C reaches every process of a terminal, and a service manager's signal every process of a service: it is the
  // primary that lets calls finish, and then ends its nodes.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
  process.on("disconnect", () => process.exit());
  const node = new Node(openConnector);
  // Nobody but the pool writes to this channel.
  process.on("message", (message) => node.receive(message as MessageToNode));
  send({ kind: "listening" });
}

class Node {
  readonly #openConnector: OpenConnector;
  readonly #rateStore = new IpcRateStore(send);
  readonly #calls = new Map<number, { readonly method: ConnectorMethod; readonly controller: AbortController }>();
  #connector: Connector | undefined;
  #isExhausted = false;

  constructor(openConnector: OpenConnector) {
    this.#openConnector = openConnector;
  }

  receive(message: MessageToNode): void {
    switch (message.kind) {
      case "open":
        void this.#open(message.definition);
        break;
      case "call":
        void this.#call(message);
        break;
      case "cancel":
        this.#calls.get(message.id)?.controller.abort();
        break;
      case "ping":
        send({ kind: "pong" });
        break;
      case "reserved":
      case "slow-down":
        this.#rateStore.receive(message);
        break;
      case "close":
        void this.#close();
        break;
    }
  }

  async #open(definition: ConnectOptions): Promise<void> {
    try {
      this.#connector = await this.#openConnector(definition, {
        rateStore: this.#rateStore,
        onMemoryExhausted: () => this.#exhaust(),
      });
      send({ kind: "ready" });
    } catch (error) {
      send({ kind: "unable", error: encodeError(error) });
    }
  }

  async #call(message: CallMessage): Promise<void> {
    const { id, method } = message;
    const controller = new AbortController();
    this.#calls.set(id, { method, controller });
    try {
      const output = await callByName(this.#connector, message, controller.signal);
      send({ kind: "result", id, output });
    } catch (error) {
      send({ kind: "failure", id, error: encodeError(error) });
    } finally {
      this.#calls.delete(id);
    }
  }

  /**
   * Statements are told why; what else was under way is the pool's matter, which starts another node. The process is
   * killed: an orderly exit would wait for the engine, which goes on to fill the memory.
   */
  #exhaust(): void {
    if (this.#isExhausted) return;
    this.#isExhausted = true;
    send({ kind: "exhausted" });
    for (const [id, { method }] of this.#calls)
      if (mayCompute.has(method)) send({ kind: "failure", id, error: encodeError(exhaustedError()) });
    // Messages are written in their order.
    process.send?.({ kind: "pong" } satisfies MessageFromNode, undefined, undefined, () =>
      process.kill(process.pid, "SIGKILL"),
    );
  }

  async #close(): Promise<void> {
    try {
      await this.#connector?.close();
    } finally {
      process.exit();
    }
  }
}

/** SQL is what takes as much memory as it likes. */
const mayCompute: ReadonlySet<ConnectorMethod> = new Set(["executeSqlQuery", "executeTool"]);

/** The pool calls only what it knows by its type, with that method's input. */
function callByName(
  connector: Connector | undefined,
  { id, method, input, idempotencyKey, caller }: CallMessage,
  signal: AbortSignal,
): Promise<unknown> {
  if (connector === undefined) throw new Error(`${method} was called before the node was ready`);
  const called = connector[method] as (input: unknown, options: CallOptions) => Promise<unknown>;
  const onWrite = (write: WriteRecord) => send({ kind: "written", id, write });
  return called.call(connector, input, { signal, idempotencyKey, onWrite, caller });
}

/** Where the primary is gone, "disconnect" ends this process: nobody waits for the answer. */
function send(message: MessageFromNode): void {
  process.send?.(message, undefined, undefined, () => undefined);
}
