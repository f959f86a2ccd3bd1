/**
 * Work of one run that goes on side by side. The first failure is the run's: it is known from the moment it happens,
 * whoever waits for the task at the time, and the others are told to stop. No rejection is ever left to nobody, which
 * would end the process.
 */
export class TaskGroup {
  readonly #stop: () => void;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** @param stop Called with each failure: has the other tasks end as soon as they can. */
  constructor(stop: () => void) {
    this.#stop = stop;
  }

  /** Takes a task into the group that is waited for later, or by nobody. What it gives never rejects: `together` tells. */
  begin(task: Promise<void>): Promise<void> {
    const settled = task
      .catch((error: unknown) => {
        this.#failure ??= { error };
        this.#stop();
      })
      .finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
    return settled;
  }

  /** Settles when all of these have: with the group's first failure, where there was one. */
  async together(tasks: readonly Promise<void>[]): Promise<void> {
    await Promise.all(tasks.map((task) => this.begin(task)));
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Settles once nothing of the group is under way, however it ended. */
  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}
