import type { Connection } from "../driver/api.js";
import { textFormats } from "../output/output-format.js";
import { Interpreter } from "./input/interpreter.js";
import type { Variables } from "./input/variables.js";
import { onInterrupt } from "./interrupt.js";
import type { QueryInvocation } from "./invocation.js";
import type { Script } from "./read-scripts.js";
import type { Person } from "./repl-session.js";
import { ReplSession } from "./repl-session.js";
import { writeLines } from "./report-error.js";
import { queriesFolder } from "./saved-queries/saved-queries.js";
import type { StandardStreams } from "./standard-streams.js";
import { unrunLines } from "./unrun-statements.js";

export interface ScriptSurroundings {
  readonly invocation: QueryInvocation;
  readonly streams: StandardStreams;
  readonly variables: Variables;
}

/**
 * Runs scripts in which backslash commands stand, as the REPL runs what is typed; the first failure ends them. The
 * answer is the exit status. A file of `-o` is there whole, or not at all.
 */
export async function runCommandScripts(
  connection: Connection,
  scripts: readonly Script[],
  { invocation, streams, variables }: ScriptSurroundings,
): Promise<number> {
  const format = textFormats.find((one) => one === invocation.format);
  if (format === undefined || invocation.chart !== undefined) {
    tellStatementsAlone(invocation, streams.errors);
    return 2;
  }
  let stop = (): void => {};
  const nobody: Person = {
    ...(invocation.agreesToWrites && { ask: async () => "yes" }),
    whileRunning: (onStop) => {
      stop = onStop ?? (() => interpreter.leave());
    },
    lendTerminal: () => () => {},
  };
  let isOutputClosed = false;
  const session = new ReplSession(connection, streams, nobody, {
    ...{ format, environment: process.env, isColored: false },
    onOutputClosed: () => {
      isOutputClosed = true;
    },
  });
  // Nobody turns the pages of a script.
  session.output.pager = "off";
  const interpreter = new Interpreter(session, {
    ...{ variables, environment: process.env, history: () => [], lendTerminal: () => () => {} },
    queriesFolder: queriesFolder(invocation.queriesFolder, process.env),
  });
  const removeInterrupt = onInterrupt(() => stop());
  try {
    if (invocation.outputFile !== undefined) await session.output.redirect(invocation.outputFile);
    for (const [index, { text, path }] of scripts.entries()) {
      if (interpreter.isLeaving) break;
      if (await interpreter.runScript(text, path)) continue;
      const unrun = scripts.slice(index + 1).map((script) => script.text);
      if (!isOutputClosed) writeLines(streams.errors, unrunLines(unrun, 0));
      await session.output.discard();
      return isOutputClosed ? 0 : 1;
    }
    await session.output.redirect(undefined);
    return 0;
  } finally {
    removeInterrupt();
  }
}

function tellStatementsAlone({ chart, format }: QueryInvocation, errors: NodeJS.WritableStream): void {
  writeLines(errors, [
    `ERROR:  ${chart === undefined ? `--format ${format}` : "--plot"} goes with statements alone`,
    "HINT:  In a script with backslash commands: \\copy (SELECT …) TO 'file.parquet', or \\plot.",
  ]);
}
