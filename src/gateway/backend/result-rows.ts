import type { StatementStream } from "../../driver/statement-stream.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { EngineSession } from "../../execute/engine/engine-session.js";
import type { OutputColumn, Tuple } from "../../execute/row-source.js";
import { rowMessages } from "../../execute/row-source.js";
import { BackendWriter } from "../../protocol/backend-writer.js";
import { decodeDataRow } from "../../protocol/decode-backend.js";
import { OutputBuffer } from "../../protocol/output-buffer.js";
import type { FieldDescription } from "../../protocol/row-description.js";
import type { TimeZone } from "../../value/time-zone.js";
import type { DataRows } from "../session/data-rows.js";
import type { RunContext } from "../session/session-backend.js";
import type { StatementResult } from "../session/statement-result.js";
import { cellEncoder } from "../types/encode-cell.js";
import { movedError } from "./moved-error.js";

interface StreamedStatement {
  readonly stream: StatementStream;
  readonly zone: TimeZone;
  /** The tag that PostgreSQL gave, once the rows have ended. */
  readonly own: { readonly tag: string | undefined };
  readonly fields: readonly FieldDescription[] | undefined;
  /** The places of the engine's fields that are the statement's; default all. */
  readonly shown?: readonly number[] | undefined;
  readonly isCopy: boolean;
  readonly kind: string;
  /** For each field the column that it is of, by its name; default the column of its place. */
  readonly sources?: readonly string[];
  readonly notice: RunContext["notice"];
}

/** A statement of the driver's as messages. */
export async function streamResult(run: StreamedStatement): Promise<StatementResult> {
  const { stream, fields, isCopy } = run;
  const columns = await stream.outputColumns();
  let written = 0;
  return {
    fields,
    isCopy,
    rows: streamedRows(run, columns, (count) => {
      written = count;
    }),
    tag: (rows) => (isCopy && run.own.tag !== undefined ? run.own.tag : tagOf(run.kind, rows, written)),
  };
}

function tagOf(kind: string, rows: number, written: number): string {
  switch (kind) {
    case "insert":
      return `INSERT 0 ${written}`;
    case "update":
    case "delete":
      return `${kind.toUpperCase()} ${written}`;
    case "explain":
      return "EXPLAIN";
    case "execute":
      return "CALL";
  }
  return `SELECT ${rows}`;
}

async function* streamedRows(
  { stream, zone, fields, shown, notice, sources }: StreamedStatement,
  columns: readonly OutputColumn[],
  onWritten: (count: number) => void,
): AsyncGenerator<DataRows> {
  const encode =
    columns === rowMessages
      ? (tuples: readonly Tuple[]) => joined(tuples, shown)
      : sources === undefined
        ? encoder(columns, { fields: fields ?? [], zone })
        : pickingEncoder(columns, sources, { fields: fields ?? [], zone });
  for await (const tuples of stream.tuples()) if (tuples.length > 0) yield encode(tuples);
  onWritten(await endStream(stream, notice));
}

/** Tells what a statement has to say once its rows have ended, and how many objects it wrote. Fails where some failed. */
export async function endStream(stream: StatementStream, notice: RunContext["notice"]): Promise<number> {
  const { notices, outcomes, error } = await stream.summary();
  for (const message of notices) notice({ message, severity: "NOTICE" });
  if (error !== undefined) throw partlyWritten(error, outcomes);
  return outcomes.filter(({ state }) => state === "written").length;
}

type Outcomes = Awaited<ReturnType<StatementStream["summary"]>>["outcomes"];

/** What was written stands, whatever failed: the error says so. */
function partlyWritten(error: StripeSqlError, outcomes: Outcomes): StripeSqlError {
  const ids = outcomes.flatMap((outcome) => (outcome.state === "written" ? [outcome.id ?? "?"] : []));
  const failures = outcomes.flatMap((outcome) => (outcome.state === "failed" ? [outcome.error] : []));
  const doubted = failures.filter(({ stripe }) => stripe.inDoubt === true).length;
  const notTried = outcomes.length - ids.length - failures.length;
  const inDoubt = doubted === 0 ? "" : `, ${doubted} ${doubted === 1 ? "is" : "are"} in doubt`;
  const shown = ids.length > 20 ? `${ids.slice(0, 20).join(", ")} and ${ids.length - 20} more` : ids.join(", ");
  const counts = `${ids.length} of ${outcomes.length} objects were written: ${shown}; ${failures.length - doubted} failed${inDoubt}, ${notTried} were not tried.`;
  return error.with({ detail: [error.detail, counts].filter((part) => part !== undefined).join(" ") });
}

/** Tuples of one message each; of rows those fields alone that are shown. */
function joined(tuples: readonly Tuple[], shown?: readonly number[]): DataRows {
  const given = tuples.map(([message]) => message as Uint8Array);
  const messages = shown === undefined ? given : given.map((message) => pickFields(message, shown));
  const length = messages.reduce((sum, message) => sum + message.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  let count = 0;
  for (const message of messages) {
    bytes.set(message, at);
    at += message.length;
    if (isRow(message)) count += 1;
  }
  return { bytes, count };
}

const [dataRow, copyData] = ["D".charCodeAt(0), "d".charCodeAt(0)];
const isRow = (message: Uint8Array): boolean => message[0] === dataRow || message[0] === copyData;

/** A DataRow with some of its fields; any other message as it is. */
function pickFields(message: Uint8Array, places: readonly number[]): Uint8Array {
  if (message[0] !== dataRow) return message;
  const values = decodeDataRow(message.subarray(messageHead));
  const output = new OutputBuffer();
  output.message("D", () => {
    output.int16(places.length);
    for (const value of places.map((place) => values[place] ?? null)) {
      output.int32(value === null ? -1 : value.length);
      if (value !== null) output.bytes(value);
    }
  });
  return output.take();
}

/** A message's letter and length. */
const messageHead = 5;

/** A field without a column is NULL. */
function pickingEncoder(
  columns: readonly OutputColumn[],
  sources: readonly string[],
  written: { readonly fields: readonly FieldDescription[]; readonly zone: TimeZone },
): (tuples: readonly Tuple[]) => DataRows {
  const places = sources.map((source) => columns.findIndex(({ name }) => name === source));
  const nothing: OutputColumn = { name: "", type: { kind: "SQLNULL" } };
  const encode = encoder(
    places.map((place) => columns[place] ?? nothing),
    written,
  );
  return (tuples) => encode(tuples.map((tuple) => places.map((place) => tuple[place] ?? null)));
}

function encoder(
  columns: readonly OutputColumn[],
  { fields, zone }: { readonly fields: readonly FieldDescription[]; readonly zone: TimeZone },
): (tuples: readonly Tuple[]) => DataRows {
  if (columns.length !== fields.length) {
    throw new StripeSqlError(`the result has ${columns.length} columns where ${fields.length} were described`, {
      sqlState: SqlState.internalError,
      phase: "execute",
    });
  }
  const encoders = columns.map(({ type }, index) =>
    cellEncoder(type, { format: fields[index]?.format ?? "text", zone }),
  );
  const writer = new BackendWriter();
  return (tuples) => {
    writer.dataRows(tuples, encoders);
    return { bytes: writer.take(), count: tuples.length };
  };
}

interface EngineStatement extends Pick<StatementResult, "fields" | "tag"> {
  readonly text: string;
  /** Of the text, in the script. */
  readonly offset: number;
}

/** A text that the local PostgreSQL answers alone. */
export async function engineResult(
  workspace: EngineSession,
  { text, offset, fields, tag }: EngineStatement,
): Promise<StatementResult> {
  const { batches } = await workspace.run({ sql: text, parameters: [] });
  return { fields, rows: engineRows(batches, { workspace, offset }), tag };
}

async function* engineRows(
  batches: AsyncGenerator<readonly Tuple[]>,
  { workspace, offset }: { readonly workspace: EngineSession; readonly offset: number },
): AsyncGenerator<DataRows> {
  try {
    for await (const tuples of batches) yield joined(tuples);
  } catch (error) {
    throw movedError(error, offset);
  } finally {
    await workspace.close();
  }
}
