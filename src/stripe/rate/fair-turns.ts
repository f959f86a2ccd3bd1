/** One who waits for its turn. */
interface Waiting {
  readonly serve: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A line in which statements take turns: one that asks for a page waits for a request of each of the others, not for all
 * that a long scan asks for. Within a statement the first to ask goes first. One is served at a time.
 */
export class FairTurns {
  /** By statement, that whose turn is next first. */
  readonly #waiting = new Map<object, Waiting[]>();
  #isServing = false;

  /** Settles as `serve` does once its turn has come, or rejects with the signal's reason as soon as it is aborted. */
  wait(statement: object, serve: () => Promise<void>, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = () => {
        this.#remove(statement, waiting);
        reject(signal.reason);
      };
      const done = (settle: () => void) => {
        signal.removeEventListener("abort", leave);
        settle();
      };
      const waiting: Waiting = {
        serve,
        resolve: () => done(resolve),
        reject: (reason) => done(() => reject(reason)),
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.set(statement, [...(this.#waiting.get(statement) ?? []), waiting]);
      void this.#serveAll();
    });
  }

  get isEmpty(): boolean {
    return !this.#isServing && this.#waiting.size === 0;
  }

  /** Never rejects: who waits is told. */
  async #serveAll(): Promise<void> {
    if (this.#isServing) return;
    this.#isServing = true;
    for (let next = this.#next(); next !== undefined; next = this.#next())
      await next.serve().then(next.resolve, next.reject);
    this.#isServing = false;
  }

  /** Of the statement whose turn it is, which then is the last of those that wait. */
  #next(): Waiting | undefined {
    const [turn] = this.#waiting;
    if (turn === undefined) return undefined;
    const [statement, [first, ...rest]] = turn;
    this.#waiting.delete(statement);
    if (rest.length > 0) this.#waiting.set(statement, rest);
    return first;
  }

  #remove(statement: object, gone: Waiting): void {
    const rest = (this.#waiting.get(statement) ?? []).filter((waiting) => waiting !== gone);
    if (rest.length > 0) this.#waiting.set(statement, rest);
    else this.#waiting.delete(statement);
  }
}
