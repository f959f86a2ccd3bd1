/** So that the SDK's timeout and a proxy's, which tell what was waited for and whether anything was sent, come first. */
const graceMs = 1000;

/** The code that Node gives a connection that took too long. */
const timedOut = "ETIMEDOUT";

/**
 * The time within which an answer has to be there, to its last byte: the timeout and a second. The SDK's own timeout starts anew with every byte
 * that comes, so that a server which sends one now and then would be waited for without end.
 */
export class AnswerDeadline {
  readonly #expired: Promise<never>;
  #expire: (reason: Error) => void = () => {};
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.#expired = new Promise<never>((_, reject) => {
      this.#expire = reject;
    });
    // Whoever waits hears of it; nobody has to.
    this.#expired.catch(() => undefined);
    this.#timer = setTimeout(() => {
      this.#expire(Object.assign(new Error(`The answer took more than ${timeoutMs} ms`), { code: timedOut }));
    }, timeoutMs + graceMs);
  }

  /** Settles as the work does, or fails once the time is over. */
  within<Value>(work: Promise<Value>): Promise<Value> {
    return Promise.race([work, this.#expired]);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
