import { once } from "node:events";
import type { TextSink } from "./text-sink.js";
import { OutputClosed } from "./text-sink.js";

/** Text is handed on once a turn of the event loop, or when this much has come together. */
const batchLength = 65_536;

export interface StreamSinkEvents {
  /** Called as soon as nothing more can be written: with `OutputClosed` where the reader is gone, else with why. */
  readonly onClosed?: (failure: Error) => void;
  /** Called before text goes out: whatever else stands on the same terminal may move aside. */
  readonly beforeWrite?: () => void;
}

/**
 * Writes to a stream that stays open. Rows of one page go out in one write, and the first of them does not
 * wait for the next page.
 */
export class StreamSink implements TextSink {
  #pending = "";
  #isScheduled = false;
  #failure: Error | undefined;

  constructor(
    private readonly stream: NodeJS.WritableStream,
    private readonly events: StreamSinkEvents = {},
  ) {
    stream.on("error", (error) => this.#fail(error));
  }

  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length < batchLength) this.#schedule();
    else await this.#handOn();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves once the text has gone out: a full disk is told only then. */
  async flush(): Promise<void> {
    await this.#handOn();
    if (this.#failure === undefined) await this.#written();
    if (this.#failure !== undefined) throw this.#failure;
  }

  close(): Promise<void> {
    return this.flush();
  }

  discard(): Promise<void> {
    return this.#handOn();
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#failure !== undefined) return;
    this.#failure = error.code === "EPIPE" ? new OutputClosed() : error;
    this.events.onClosed?.(this.#failure);
  }

  #written(): Promise<void> {
    return new Promise((resolve) => {
      this.stream.write("", (error) => {
        if (error) this.#fail(error);
        resolve();
      });
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#handOn();
    });
  }

  async #handOn(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    if (text === "" || this.#failure !== undefined) return;
    this.events.beforeWrite?.();
    if (this.stream.write(text)) return;
    // "close" and "error" end the wait too: a reader that left never drains.
    const gone = new AbortController();
    await Promise.race(
      ["drain", "close", "error"].map((event) => once(this.stream, event, { signal: gone.signal }).catch(() => {})),
    );
    gone.abort();
  }
}
