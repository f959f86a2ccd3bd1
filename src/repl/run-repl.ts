import type { Connection } from "../driver/api.js";
import type { QueryInvocation } from "./command-line.js";
import { appendHistory, historyPath, readHistory } from "./history-file.js";
import { onEndRequest } from "./interrupt.js";
import { textFormats } from "./output-format.js";
import { Repl } from "./repl.js";
import { bannerText } from "./repl-text.js";
import { writeLines } from "./report-error.js";
import type { StandardStreams } from "./standard-streams.js";
import { packageVersion } from "./version.js";

/** The REPL on a terminal, with the history of earlier sessions. The answer is the exit status. */
export async function runRepl(
  connection: Connection,
  invocation: QueryInvocation,
  streams: StandardStreams,
): Promise<number> {
  const path = historyPath(process.env);
  const history = readHistory(path);
  streams.output.write(bannerText(packageVersion(), connection.describe(), history === undefined));
  const repl = new Repl(connection, streams, {
    format: textFormats.find((format) => format === invocation.format) ?? "table",
    history: history ?? [],
    onEntry: historyKeeper(path, streams.errors),
  });
  if (invocation.outputFile !== undefined) await repl.redirect(invocation.outputFile);
  let hasEnded = false;
  const removeEnd = onEndRequest(() => {
    hasEnded = true;
    repl.end();
  });
  await repl.run();
  removeEnd();
  return hasEnded ? 1 : 0;
}

/** A history that cannot be written is said once; the session goes on without. */
function historyKeeper(path: string, errors: NodeJS.WritableStream): (entry: string) => void {
  let isWritable = true;
  return (entry) => {
    if (!isWritable || entry === "") return;
    try {
      appendHistory(path, entry);
    } catch (error) {
      isWritable = false;
      const reason = error instanceof Error ? error.message : String(error);
      writeLines(errors, [`NOTICE:  the history is not kept: ${reason}`]);
    }
  };
}
