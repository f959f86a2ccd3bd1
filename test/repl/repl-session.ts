import { stripVTControlCharacters } from "node:util";
import { Variables } from "../../src/repl/input/variables.js";
import { Repl } from "../../src/repl/repl.js";
import type { CollectedStreams } from "./collected-stream.js";
import { collectedStreams } from "./collected-stream.js";
import type { FakeResult } from "./fake-connection.js";
import { FakeConnection } from "./fake-connection.js";

export interface Session {
  readonly output: string;
  readonly errors: string;
  readonly statements: readonly string[];
  readonly entries: readonly string[];
}

export interface SessionOptions {
  readonly results: Readonly<Record<string, FakeResult>>;
  readonly mode?: "test" | "live";
  readonly environment?: NodeJS.ProcessEnv;
  readonly history?: readonly string[];
  readonly queriesFolder?: string;
}

/** A REPL on streams; `ended` tells what it has said and run by then. */
export function startRepl(streams: CollectedStreams, options: SessionOptions) {
  const { results, mode = "test", environment = { NO_COLOR: "1" }, history = ["SELECT 0;"] } = options;
  const connection = new FakeConnection(results, mode);
  const entries: string[] = [];
  const repl = new Repl(connection, streams, {
    format: "table",
    history,
    onEntry: (entry) => void entries.push(entry),
    variables: new Variables(),
    queriesFolder: options.queriesFolder ?? "/nowhere",
    environment,
  });
  const ended = repl.run().then(
    (): Session => ({
      output: stripVTControlCharacters(streams.output.text),
      errors: streams.errors.text,
      statements: connection.statements,
      entries,
    }),
  );
  return { ended, connection };
}

/** A session of lines that are piped in. */
export async function pipedSession(lines: readonly string[], options: SessionOptions): Promise<Session> {
  const streams = collectedStreams();
  streams.input.end(lines.map((line) => `${line}\n`).join(""));
  return startRepl(streams, options).ended;
}
