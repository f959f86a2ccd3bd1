import { setTimeout as wait } from "node:timers/promises";
import { CommandMistake } from "./command-mistake.js";
import { isWrite } from "./is-write.js";
import type { Shell } from "./shell.js";

export interface Watch {
  readonly seconds: number;
  /** Runs, all of them. */
  readonly count: number;
}

/** A longer pause than a timer takes. */
const mostSeconds = 1_000_000;

/** "5", "i=5", "c=3", as psql has them. */
export function parseWatch(words: readonly string[]): Watch {
  let watch: Watch = { seconds: 2, count: Number.POSITIVE_INFINITY };
  for (const word of words) {
    const [, name = "i", value = ""] = /^(?:(i|interval|c|count)=)?([\d.]+);?$/.exec(word) ?? [];
    const number = value === "" ? Number.NaN : Number(value);
    if (name.startsWith("i") && number >= 0 && number <= mostSeconds) watch = { ...watch, seconds: number };
    else if (name.startsWith("c") && Number.isInteger(number) && number > 0) watch = { ...watch, count: number };
    else throw new CommandMistake(`\\watch takes seconds and c=TIMES, not "${word}"`);
  }
  return watch;
}

/** Runs a statement again and again until Ctrl-C, a failure, or the last time, and says what it takes of Stripe. */
export async function watchQuery(text: string, { seconds, count }: Watch, shell: Shell): Promise<boolean> {
  const { session } = shell;
  if (isWrite(text)) throw new CommandMistake("\\watch runs statements that only read", "A write is sent once.");
  const stopped = new AbortController();
  let requests = 0;
  let run = 0;
  while (!stopped.signal.aborted && run < count) {
    run += 1;
    if (run > 1 && !(await pause(seconds, stopped, shell))) break;
    shell.say(
      `${clockText(new Date())} (run ${run}${Number.isFinite(count) ? ` of ${count}` : `, every ${seconds} s`})`,
    );
    const summary = await session.run(shell.variables.interpolate(text));
    if (summary === undefined) return false;
    requests += summary.requests;
    shell.say(`This run took ${requestCount(summary.requests)}, all so far ${requestCount(requests)}.\n`);
  }
  return true;
}

/** False where Ctrl-C ended it. */
async function pause(seconds: number, stopped: AbortController, { session }: Shell): Promise<boolean> {
  session.whileWaiting(() => stopped.abort());
  try {
    await wait(seconds * 1_000, undefined, { signal: stopped.signal });
    return true;
  } catch {
    return false;
  } finally {
    session.whileWaiting(undefined);
  }
}

function requestCount(count: number): string {
  return count === 1 ? "1 request" : `${count} requests`;
}

/** "14:03:07", by this machine's clock. */
function clockText(time: Date): string {
  return time.toTimeString().slice(0, 8);
}
