/** What a reader of the log hardly notices, and spares a write for every line but the first of it. */
const gatheredMs = 10;

/** Lines on their way to a stream, several in one write: under load, each write wakes whoever reads them. */
export class GatheredLines {
  readonly #stream: NodeJS.WritableStream;
  #lines = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  write(line: string): void {
    this.#lines += line;
    this.#timer ??= setTimeout(() => this.flush(), gatheredMs);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = "";
    if (lines !== "") this.#stream.write(lines);
  }
}
