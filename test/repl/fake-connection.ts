import type {
  Connection,
  ConnectionDescription,
  QueryOptions,
  Result,
  ResultColumn,
  ResultSummary,
  Row,
  RowStream,
  SqlValue,
  TextStyle,
} from "../../src/driver/api.js";
import { SqlState } from "../../src/error/sql-state.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import type { Cell } from "../../src/value/cell.js";
import { cellWriter } from "../../src/value/cell-text.js";
import type { DataType, ScalarKind } from "../../src/value/data-type.js";
import { dataType } from "../../src/value/data-type.js";
import { decimalToScaled } from "../../src/value/decimal.js";
import { utc } from "../../src/value/time-zone.js";

export interface FakeResult {
  readonly columns?: readonly ResultColumn[];
  /** An error among the rows is thrown in its place. */
  readonly rows?: readonly (Row | Error)[];
  readonly summary?: Partial<ResultSummary>;
  /** Ends only when the statement is cancelled. */
  readonly isEndless?: true;
  /** Objects that it asks to write. */
  readonly writes?: number;
}

/** Rows as a driver gives them. */
export function rowStream(result: FakeResult, options: QueryOptions = {}): RowStream {
  const { columns = [], rows = [], summary = {} } = result;
  let confirmed = true;
  let isRead = false;
  async function* texts(style: TextStyle): AsyncGenerator<readonly (string | null)[]> {
    const writers = columns.map(({ type }) => cellWriter(typeNamed(type), { style, zone: utc }));
    for await (const row of read())
      yield writers.map((write, index) => write(cellOf(row[columns[index]?.name ?? ""] ?? null, columns[index]?.type)));
  }
  async function* read(): AsyncGenerator<Row> {
    isRead = true;
    if (result.writes !== undefined) {
      const write = { command: "UPDATE Customer", objects: result.writes, live: true, mustBeConfirmed: true };
      confirmed = (await options.confirmWrite?.(write)) ?? true;
    }
    for (const row of rows) {
      if (row instanceof Error) throw row;
      yield row;
    }
    if (result.isEndless) await cancelled(options.signal);
  }
  return {
    [Symbol.asyncIterator]: read,
    columns: async () => columns,
    texts,
    requests: summary.requests ?? 0,
    summary: async () => {
      if (!isRead) for await (const _row of read());
      const base = {
        command: "SELECT",
        columns,
        requests: 1,
        elapsedMs: 12,
        notices: [],
        outcomes: [],
        error: undefined,
      };
      const declined = confirmed ? {} : { rowCount: 0, outcomes: [{ state: "not tried" as const, id: "cus_1" }] };
      return { ...base, rowCount: rows.length, ...summary, ...declined };
    },
  };
}

function typeNamed(name: string): DataType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(name);
  if (decimal !== null) return { kind: "DECIMAL", width: Number(decimal[1]), scale: Number(decimal[2]) };
  if (name === "DECIMAL" || name === "JSON") return dataType(name);
  return { kind: name.endsWith("[]") ? "VARIANT" : (name as ScalarKind) };
}

/** The cell that a driver's value came from. */
function cellOf(value: SqlValue, type: string | undefined): Cell {
  if (value instanceof Date) return value.getTime() * 1000;
  if (type?.startsWith("DECIMAL") && typeof value === "string") return decimalToScaled(value) ?? null;
  return value as Cell;
}

function cancelled(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () =>
      reject(
        new StripeSqlError("canceling statement due to user request", {
          sqlState: SqlState.queryCanceled,
          phase: "execute",
        }),
      );
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop);
  });
}

export const description: ConnectionDescription = {
  tables: ["Customer", "Charge", "Invoice", "InvoiceLineItem"],
  procedures: ["ConfirmPaymentIntent", "CancelPaymentIntent", "CancelQuote"],
  columns: (table) => (table === "Customer" ? ["Id", "Email", "Created"] : ["Id", "Amount", "Customer"]),
  parameters: (procedure) => (procedure === "CancelQuote" ? ["QuoteId", "Expand"] : ["PaymentIntentId", "ReturnUrl"]),
  mode: "test",
  apiBase: "https://api.stripe.com",
  unfinishedWrites: [],
};

/** Answers each statement by its text, and keeps what was asked. */
export class FakeConnection implements Connection {
  readonly statements: string[] = [];

  constructor(
    private readonly results: Readonly<Record<string, FakeResult>>,
    private readonly mode: ConnectionDescription["mode"] = "test",
  ) {}

  stream(sql: string, _parameters?: unknown, options?: QueryOptions): RowStream {
    this.statements.push(sql);
    const result = this.results[sql];
    if (result === undefined) {
      throw new StripeSqlError(`syntax error at or near "${sql.slice(0, 6)}"`, {
        sqlState: SqlState.syntaxError,
        phase: "syntax",
        position: 0,
      });
    }
    return rowStream(result, options);
  }

  async *script(
    sql: string,
    options?: QueryOptions,
  ): AsyncGenerator<{ readonly text: string; readonly rows: RowStream }> {
    for (const text of sql.split(";").map((part) => part.trim())) {
      if (text !== "") yield { text, rows: this.stream(text, undefined, options) };
    }
  }

  describe(): ConnectionDescription {
    return { ...description, mode: this.mode };
  }

  complete(text: string) {
    return { from: text.length, to: text.length, candidates: [], isPath: false };
  }

  async query(sql: string): Promise<Result> {
    const result = this.results[sql];
    if (result === undefined) throw new Error(`the fake connection has no answer to ${sql}`);
    const rows = (result.rows ?? []).flatMap((row) => (row instanceof Error ? [] : [row]));
    return { ...(await rowStream(result).summary()), rows };
  }

  describeStatement(): never {
    throw new Error("the command line describes no statement");
  }

  prepare(): never {
    throw new Error("the command line prepares nothing");
  }

  async close(): Promise<void> {}
}
