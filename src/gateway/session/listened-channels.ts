interface Change {
  /** Undefined for `UNLISTEN *`. */
  readonly channel: string | undefined;
  readonly isListened: boolean;
}

/**
 * The channels that a client listens to, as it can see by pg_listening_channels(): nobody sends on them. Like anything else
 * that is said in a transaction, LISTEN and UNLISTEN hold once it is committed.
 */
export class ListenedChannels {
  #committed: readonly string[] = [];
  #changes: readonly Change[] = [];

  get all(): readonly string[] {
    return this.#committed;
  }

  /** Of a savepoint: what is said from now on goes with it. */
  get said(): number {
    return this.#changes.length;
  }

  listen(channel: string): void {
    this.#changes = [...this.#changes, { channel, isListened: true }];
  }

  /** @param channel Undefined for all. */
  unlisten(channel: string | undefined): void {
    this.#changes = [...this.#changes, { channel, isListened: false }];
  }

  /** Forgets what was said after so much. */
  rollback(said = 0): void {
    this.#changes = this.#changes.slice(0, said);
  }

  commit(): void {
    for (const { channel, isListened } of this.#changes) {
      const others = channel === undefined ? [] : this.#committed.filter((one) => one !== channel);
      this.#committed = isListened && channel !== undefined ? [...others, channel] : others;
    }
    this.#changes = [];
  }
}
