import type { Connection } from "../driver/api.js";
import { isFileFormat } from "../output/output-format.js";
import { FileSink } from "./file-sink.js";
import { holdsCommand } from "./input/read-input.js";
import { Variables } from "./input/variables.js";
import { onInterrupt } from "./interrupt.js";
import type { QueryInvocation } from "./invocation.js";
import { isBadProperty } from "./is-bad-property.js";
import { isStandardOutput } from "./output-file.js";
import { ProgressLine } from "./progress-line.js";
import type { Script } from "./read-scripts.js";
import { readScripts } from "./read-scripts.js";
import { reportError, writeLines } from "./report-error.js";
import type { ResultTarget } from "./result-target.js";
import { resultFileTarget, textTarget } from "./result-target.js";
import { runScripts } from "./run-scripts.js";
import { showsColors } from "./shows-colors.js";
import type { StandardStreams } from "./standard-streams.js";
import { StreamSink } from "./stream-sink.js";

/** Runs `-c`, `-f`, standard input or the REPL. The answer is the exit status: 0, 1 for a failed statement, 2 for bad options. */
export async function runQuery(invocation: QueryInvocation, streams: StandardStreams): Promise<number> {
  const isInteractive = invocation.scripts === undefined && streams.input.isTTY === true;
  if (isInteractive && (invocation.chart !== undefined || isFileFormat(invocation.format))) {
    const option = invocation.chart === undefined ? `--format ${invocation.format}` : "--plot";
    writeLines(streams.errors, [
      `ERROR:  ${option} goes with statements, of -c, -f or standard input`,
      "HINT:  In the REPL: \\plot, or \\copy (SELECT …) TO 'file.xlsx'.",
    ]);
    return 2;
  }
  let scripts: readonly Script[];
  let connection: Connection;
  try {
    const sources = invocation.scripts ?? [{ kind: "file", path: "-" }];
    scripts = isInteractive ? [] : await readScripts(sources, streams.input);
    const { connect } = await import("../driver/connect.js");
    connection = await connect(invocation.connection, invocation.overrides);
  } catch (error) {
    reportError(error, streams.errors);
    return isBadProperty(error) ? 2 : 1;
  }
  try {
    if (!isInteractive) return await runNonInteractively(connection, scripts, invocation, streams);
    const { runRepl } = await import("./run-repl.js");
    return await runRepl(connection, invocation, streams);
  } finally {
    await connection.close();
  }
}

async function runNonInteractively(
  connection: Connection,
  scripts: readonly Script[],
  invocation: QueryInvocation,
  streams: StandardStreams,
): Promise<number> {
  const cancel = new AbortController();
  const removeInterrupt = onInterrupt(() => cancel.abort());
  const progress = new ProgressLine(streams.errors);
  try {
    const variables = new Variables(invocation.variables);
    if (scripts.some(({ text }) => holdsCommand(text))) {
      const { runCommandScripts } = await import("./run-command-scripts.js");
      return await runCommandScripts(connection, scripts, { invocation, streams, variables });
    }
    const target = await openTarget(invocation, streams, { progress, cancel });
    const succeeded = await runScripts(
      connection,
      scripts.map(({ text }) => variables.interpolate(text)),
      { target, errors: streams.errors },
      {
        signal: cancel.signal,
        ...(invocation.agreesToWrites && { confirmWrite: async () => true }),
        ...(streams.errors.isTTY === true && { onProgress: (state) => progress.show(state) }),
      },
    );
    return succeeded ? 0 : 1;
  } catch (error) {
    reportError(error, streams.errors);
    return 1;
  } finally {
    progress.erase();
    removeInterrupt();
  }
}

interface TargetEvents {
  readonly progress: ProgressLine;
  readonly cancel: AbortController;
}

async function openTarget(
  { format, outputFile, chart }: QueryInvocation,
  { output }: StandardStreams,
  { progress, cancel }: TargetEvents,
): Promise<ResultTarget> {
  if (isFileFormat(format)) return resultFileTarget(outputFile ?? "-", { format, standardOutput: output, chart });
  const isFile = outputFile !== undefined && !isStandardOutput(outputFile);
  const sink = isFile
    ? await FileSink.open(outputFile)
    : new StreamSink(output, {
        onClosed: (failure) => cancel.abort(failure),
        beforeWrite: () => progress.erase(),
      });
  const width = !isFile && output.isTTY === true ? (output.columns ?? 80) : undefined;
  if (chart !== undefined) {
    const { plotTarget } = await import("./plot/plot-target.js");
    const isColored = !isFile && showsColors(output, process.env);
    return plotTarget(chart, sink, () => ({ width: width ?? 80, isColored }));
  }
  return textTarget(sink, format, () => ({ width, expanded: isFile ? "off" : "auto" }));
}
