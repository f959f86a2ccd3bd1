import type { Connection, QueryOptions } from "../driver/api.js";
import { reportError } from "./report-error.js";
import type { ResultTarget } from "./result-target.js";
import { runStatement } from "./run-statement.js";
import { OutputClosed } from "./text-sink.js";

export interface ScriptStreams {
  readonly target: ResultTarget;
  readonly errors: NodeJS.WritableStream;
}

/**
 * Runs scripts one after the other; the first failure ends them. True where all succeeded, or where nobody
 * reads the output any more.
 */
export async function runScripts(
  connection: Connection,
  scripts: readonly string[],
  { target, errors }: ScriptStreams,
  options: QueryOptions,
): Promise<boolean> {
  let text: string | undefined;
  try {
    for (const script of scripts) {
      text = script;
      for await (const statement of connection.script(script, options)) {
        const summary = await runStatement(statement, target, errors);
        // A write that failed in part has rows to keep, but nothing may follow it.
        if (summary.error !== undefined) return await keep(target, false);
      }
    }
    return await keep(target, true);
  } catch (error) {
    await target.discard();
    if (error instanceof OutputClosed || options.signal?.reason instanceof OutputClosed) return true;
    reportError(error, errors, text);
    return false;
  }
}

async function keep(target: ResultTarget, succeeded: boolean): Promise<boolean> {
  await target.close();
  return succeeded;
}
