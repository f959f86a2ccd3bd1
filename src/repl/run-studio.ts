import type { StudioQueries } from "../studio/server/studio-queries.js";
import { nextInterrupt } from "./interrupt.js";
import type { StudioInvocation } from "./invocation.js";
import { isBadProperty } from "./is-bad-property.js";
import { reportError, writeLines } from "./report-error.js";
import {
  queriesFolder,
  readSavedQuery,
  removeSavedQuery,
  savedNames,
  saveQuery,
} from "./saved-queries/saved-queries.js";
import type { StandardStreams } from "./standard-streams.js";

/** `stripe-sql studio`: serves the page until Ctrl-C or a request to end. The answer is the exit status. */
export async function runStudio(
  { connection: properties, overrides, port, queriesFolder: told, writes }: StudioInvocation,
  { output, errors }: StandardStreams,
): Promise<number> {
  try {
    const { connect } = await import("../driver/connect.js");
    const connection = await connect(properties, overrides);
    try {
      const { openStudio } = await import("../studio/open-studio.js");
      const folder = queriesFolder(told, process.env);
      const queries = studioQueries(folder);
      const studio = await openStudio({ connection, isReadOnly: !writes, queries, folder, port });
      const interrupted = nextInterrupt();
      writeLines(output, [
        `Studio on the ${connection.describe().mode} account${writes ? "" : ", read-only"}: ${studio.url}`,
        "Whoever has this address may use it. Ctrl-C stops it.",
      ]);
      await interrupted;
      await studio.close();
      return 0;
    } finally {
      await connection.close();
    }
  } catch (error) {
    reportError(error, errors);
    return isBadProperty(error) ? 2 : 1;
  }
}

/** The REPL's saved queries, as the page asks for them. */
export function studioQueries(folder: string): StudioQueries {
  return {
    names: () => savedNames(folder),
    read: (name) => readSavedQuery(folder, name),
    write: (name, sql) => saveQuery(folder, name, sql.trim().replace(/;$/, "")),
    remove: (name) => removeSavedQuery(folder, name),
  };
}
