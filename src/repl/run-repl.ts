import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../driver/api.js";
import { textFormats } from "../output/output-format.js";
import { appendHistory, historyPath, readHistory } from "./history-file.js";
import { Variables } from "./input/variables.js";
import { onEndRequest } from "./interrupt.js";
import type { QueryInvocation } from "./invocation.js";
import { Repl } from "./repl.js";
import { bannerText } from "./repl-text.js";
import { writeLines } from "./report-error.js";
import { configurationFolder, queriesFolder } from "./saved-queries/saved-queries.js";
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
  tellUnfinished(connection, streams.errors);
  const repl = new Repl(connection, streams, {
    format: textFormats.find((format) => format === invocation.format) ?? "table",
    history: history ?? [],
    onEntry: historyKeeper(path, streams.errors),
    variables: new Variables(invocation.variables),
    queriesFolder: queriesFolder(invocation.queriesFolder, process.env),
    environment: process.env,
  });
  if (invocation.readsRc) await runRcFile(repl);
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

/** A person's own settings: commands and statements, as they are typed. */
async function runRcFile(repl: Repl): Promise<void> {
  const path = join(configurationFolder(process.env), "rc");
  if (existsSync(path)) await repl.runFile(readFileSync(path, "utf8"), path);
}

/** The latest few are enough to be reminded of. */
const toldWrites = 5;

/** Writes that were cut off; that they cannot be read keeps nobody from working. */
function tellUnfinished(connection: Connection, errors: NodeJS.WritableStream): void {
  try {
    const { unfinishedWrites: texts } = connection.describe();
    const more = texts.length - toldWrites;
    const rest = more > 0 ? [`NOTICE:  and ${more} more; SHOW WRITES lists them`] : [];
    writeLines(errors, [...texts.slice(0, toldWrites).map((text) => `NOTICE:  ${text}`), ...rest]);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    writeLines(errors, [`NOTICE:  the journal of writes cannot be read: ${error.message}`]);
  }
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
