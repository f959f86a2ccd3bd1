/** Something that is opened once, when first needed; a failure to open it is tried again the next time. */
export class Lazy<T> {
  readonly #create: () => Promise<T>;
  #opened: Promise<T> | undefined;

  constructor(create: () => Promise<T>) {
    this.#create = create;
  }

  open(): Promise<T> {
    this.#opened ??= this.#create().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  /** The opened thing, or undefined where nobody needed it, or it could not be opened: who needed it knows why. */
  async ifOpened(): Promise<T | undefined> {
    return this.#opened?.catch(() => undefined);
  }
}
