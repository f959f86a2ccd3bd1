import type { StatementStream } from "../../../driver/statement-stream.js";
import { BackendWriter } from "../../../protocol/backend-writer.js";
import { formatAt } from "../../../protocol/format-code.js";
import type { DataType } from "../../../value/data-type.js";
import type { TimeZone } from "../../../value/time-zone.js";
import type { DataRows } from "../../session/data-rows.js";
import type { RunContext } from "../../session/session-backend.js";
import type { DuckdbStatement } from "../../session/session-statement.js";
import type { StatementResult } from "../../session/statement-result.js";
import { movedError } from "../moved-error.js";
import { endStream } from "../result-rows.js";
import type { CopyWriter } from "./copy-writer.js";
import { copyWriter } from "./copy-writer.js";
import { fieldEncoder, resultChanged, resultField } from "./result-field.js";

interface StreamedStatement {
  readonly statement: DuckdbStatement;
  readonly stream: StatementStream;
  readonly zone: TimeZone;
  readonly context: Pick<RunContext, "described" | "resultFormats" | "notice">;
}

type WriteRows = CopyWriter["rows"];

/** A statement of the driver's as messages, its rows as they come. */
export async function duckdbResult(run: StreamedStatement): Promise<StatementResult> {
  const { statement, stream, zone, context } = run;
  const columns = await movingErrors(statement, () => stream.outputColumns());
  let written = 0;
  const onWritten = (count: number) => {
    written = count;
  };
  if (statement.copy !== undefined) {
    const writer = copyWriter(statement.copy, columns, zone);
    const rows = streamedRows(run, writer, onWritten);
    return { fields: undefined, isCopy: true, rows, tag: (count) => `COPY ${count}` };
  }
  const { described, resultFormats } = context;
  if (described !== undefined && described.length !== columns.length) throw resultChanged();
  const fields = columns.map((column, index) => ({
    ...(described?.[index] ?? resultField(column, "text")),
    format: formatAt(resultFormats, index),
  }));
  const encoders = fields.map((field, index) => fieldEncoder(columns[index]?.type ?? nothing, field, zone));
  const writer = new BackendWriter();
  const writeRows: WriteRows = (tuples) => {
    writer.dataRows(tuples, encoders);
    return writer.take();
  };
  return {
    fields: columns.length === 0 ? undefined : fields,
    rows: streamedRows(run, { rows: writeRows }, onWritten),
    tag: (count) => tagOf(statement.statement, count, written),
  };
}

const nothing: DataType = { kind: "SQLNULL" };

/** As PostgreSQL tags what it has; all else by the words that it begins with: "SHOW", "DROP VIEW". */
function tagOf({ kind, text }: DuckdbStatement["statement"], rows: number, written: number): string {
  switch (kind) {
    case "select":
      return `SELECT ${rows}`;
    case "insert":
      return `INSERT 0 ${written}`;
    case "update":
    case "delete":
      return `${kind.toUpperCase()} ${written}`;
    case "merge":
      return /^\s*MERGE\b/i.test(text) ? `MERGE ${written}` : `INSERT 0 ${written}`;
    case "execute":
      return "CALL";
    case "forget-rows":
      return "FORGET";
  }
  return kind.replace("-", " ").toUpperCase();
}

async function* streamedRows(
  { statement, stream, context }: StreamedStatement,
  writer: CopyWriter,
  onWritten: (count: number) => void,
): AsyncGenerator<DataRows> {
  try {
    if (writer.start !== undefined) yield { bytes: writer.start(), count: 0 };
    for await (const tuples of stream.tuples())
      if (tuples.length > 0) yield { bytes: writer.rows(tuples), count: tuples.length };
    onWritten(await endStream(stream, context.notice));
    if (writer.end !== undefined) yield { bytes: writer.end(), count: 0 };
  } catch (error) {
    throw movedError(error, statement.start);
  }
}

/** Positions of the statement's errors are in the script. */
export async function movingErrors<Value>({ start }: DuckdbStatement, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    throw movedError(error, start);
  }
}
