import type { Connection, QueryOptions } from "../driver/api.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { reportError, writeLines } from "./report-error.js";
import type { ResultTarget } from "./result-target.js";
import { runStatement } from "./run-statement.js";
import { OutputClosed } from "./text-sink.js";
import { isOneStatement, unrunLines } from "./unrun-statements.js";

export interface ScriptStreams {
  readonly target: ResultTarget;
  readonly errors: NodeJS.WritableStream;
}

/**
 * Runs scripts one after the other; the first failure ends them, and what was not run is told. True where all
 * succeeded, or where nobody reads the output of the last statement any more.
 */
export async function runScripts(
  connection: Connection,
  scripts: readonly string[],
  { target, errors }: ScriptStreams,
  options: QueryOptions,
): Promise<boolean> {
  let text: string | undefined;
  let begun = 0;
  const tellUnrun = (): boolean => {
    const lines = unrunLines(scripts, begun);
    writeLines(errors, lines);
    return lines.length > 0;
  };
  try {
    for (const script of scripts) {
      text = script;
      for await (const statement of connection.script(script, options)) {
        begun += 1;
        const summary = await runStatement(statement, target, errors);
        if (summary.error === undefined) continue;
        // A write that failed in part has rows to keep, but nothing may follow it.
        tellUnrun();
        await target.close();
        return false;
      }
    }
    await target.close();
    return true;
  } catch (error) {
    await target.discard();
    const failure = outputFailure(error, options.signal);
    if (failure instanceof OutputClosed) return !tellUnrun();
    reportError(failure, errors, text);
    const isUnread = failure instanceof StripeSqlError && failure.phase === "syntax" && isOneStatement(scripts);
    if (!isUnread) tellUnrun();
    return false;
  }
}

/** Where the output failed, the statement was canceled for it: that is no more than a consequence. */
function outputFailure(error: unknown, signal: AbortSignal | undefined): unknown {
  const reason: unknown = signal?.aborted === true ? signal.reason : undefined;
  return reason instanceof Error && reason.name !== "AbortError" ? reason : error;
}
