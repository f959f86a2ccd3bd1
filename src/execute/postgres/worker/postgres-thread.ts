import type { Worker } from "node:worker_threads";
import { SqlState } from "../../../error/sql-state.js";
import { StripeSqlError } from "../../../error/stripe-sql-error.js";
import type { StepAnswer } from "./answer-sorter.js";
import type { SharedMemoryModule } from "./shared-memory-module.js";
import { startThread } from "./start-thread.js";
import type { MessageFromWorker, MessageToWorker, WorkerStart } from "./worker-messages.js";
import { ControlWord } from "./worker-messages.js";

export interface PostgresThreadOptions {
  readonly compiled: SharedMemoryModule;
  readonly snapshot: Uint8Array;
  /** What the backend's memory may grow to. Default 512 MB. */
  readonly memoryLimitBytes?: number | undefined;
  readonly workerFolder: URL;
  /** How long a backend that is told to cancel may take before its thread is ended. Default 2 s. */
  readonly patienceMs?: number | undefined;
}

const pageBytes = 65_536;
const defaultMemoryBytes = 512 * 1024 * 1024;

/** Two threads share two words of 32 bits. */
const controlBytes = 8;

/** PostgreSQL drops a cancellation that comes between two messages, so it is repeated. */
const interruptEveryMs = 5;

interface Step {
  readonly take: ((frames: Uint8Array) => void) | undefined;
  resolve(answer: StepAnswer): void;
  reject(error: StripeSqlError): void;
}

/** One PostgreSQL in a thread of its own. It does one step at a time. */
export class PostgresThread {
  readonly #worker: Worker;
  readonly #control: Int32Array;
  readonly #patienceMs: number;
  readonly memoryLimitBytes: number;
  readonly #whenReady: Promise<void>;
  #flags: { readonly memory: WebAssembly.Memory; readonly addresses: readonly number[] } | undefined;
  #step: Step | undefined;
  #memoryBytes = 0;
  #end: string | undefined;
  #settleReady: { resolve(): void; reject(error: StripeSqlError): void } | undefined;

  constructor({ compiled, snapshot, memoryLimitBytes, workerFolder, patienceMs = 2000 }: PostgresThreadOptions) {
    this.#patienceMs = patienceMs;
    this.memoryLimitBytes = memoryLimitBytes ?? defaultMemoryBytes;
    this.#control = new Int32Array(new SharedArrayBuffer(controlBytes));
    const start: WorkerStart = {
      module: compiled.module,
      initialPages: compiled.initialPages,
      maximumPages: Math.max(compiled.initialPages, Math.ceil(this.memoryLimitBytes / pageBytes)),
      snapshot,
      control: this.#control,
    };
    this.#whenReady = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#whenReady.catch(() => undefined);
    this.#worker = startThread(new URL("worker/start-worker.js", workerFolder), start);
    this.#worker.on("message", (message: MessageFromWorker) => this.#receive(message));
    this.#worker.on("error", (error) => this.#break(error.message));
    this.#worker.on("exit", (status) => this.#break(`its thread ended with status ${status}`));
  }

  /** Settles once it takes steps; fails where it never will. */
  ready(): Promise<void> {
    return this.#whenReady;
  }

  /** True once it takes no step any more. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** What the backend's memory has grown to; it never shrinks. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /**
   * Has the backend answer messages. Of those answers that are to be given on, `take` is told in pieces of whole frames;
   * each is to be acknowledged by `taken`.
   */
  run(message: MessageToWorker, take?: (frames: Uint8Array) => void): Promise<StepAnswer> {
    if (this.#end !== undefined) return Promise.reject(endedError(this.#end));
    if (this.#step !== undefined) throw new RangeError("a step is under way");
    Atomics.store(this.#control, ControlWord.stop, 0);
    return new Promise((resolve, reject) => {
      this.#step = { take, resolve, reject };
      this.#worker.postMessage(message);
    });
  }

  taken(): void {
    Atomics.add(this.#control, ControlWord.taken, 1);
    Atomics.notify(this.#control, ControlWord.taken);
  }

  /**
   * Cancels the step under way: PostgreSQL answers 57014 as soon as it looks. One that does not look, within a regular
   * expression or asleep, loses its thread.
   */
  async cancel(): Promise<void> {
    const step = this.#step;
    if (step === undefined) return;
    Atomics.store(this.#control, ControlWord.stop, 1);
    Atomics.notify(this.#control, ControlWord.taken);
    const isOver = () => this.#step !== step;
    for (let waitedMs = 0; !isOver(); waitedMs += interruptEveryMs) {
      this.#raiseFlags();
      if (waitedMs >= this.#patienceMs) return this.end("a canceled statement did not end");
      await new Promise((resolve) => setTimeout(resolve, interruptEveryMs));
    }
  }

  #raiseFlags(): void {
    if (this.#flags === undefined) return;
    const words = new Int32Array(this.#flags.memory.buffer);
    for (const address of this.#flags.addresses) Atomics.store(words, address >> 2, 1);
  }

  /** Ends the thread, and the step under way with it. */
  async end(reason: string): Promise<void> {
    this.#break(reason);
    await this.#worker.terminate();
  }

  #receive(message: MessageFromWorker): void {
    if (this.#end !== undefined) return;
    switch (message.kind) {
      case "ready":
        this.#flags = {
          memory: message.memory,
          addresses: [message.queryCancelPending, message.interruptPending],
        };
        this.#settleReady?.resolve();
        break;
      case "frames":
        this.#step?.take?.(message.frames);
        break;
      case "done":
        this.#memoryBytes = message.memoryBytes;
        this.#settle((step) => step.resolve(message.answer));
        break;
      case "broken":
        if (message.isTooDeep) this.#settle((step) => step.reject(tooDeepError()));
        this.#break(message.reason);
        break;
    }
  }

  #settle(settle: (step: Step) => void): void {
    const step = this.#step;
    this.#step = undefined;
    if (step !== undefined) settle(step);
  }

  #break(reason: string): void {
    this.#end ??= reason;
    // Hundreds of megabytes, which are free as soon as nothing here holds them.
    this.#flags = undefined;
    this.#settleReady?.reject(endedError(this.#end));
    this.#settle((step) => step.reject(endedError(reason)));
  }
}

function endedError(reason: string): StripeSqlError {
  return new StripeSqlError("the PostgreSQL engine ended while it ran the statement", {
    sqlState: SqlState.adminShutdown,
    phase: "execute",
    detail: reason,
    retryable: true,
  });
}

/** What PostgreSQL says where it notices by itself. */
function tooDeepError(): StripeSqlError {
  return new StripeSqlError("stack depth limit exceeded", {
    sqlState: SqlState.programLimitExceeded,
    phase: "execute",
    hint: "The statement is nested too deeply.",
  });
}
