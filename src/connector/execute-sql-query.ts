import type { ResultSummary, Row, SqlValue } from "../driver/api.js";
import type { OpenedConnection } from "../driver/open-connection.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { CallOptions, ExecuteSqlQueryOutput } from "./connector.js";
import { entityFields } from "./entity-fields.js";
import type { CheckedSqlQueryInput } from "./input-schemas.js";
import { rejectPartialWrite } from "./partial-write.js";

/** Runs one statement. Where there are more rows than asked for, no further page is read and the output says so. */
export async function executeSqlQuery(
  input: CheckedSqlQueryInput,
  { connection }: OpenedConnection,
  { signal, ...options }: CallOptions,
): Promise<ExecuteSqlQueryOutput> {
  const timeout = AbortSignal.timeout(input.timeout * 1000);
  const parameters = input.queryParameters.map(parameterValue);
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
    return { results: rows.map(entityFields), ...metadata(summary, isCut) };
  } catch (error) {
    throw timeout.aborted && signal?.aborted !== true ? timedOut(input.timeout) : error;
  }
}

const writes: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE"]);

function metadata(
  { command, rowCount, notices }: ResultSummary,
  isCut: boolean,
): Pick<ExecuteSqlQueryOutput, "metadata"> {
  const facts = {
    ...(isCut ? { truncated: true as const } : {}),
    ...(writes.has(command) ? { affectedRows: rowCount } : {}),
    ...(notices.length === 0 ? {} : { notices }),
  };
  return Object.keys(facts).length === 0 ? {} : { metadata: facts };
}

function timedOut(seconds: number): StripeSqlError {
  return new StripeSqlError("canceling statement due to statement timeout", {
    sqlState: SqlState.queryCanceled,
    phase: "execute",
    detail: `It did not end within ${seconds} seconds.`,
    hint: "Narrow the query, or give it a longer timeout.",
  });
}

/** Values come as texts; their type says what they are. */
function parameterValue({ dataType = "VARCHAR", value }: CheckedSqlQueryInput["queryParameters"][number]): SqlValue {
  if (value === null) return null;
  const read = readers[dataType.trim().toUpperCase()];
  if (read === undefined) throw unknownType(dataType);
  const parsed = read(value);
  if (parsed === undefined) throw unfitValue(dataType, value);
  return parsed;
}

type ReadParameter = (text: string) => SqlValue | undefined;

const text: ReadParameter = (value) => value;
const whole: ReadParameter = (value) => {
  if (!/^\s*[+-]?\d{1,19}\s*$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
};
const real: ReadParameter = (value) => {
  return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : undefined;
};
const truth: ReadParameter = (value) => {
  const word = value.trim().toLowerCase();
  return word === "true" || word === "false" ? word === "true" : undefined;
};
const moment: ReadParameter = (value) => {
  const seconds = /^\s*\d{1,11}\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(seconds) ? undefined : new Date(seconds);
};
const structure: ReadParameter = (value) => {
  try {
    return JSON.parse(value) as SqlValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** By the data types of the connectors' API. */
const readers: Readonly<Record<string, ReadParameter>> = {
  VARCHAR: text,
  CHAR: text,
  LONGVARCHAR: text,
  NVARCHAR: text,
  NCHAR: text,
  STRING: text,
  UUID: text,
  DECIMAL: text,
  NUMERIC: text,
  DATE: text,
  TIME: text,
  BIGINT: whole,
  INTEGER: whole,
  SMALLINT: whole,
  TINYINT: whole,
  INT: whole,
  LONG: whole,
  DOUBLE: real,
  FLOAT: real,
  REAL: real,
  BOOLEAN: truth,
  BIT: truth,
  TIMESTAMP: moment,
  TIMESTAMP_WITH_TIMEZONE: moment,
  DATETIME: moment,
  STRUCT: structure,
  ARRAY: structure,
  JSON: structure,
};

function unknownType(dataType: string): StripeSqlError {
  return new StripeSqlError(`unknown data type "${dataType}" of a query parameter`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: `It is one of ${Object.keys(readers).join(", ")}.`,
  });
}

function unfitValue(dataType: string, value: string): StripeSqlError {
  return new StripeSqlError(`invalid value for a query parameter of type ${dataType}: '${value}'`, {
    sqlState: SqlState.invalidTextRepresentation,
    phase: "plan",
  });
}
