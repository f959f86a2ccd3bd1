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
    const kept = keptNotice(this.#written);
    if (kept !== undefined) notice(kept);
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

/** Writes that are named: their statements have named each already. */
const mostNamed = 10;

/** What ROLLBACK says of writes that it cannot undo, each as "INSERT Customer: cus_…"; undefined where there are none. */
export function keptNotice(written: readonly string[]): string | undefined {
  if (written.length === 0) return undefined;
  const more = written.length - mostNamed;
  const named = [...written.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])];
  return `Stripe cannot roll back; already written: ${named.join("; ")}`;
}
