import { randomBytes, randomInt, timingSafeEqual } from "node:crypto";

/** What a client proves that it may cancel a session's statement. */
export interface CancelKey {
  readonly processId: number;
  /** 4 bytes in protocol 3.0, 32 from 3.2 on. */
  readonly secretKey: Uint8Array;
}

/** A key that is taken is one of a session that begins. */
interface Entry<Session> {
  readonly key: CancelKey;
  session: Session | undefined;
}

/** The sessions by their numbers, which are unique among those that are open. */
export class CancelKeys<Session> {
  readonly #sessions = new Map<number, Entry<Session>>();

  /** A key for a session that is not there yet. */
  take(minorVersion: number): CancelKey {
    let processId = randomInt(1, 2 ** 31 - 1);
    while (this.#sessions.has(processId)) processId = randomInt(1, 2 ** 31 - 1);
    const key = { processId, secretKey: randomBytes(minorVersion >= 2 ? 32 : 4) };
    this.#sessions.set(processId, { key, session: undefined });
    return key;
  }

  /** The session of a key that was taken. */
  set({ processId }: CancelKey, session: Session): void {
    const entry = this.#sessions.get(processId);
    if (entry !== undefined) entry.session = session;
  }

  delete({ processId }: CancelKey): void {
    this.#sessions.delete(processId);
  }

  /** The session of a number, for who needs no key. */
  ofProcess(processId: number): Session | undefined {
    return this.#sessions.get(processId)?.session;
  }

  /** The session of a key; undefined for any other. */
  find({ processId, secretKey }: CancelKey): Session | undefined {
    const found = this.#sessions.get(processId);
    if (found === undefined || found.key.secretKey.length !== secretKey.length) return undefined;
    return timingSafeEqual(found.key.secretKey, secretKey) ? found.session : undefined;
  }

  all(): readonly Session[] {
    return [...this.#sessions.values()].flatMap(({ session }) => session ?? []);
  }
}
