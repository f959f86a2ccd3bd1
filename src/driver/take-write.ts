import { setTimeout as wait } from "node:timers/promises";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { ProcessIdentity } from "../store/process-identity.js";
import type { KeptWrites, Taking } from "../store/writes/kept-writes.js";
import { silenceMs } from "../store/writes/open-write.js";
import { canceledError } from "../stripe/canceled-error.js";

const lookMs = 250;

/**
 * Makes a kept write this process's to go on with. Whoever is at it already is told by its signs of life, and by its
 * end where it is a process of this machine; one of which nothing else is known is waited for. Fails with 55P03 where
 * somebody is at it.
 */
export async function takeWrite(
  writes: KeptWrites,
  id: string,
  { owner, signal }: { readonly owner: ProcessIdentity; readonly signal: AbortSignal },
): Promise<void> {
  const first = writes.take(id, owner);
  if (!isHeld(first, id)) return;
  for (let waitedMs = 0; waitedMs < silenceMs; waitedMs += lookMs) {
    await wait(lookMs, undefined, { signal }).catch(() => {
      throw canceledError(signal);
    });
    const taking = writes.take(id, owner);
    if (!isHeld(taking, id)) return;
    if (taking.beats !== first.beats) throw held(id, taking.owner);
  }
  const last = writes.take(id, owner, first.beats);
  if (isHeld(last, id)) throw held(id, last.owner);
}

function isHeld(taking: Taking, id: string): taking is Extract<Taking, { kind: "held" }> {
  if (taking.kind === "forgotten") throw noSuchWrite(id);
  return taking.kind === "held";
}

function held(id: string, { host, pid }: ProcessIdentity): StripeSqlError {
  return new StripeSqlError(`write "${id}" is under way`, {
    sqlState: SqlState.lockNotAvailable,
    phase: "execute",
    detail: `Process ${pid} of ${host.split(" ")[0]} is at it.`,
    hint: "Wait for its end; SHOW WRITES tells how far it is.",
  });
}

/** No write of that name is kept. */
export function noSuchWrite(id: string, detail?: string): StripeSqlError {
  return new StripeSqlError(`write "${id}" does not exist`, {
    sqlState: SqlState.undefinedObject,
    phase: "execute",
    detail,
    hint: "SHOW WRITES lists those that are kept: of two calls or more, for 45 days.",
  });
}
