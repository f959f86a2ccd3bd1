import type { ResultSummary } from "../driver/api.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { parseScript } from "../syntax/parse-script.js";
import { requireWithinBounds } from "../syntax/text-bounds.js";
import { parameterCharacters, resultCharacters, sqlBounds } from "./bounds.js";
import type { CallOptions, ExecuteSqlQueryOutput } from "./connector.js";
import { entityFields } from "./entity-fields.js";
import type { CheckedSqlQueryInput } from "./input-schemas.js";
import { rejectPartialWrite } from "./partial-write.js";
import { queryParameter } from "./query-parameter.js";
import { rejectSessionStatement } from "./reject-session-statement.js";
import { ResultPage } from "./result-page.js";

/**
 * Runs one statement. Where there are more rows than asked for, or than an answer holds, no further page is read, the output says so, and has the
 * token of what follows, unless running the statement again would write again. 54000 for a text or a row beyond what
 * `bounds.ts` says.
 */
export async function executeSqlQuery(
  input: CheckedSqlQueryInput,
  { connection }: OpenedConnection,
  { signal, ...options }: CallOptions,
): Promise<ExecuteSqlQueryOutput> {
  requireWithinBounds(input.query, sqlBounds);
  requireFewCharacters(input.queryParameters);
  rejectSessionStatement(input.query);
  if (input.pageToken !== undefined) rejectPageOfWrite(input.query);
  const page = new ResultPage(input.maxRows, [input.query, input.queryParameters], input.pageToken);
  const timeout = AbortSignal.timeout(input.timeout * 1000);
  const parameters = input.queryParameters.map(queryParameter);
  const stream = connection.stream(input.query, parameters.length === 0 ? undefined : parameters, {
    ...options,
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  });
  let isCut = false;
  try {
    for await (const row of stream) {
      isCut = !page.take(entityFields(row));
      if (isCut) break;
    }
    page.requireSame();
    const summary = await stream.summary();
    rejectPartialWrite(summary);
    const nextPageToken = isCut && repeatable.has(summary.command) ? page.nextToken() : undefined;
    return { results: page.rows, metadata: metadata(summary, { isCut, isCutBySize: page.isCutBySize, nextPageToken }) };
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(error);
    throw timeout.aborted && signal?.aborted !== true ? timedOut(input.timeout) : error;
  }
}

/** Commands that change nothing by being run again. */
const repeatable: ReadonlySet<string> = new Set(["SELECT", "SHOW", "DESCRIBE", "EXPLAIN"]);

/** A token is no secret: what it comes with may be anything. */
function rejectPageOfWrite(query: string): void {
  const statement = parseScript(query).find(
    ({ kind }) => !repeatable.has(kind.toUpperCase()) && kind !== "show-setting",
  );
  if (statement === undefined) return;
  throw new StripeSqlError(`${statement.kind.toUpperCase()} has no further pages`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    position: statement.offset,
    detail: "It would be carried out again.",
    hint: "Take all rows at once by maxRows.",
  });
}

const writes: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE", "COPY"]);

interface Cut {
  readonly isCut: boolean;
  readonly isCutBySize: boolean;
  readonly nextPageToken: string | undefined;
}

function metadata(
  { command, rowCount, notices, requests }: ResultSummary,
  { isCut, isCutBySize, nextPageToken }: Cut,
): ExecuteSqlQueryOutput["metadata"] {
  const told = isCutBySize ? [...notices, cutNotice] : notices;
  return {
    ...(isCut ? { truncated: true as const } : {}),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    ...(writes.has(command) ? { affectedRows: rowCount } : {}),
    ...(told.length === 0 ? {} : { notices: told }),
    requests,
  };
}

const cutNotice = `the result was cut: an answer holds at most ${resultCharacters} characters`;

function requireFewCharacters(parameters: CheckedSqlQueryInput["queryParameters"]): void {
  const characters = parameters.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  if (characters <= parameterCharacters) return;
  throw new StripeSqlError("the values of the parameters are too long", {
    sqlState: SqlState.programLimitExceeded,
    phase: "plan",
    detail: `At most ${parameterCharacters} characters are taken.`,
  });
}

/** What reads and writes JSON goes as deep as it is nested. */
function tooDeep(cause: RangeError): StripeSqlError {
  return new StripeSqlError("a value is nested too deeply", {
    sqlState: SqlState.programLimitExceeded,
    phase: "execute",
    cause,
  });
}

function timedOut(seconds: number): StripeSqlError {
  return new StripeSqlError("canceling statement due to statement timeout", {
    sqlState: SqlState.queryCanceled,
    phase: "execute",
    detail: `It did not end within ${seconds} seconds.`,
    hint: "Narrow the query, or give it a longer timeout.",
  });
}
