import type { ResultSummary, Row } from "../driver/api.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { parseScript } from "../syntax/parse-script.js";
import type { CallOptions, ExecuteSqlQueryOutput } from "./connector.js";
import { entityFields } from "./entity-fields.js";
import type { CheckedSqlQueryInput } from "./input-schemas.js";
import { rejectPartialWrite } from "./partial-write.js";
import { queryParameter } from "./query-parameter.js";

/** Runs one statement. Where there are more rows than asked for, no further page is read and the output says so. */
export async function executeSqlQuery(
  input: CheckedSqlQueryInput,
  { connection }: OpenedConnection,
  { signal, ...options }: CallOptions,
): Promise<ExecuteSqlQueryOutput> {
  rejectSetting(input.query);
  const timeout = AbortSignal.timeout(input.timeout * 1000);
  const parameters = input.queryParameters.map(queryParameter);
  const stream = connection.stream(input.query, parameters.length === 0 ? undefined : parameters, {
    ...options,
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  });
  const rows: Row[] = [];
  let isCut = false;
  try {
    for await (const row of stream) {
      isCut = rows.length === input.maxRows;
      if (isCut) break;
      rows.push(row);
    }
    const summary = await stream.summary();
    rejectPartialWrite(summary);
    return { results: rows.map(entityFields), metadata: metadata(summary, isCut) };
  } catch (error) {
    throw timeout.aborted && signal?.aborted !== true ? timedOut(input.timeout) : error;
  }
}

/** A session is all callers', so none may change it. */
function rejectSetting(query: string): void {
  if (!/\b(RE)?SET\b/i.test(query)) return;
  const statement = parseScript(query).find(({ kind }) => kind === "set" || kind === "reset");
  if (statement === undefined) return;
  throw new StripeSqlError(`${statement.kind.toUpperCase()} is not supported here`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    position: statement.offset,
    detail: "A setting would hold for every caller of the connection.",
    hint: "Give the connection the property TimeZone, or write AT TIME ZONE.",
  });
}

const writes: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE"]);

function metadata(
  { command, rowCount, notices, requests }: ResultSummary,
  isCut: boolean,
): ExecuteSqlQueryOutput["metadata"] {
  return {
    ...(isCut ? { truncated: true as const } : {}),
    ...(writes.has(command) ? { affectedRows: rowCount } : {}),
    ...(notices.length === 0 ? {} : { notices }),
    requests,
  };
}

function timedOut(seconds: number): StripeSqlError {
  return new StripeSqlError("canceling statement due to statement timeout", {
    sqlState: SqlState.queryCanceled,
    phase: "execute",
    detail: `It did not end within ${seconds} seconds.`,
    hint: "Narrow the query, or give it a longer timeout.",
  });
}
