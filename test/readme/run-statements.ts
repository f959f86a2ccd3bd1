import type { Connection } from "../../src/driver/api.js";
import { textTarget } from "../../src/repl/result-target.js";
import { runScripts } from "../../src/repl/run-scripts.js";
import { StreamSink } from "../../src/repl/stream-sink.js";
import { CollectedStream } from "../repl/collected-stream.js";

export interface ExampleRun {
  readonly succeeded: boolean;
  /** Results and messages as a terminal shows them, without blanks at the ends of lines. */
  readonly output: string;
}

/** Runs a script as the command line does, on a connection that is already open. */
export async function runStatements(connection: Connection, script: string): Promise<ExampleRun> {
  const stream = new CollectedStream();
  const sink = new StreamSink(stream, { onClosed: () => {}, beforeWrite: () => {} });
  const target = textTarget(sink, "table", () => ({ width: undefined, expanded: "off" }));
  const succeeded = await runScripts(connection, [script], { target, errors: stream }, {});
  return { succeeded, output: trimLines(stream.text) };
}

export function trimLines(text: string): string {
  return text.replace(/[ \r]+$/gm, "");
}
