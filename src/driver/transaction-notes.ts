type Notice = (text: string) => void;

/**
 * What was written between BEGIN and its end. Stripe has no transactions and none is faked: a write runs
 * at once, and ROLLBACK can but name what it leaves behind.
 */
export class TransactionNotes {
  #open = false;
  #written: string[] = [];

  begin(notice: Notice = () => undefined): void {
    if (this.#open) notice("there is already a transaction in progress");
    this.#open = true;
  }

  /** How many writes were noted since BEGIN. */
  get count(): number {
    return this.#written.length;
  }

  /** Those after the first so many. */
  since(count: number): readonly string[] {
    return this.#written.slice(count);
  }

  commit(notice: Notice): void {
    if (!this.#open) notice("there is no transaction in progress");
    this.end();
  }

  rollback(notice: Notice): void {
    if (!this.#open) notice("there is no transaction in progress");
    if (this.#written.length > 0) notice(`Stripe cannot roll back; already written: ${this.#written.join("; ")}`);
    this.end();
  }

  written(command: string, ids: readonly string[], notice: Notice): void {
    if (!this.#open) return;
    if (ids.length > 0 || command.startsWith("EXECUTE"))
      this.#written.push([command, ids.join(", ")].filter((part) => part !== "").join(": "));
    notice("Stripe has no transactions: this write took effect at once and ROLLBACK will not undo it");
  }

  /** What was noted is forgotten. */
  end(): void {
    this.#open = false;
    this.#written = [];
  }
}
