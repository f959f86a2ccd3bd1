/** Pieces of frames on their way from the thread to whoever reads them. */
export class FrameQueue {
  readonly #pieces: Uint8Array[] = [];
  #isEnded = false;
  #wake: (() => void) | undefined;

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#wake?.();
  }

  /** No further piece comes. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The next piece; undefined behind the last. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.#pieces.length === 0 && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#pieces.shift();
  }
}
