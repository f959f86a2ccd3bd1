import { totalmem } from "node:os";

const megabyte = 1024 * 1024;

export interface MemoryGuardOptions {
  /** What tables, sorts and joins may hold: "1GB". Default 80 % of the machine's. */
  readonly memoryLimit: string | undefined;
  /** Given where the process is the engine's own: called where what runs cannot be stopped, or what it held is not given back. */
  readonly onExhausted: (() => void) | undefined;
  /** Stops what runs. */
  readonly onExceeded: () => void;
  /** Bytes of the process in memory. Default the system's own count. */
  readonly residentBytes?: () => number;
}

/** For texts and lists in the making, and for this program. */
const spareBytes = 512 * megabyte;

/** Over the limit, what runs is stopped; so much further the process ends. */
const lastBytes = 1024 * megabyte;

/** How long what was stopped may take to end. */
const patienceMs = 10_000;

const lookEveryMs = 25;

/**
 * DuckDB's own limit counts tables, sorts and joins. Texts and lists that its functions make are outside of it:
 * `repeat('x', 1000000000)` takes what the machine has. So the memory of the process is watched while the engine works.
 */
export class MemoryGuard {
  readonly #options: MemoryGuardOptions;
  readonly #residentBytes: () => number;
  readonly #limitBytes: number;
  #atWork = 0;
  #looking: NodeJS.Timeout | undefined;
  /** Another's process may have grown by itself: there it is the growth while the engine works that counts. */
  #startBytes = 0;
  #exceededAtMs: number | undefined;

  constructor(options: MemoryGuardOptions) {
    this.#options = options;
    this.#residentBytes = options.residentBytes ?? process.memoryUsage.rss;
    const engineBytes = options.memoryLimit === undefined ? totalmem() / 2 : limitBytes(options.memoryLimit);
    this.#limitBytes = engineBytes * 1.5 + spareBytes;
  }

  /** Watches as long as the work takes. */
  async during<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#atWork += 1;
    if (this.#atWork === 1) this.#begin();
    try {
      return await work();
    } finally {
      this.#atWork -= 1;
      if (this.#atWork === 0) clearInterval(this.#looking);
    }
  }

  #begin(): void {
    if (this.#options.onExhausted === undefined) this.#startBytes = this.#residentBytes();
    this.#looking = setInterval(() => this.look(performance.now()), lookEveryMs);
  }

  look(nowMs: number): void {
    const { onExceeded, onExhausted } = this.#options;
    const excess = this.#residentBytes() - this.#startBytes - this.#limitBytes;
    if (excess <= 0) {
      this.#exceededAtMs = undefined;
      return;
    }
    this.#exceededAtMs ??= nowMs;
    onExceeded();
    if (excess > lastBytes || nowMs - this.#exceededAtMs > patienceMs) onExhausted?.();
  }
}

const units: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4 };

/** Bytes of a property's text: "512MB" by thousands, "1GiB" by 1024. */
export function limitBytes(limit: string): number {
  const [, amount = "", unit = "", binary] = /^([\d.]+) ?([KMGT])(i?)B$/i.exec(limit) ?? [];
  return Number(amount) * (binary === "i" ? 1024 : 1000) ** (units[unit.toUpperCase()] ?? 0);
}
