import type { ProcessIdentity } from "../process-identity.js";
import type { Settlement } from "./kept-write.js";
import type { KeptWrites } from "./kept-writes.js";

/** Calls that one commit lets out: the first few soon, then more at once. */
const firstWindow = 8;
const largestWindow = 64;
/** How often its owner says that it is there. */
const beatMs = 1_000;
/** Without a word of its owner for so long a write is another's to take. */
export const silenceMs = 10_000;
/** Without having said so for so long its owner asks first whether it still is. */
const sureMs = silenceMs / 2;

/** Of the places to be sent, those that the first commit lets out. */
export function firstPlaces(places: readonly number[]): readonly number[] {
  return places.slice(0, firstWindow);
}

/**
 * A write that this process is at. A call may be sent once it is known as sent on the disk, which is so of many by one
 * commit; what became of calls goes along with the next one, and may be lost with the process: such a call is then one
 * that may have been sent, which is true.
 */
export class OpenWrite {
  readonly #writes: KeptWrites;
  readonly #owner: ProcessIdentity;
  readonly #waiting: Set<number>;
  readonly #settled: Settlement[] = [];
  readonly #beats: NodeJS.Timeout;
  #window = firstWindow;
  #sureSince = clockMs();
  #isLost = false;

  /** @param waiting The places of calls that no commit has let out yet, in their order. */
  constructor(
    readonly id: string,
    writes: KeptWrites,
    { owner, waiting }: { readonly owner: ProcessIdentity; readonly waiting: readonly number[] },
  ) {
    this.#writes = writes;
    this.#owner = owner;
    this.#waiting = new Set(waiting);
    this.#beats = setInterval(() => this.#beat(), beatMs).unref();
  }

  /** When it returns, the call may be sent. Throws where that cannot be kept, or somebody else is at the write. */
  letOut(place: number): void {
    const isWaiting = this.#waiting.has(place);
    if (!isWaiting && !this.#isLost && clockMs() - this.#sureSince < sureMs) return;
    const out = isWaiting ? [place, ...this.#nextAfter(place)] : [];
    this.#advance(out);
    for (const one of out) this.#waiting.delete(one);
    this.#window = Math.min(2 * this.#window, largestWindow);
  }

  /** What is settled without having been let out is not let out any more. */
  settle(settlement: Settlement): void {
    if (settlement.state !== "planned") this.#waiting.delete(settlement.place);
    this.#settled.push(settlement);
  }

  /** Keeps the rest, and lets go of the write. Throws where that cannot be kept. */
  end(): void {
    clearInterval(this.#beats);
    if (this.#settled.length > 0) this.#advance([]);
    this.#writes.release(this.id, this.#owner);
  }

  #nextAfter(place: number): readonly number[] {
    const next: number[] = [];
    for (const other of this.#waiting) {
      if (next.length + 1 >= this.#window) break;
      if (other !== place) next.push(other);
    }
    return next;
  }

  /** What fails here is met again by the next call, which is then not sent. */
  #beat(): void {
    try {
      this.#advance([]);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#sureSince = Number.NEGATIVE_INFINITY;
    }
  }

  #advance(sent: readonly number[]): void {
    const asked = clockMs();
    this.#isLost ||= !this.#writes.advance(this.id, this.#owner, { sent, settled: this.#settled });
    if (this.#isLost) throw new LostWrite(this.id);
    this.#sureSince = asked;
    this.#settled.length = 0;
  }
}

/** Another process has taken the write over. */
class LostWrite extends Error {
  constructor(id: string) {
    super(`another process goes on with write ${id}`);
    this.name = "LostWrite";
  }
}

/** The wall's clock goes on while the machine sleeps, but may be set back; this one never goes back. */
function clockMs(): number {
  return Math.max(Date.now(), performance.timeOrigin + performance.now());
}
