import { setTimeout as wait } from "node:timers/promises";
import type { DuckdbEngine } from "../execute/duckdb/duckdb-engine.js";

/** An engine that is at work may leave a question unanswered for longer: it is no worse for that. */
const busyMs = 2000;

/**
 * Has the local engine run a statement, outside of the turns that long ones take. One that has switched itself off is
 * replaced by that; fails where the next does not answer either.
 */
export async function probeEngine(engine: () => Promise<DuckdbEngine>): Promise<void> {
  const late = new AbortController();
  const answered = askTwice(engine);
  try {
    await Promise.race([answered, wait(busyMs, undefined, { signal: late.signal }).catch(() => undefined)]);
  } finally {
    // What comes too late is nobody's matter.
    answered.catch(() => undefined);
    late.abort();
  }
}

async function askTwice(engine: () => Promise<DuckdbEngine>): Promise<void> {
  const first = await engine();
  try {
    await first.ask();
  } catch (error) {
    if (!first.hasEnded) throw error;
    await (await engine()).ask();
  }
}
