import type { ServeOptions, Server, ServerLog } from "../connector/serve.js";
import type { ServedDefinition } from "../connector/served-definition.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { isLoopbackHost } from "../stripe/is-loopback.js";
import type { ServeInvocation } from "./command-line.js";
import { GatheredLines } from "./gathered-lines.js";
import { nextInterrupt } from "./interrupt.js";
import { isBadProperty } from "./is-bad-property.js";
import { reportError, writeLines } from "./report-error.js";
import type { ServeToken } from "./serve-token.js";
import { readServeToken } from "./serve-token.js";
import type { StandardStreams } from "./standard-streams.js";

/** Stand-ins for parts of a server. */
export type ServeParts = Pick<ServeOptions, "openHttpApi" | "nodeModule">;

/**
 * `stripe-sql serve`: serves connections until Ctrl-C or a request to end, then lets what runs finish; a second Ctrl-C
 * ends at once. The answer is the exit status.
 */
export async function runServe(
  invocation: ServeInvocation,
  { output, errors }: StandardStreams,
  parts: ServeParts = {},
): Promise<number> {
  const lines = new GatheredLines(errors);
  try {
    const token = readServeToken(invocation.tokenFile, process.env);
    requireOwnToken(invocation.host, token);
    const connections = await readDefinitions(invocation.files);
    const log = await openServerLog(lines);
    const { serve } = await import("../connector/serve.js");
    const { host, port } = invocation;
    const server = await serve({ ...parts, connections, host, port, token: token.text, log });
    const interrupted = nextInterrupt();
    writeLines(output, greeting(server, connections, token));
    await interrupted;
    writeLines(output, ["Finishing what runs. Ctrl-C again ends at once."]);
    await server.close();
    return 0;
  } catch (error) {
    lines.flush();
    reportError(error, errors);
    return isBadProperty(error) ? 2 : 1;
  } finally {
    lines.flush();
  }
}

/** What anyone on the network may try must not be kept by a token that was shown on a screen and is gone tomorrow. */
function requireOwnToken(host: string, token: ServeToken): void {
  if (token.isGiven || isLoopbackHost(host)) return;
  throw new StripeSqlError(`serving on ${host} needs a token`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "connect",
    detail: "Others than this machine's programs could connect.",
    hint: "Give --token-file or STRIPE_SQL_TOKEN, or serve on 127.0.0.1.",
  });
}

async function readDefinitions(files: readonly string[]): Promise<readonly ServedDefinition[]> {
  if (files.length === 0) return [defaultConnection(process.env)];
  const { readConnectionFile } = await import("../driver/connection-file/read-connection-file.js");
  return (await Promise.all(files.map(readConnectionFile))).flat();
}

/** On the account whose key the environment holds, else on the sandbox. */
function defaultConnection(environment: NodeJS.ProcessEnv): ServedDefinition {
  const hasKey = (environment["STRIPE_API_KEY"] ?? "").trim() !== "";
  return {
    name: "default",
    nodes: { minimum: 2, maximum: 50 },
    transactionsPerSecondPerNode: 6,
    options: hasKey ? {} : { sandbox: true },
  };
}

/** Lines of JSON: requests, and what happens to nodes. */
async function openServerLog(lines: GatheredLines): Promise<ServerLog> {
  const { pino } = await import("pino");
  const log: ServerLog = pino({ name: "stripe-sql", base: { pid: process.pid } }, lines);
  return log;
}

function greeting({ url }: Server, connections: readonly ServedDefinition[], token: ServeToken): readonly string[] {
  const served = connections.filter(({ suspended }) => suspended !== true);
  const [first] = served;
  const path = `/v2/projects/my-project/locations/${first?.location ?? "global"}/connections/${first?.name}`;
  return [
    `Serving ${served.map(({ name }) => name).join(", ")} on ${url}`,
    ...(token.isGiven ? [] : [`Token, for as long as this runs: ${token.text}`]),
    `  curl -H "Authorization: Bearer $TOKEN" ${url}${path}:checkStatus`,
    "Ctrl-C stops it.",
  ];
}
