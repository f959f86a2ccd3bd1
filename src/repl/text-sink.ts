/** Where a result's text goes. */
export interface TextSink {
  /** Resolves once more text may come; rejects with `OutputClosed` where nobody reads any more. */
  write(text: string): Promise<void>;
  /** Hands on what was written so far. */
  flush(): Promise<void>;
  /** All text is where it belongs. */
  close(): Promise<void>;
  /** The statement failed: what was written so far is given up where it can be. */
  discard(): Promise<void>;
}

/** The reader of the output has gone (`| head`): no failure, but nothing more to do. */
export class OutputClosed extends Error {
  constructor() {
    super("output closed");
    this.name = "OutputClosed";
  }
}
