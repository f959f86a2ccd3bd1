import { checkDefinition } from "../driver/check-connection.js";
import type { ConnectionDefinition } from "../driver/connection-file/connection-definition.js";
import { readConnectionFile } from "../driver/connection-file/read-connection-file.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { onInterrupt } from "./interrupt.js";
import type { CheckInvocation } from "./invocation.js";
import { reportError, writeLines } from "./report-error.js";
import type { StandardStreams } from "./standard-streams.js";

interface FoundConnection {
  readonly file: string;
  readonly definition: ConnectionDefinition;
}

/** What is said of one connection; under these names with `--format json`. */
interface CheckedConnection {
  readonly file: string;
  readonly name: string;
  readonly location: string | null;
  readonly readiness: "READY" | "NOT_READY";
  readonly status: { readonly state: "ACTIVE" | "ERROR" | "AUTH_ERROR"; readonly description: string };
}

/**
 * `stripe-sql connection check FILE...`. The answer is the exit status: 0, 1 where a connection is not ACTIVE, 2 where
 * a file has mistakes; the connections of the other files are checked all the same.
 */
export async function checkConnections(
  { files, format }: CheckInvocation,
  { output, errors }: StandardStreams,
): Promise<number> {
  const cancel = new AbortController();
  const removeInterrupt = onInterrupt(() => cancel.abort());
  try {
    const { found, hasMistakes } = await readFiles(files, errors);
    const checked: CheckedConnection[] = [];
    for (const connection of found) {
      const one = await check(connection, cancel.signal);
      checked.push(one);
      if (format === "text") writeLines(output, textLines(one));
    }
    if (format === "json") output.write(`${JSON.stringify(checked, null, 2)}\n`);
    if (hasMistakes) return 2;
    return checked.every(({ status }) => status.state === "ACTIVE") ? 0 : 1;
  } catch (error) {
    reportError(error, errors);
    return 1;
  } finally {
    removeInterrupt();
  }
}

async function readFiles(
  files: readonly string[],
  errors: NodeJS.WritableStream,
): Promise<{ readonly found: readonly FoundConnection[]; readonly hasMistakes: boolean }> {
  const found: FoundConnection[] = [];
  let hasMistakes = false;
  for (const file of files) {
    try {
      for (const definition of await readConnectionFile(file)) found.push({ file, definition });
    } catch (error) {
      if (!(error instanceof StripeSqlError)) throw error;
      reportError(error, errors);
      hasMistakes = true;
    }
  }
  return { found, hasMistakes };
}

async function check({ file, definition }: FoundConnection, signal: AbortSignal): Promise<CheckedConnection> {
  const { name, location = null } = definition;
  const status = await checkDefinition(definition, { signal });
  return { file, name, location, readiness: status.state === "ACTIVE" ? "READY" : "NOT_READY", status };
}

function textLines({ file, name, location, readiness, status }: CheckedConnection): readonly string[] {
  return [
    `${name}${location === null ? "" : ` in ${location}`} (${file})`,
    `  Readiness  ${readiness}`,
    `  Status     ${status.state}`,
    `             ${status.description}`,
  ];
}
