import type { Completion } from "../completion/complete.js";
import type { StripeSqlError } from "../error/stripe-sql-error.js";
import type { WriteOutcome } from "../execute/write/write-outcome.js";
import type { PlannerRule } from "../plan/planner-rule.js";
import type { TextStyle } from "../value/cell-text.js";
import type { DriverValue } from "../value/driver-value.js";
import type { SqlType } from "../value/sql-type.js";
import type { RecordedCall, WriteRecord } from "./write-record.js";

export type { Candidate, Completion } from "../completion/complete.js";
export type { WriteOutcome } from "../execute/write/write-outcome.js";
export type { TextStyle } from "../value/cell-text.js";
export type { RecordedCall, WriteRecord } from "./write-record.js";

/** A value that a parameter takes or a row holds. */
export type SqlValue = DriverValue;

/** Parameters by position (`?`, `$1`) or by name (`@name`, `:name`). */
export type Parameters = readonly SqlValue[] | { readonly [name: string]: SqlValue };

/**
 * Values by column name: BIGINT a number where it is safe, else a bigint; TIMESTAMPTZ a Date, which drops what is finer
 * than a millisecond; TIMESTAMP, which has no zone, and DATE their texts by ISO 8601; DECIMAL a string; JSON parsed, with
 * bigints for whole numbers past 2^53 and texts for fractions of more digits than a number has.
 */
export type Row = { readonly [column: string]: SqlValue };

export interface ResultColumn {
  /** Distinct among the result's columns: the heading, with a number behind it where another column has it. */
  readonly name: string;
  /** The column's heading, where that is not its name. */
  readonly heading?: string;
  /** One of the catalog's types, or another type of DuckDB's as it prints it ("DATE", "INTEGER", "VARCHAR[]"). */
  readonly type: SqlType | (string & {});
  /**
   * Of a column of amounts in minor units: the name of the column that holds each row's currency. Absent where no such
   * column is among the result's, or the column is computed.
   */
  readonly currency?: string;
}

export interface ResultSummary {
  /** "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "EXECUTE", "EXPLAIN", "SHOW", "DESCRIBE", "SET", "RESET", "FORGET", "BEGIN", "COMMIT", "ROLLBACK". */
  readonly command: string;
  readonly columns: readonly ResultColumn[];
  /** Rows returned, or objects written. */
  readonly rowCount: number;
  /** Requests sent to Stripe. */
  readonly requests: number;
  readonly elapsedMs: number;
  readonly notices: readonly string[];
  /** One for each object of a write, in the order of the statement; empty otherwise. */
  readonly outcomes: readonly WriteOutcome[];
  /**
   * The first failure of a write of which another part succeeded, RETURNING's where all was written; a write that failed
   * whole is thrown instead.
   */
  readonly error: StripeSqlError | undefined;
  /** What a write sent; absent where it sent nothing, and for a statement that only reads. */
  readonly write?: WriteSummary | undefined;
}

export interface WriteSummary {
  /** By which RESUME WRITE knows it; undefined where no journal is kept, as of a single call. */
  readonly id: string | undefined;
  /** In the order of the statement, those that found no object included. */
  readonly calls: readonly RecordedCall[];
}

export interface Result extends ResultSummary {
  readonly rows: readonly Row[];
}

/** Rows as they come, once. `columns` is known before the first row; `summary` once the rows have ended. */
export interface RowStream extends AsyncIterable<Row> {
  /**
   * The columns. Asked before the rows, this sends and writes nothing: the statement is only prepared, and runs once its
   * rows are asked for. One whose rows decide which columns there are (PIVOT without IN) runs at once.
   */
  columns(): Promise<readonly ResultColumn[]>;
  /**
   * The rows as texts, by position, instead of objects: nothing is rounded, and NULL is null. "sql": as PostgreSQL prints
   * values; "iso": the same with times by ISO 8601; "json": each as JSON, NULL too.
   */
  texts(style: TextStyle): AsyncIterable<readonly (string | null)[]>;
  summary(): Promise<ResultSummary>;
  /** Sent to Stripe so far, repeated attempts included; what a statement that failed has taken, too. */
  readonly requests: number;
}

/** State of a running statement, given at most every 100 ms. */
export interface Progress {
  readonly requests: number;
  readonly rows: number;
  /** Total estimated from the plan, where there is an estimate. */
  readonly estimatedRequests: number | undefined;
  readonly elapsedMs: number;
  /** The part of a month's least read allocation that the statement is expected to take, where it is a large one. */
  readonly readShare?: number | undefined;
}

export interface QueryOptions {
  /** Stops the statement: no further page is asked for, and it ends with SQLSTATE 57014. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Asked before a write is sent, with the number of objects that it touches; false cancels it. Without it, what the
   * connection's WriteMode wants confirmed is refused (25006).
   */
  readonly confirmWrite?: ((write: PendingWrite) => Promise<boolean>) | undefined;
  /** Told of a statement that sent a write, once it has ended, however it did: for an audit log. It must not throw. */
  readonly onWrite?: ((write: WriteRecord) => void) | undefined;
  /** Who asks, as the audit log names them. Default the system's user that the program runs as. */
  readonly caller?: string | undefined;
  /**
   * Stripe's idempotency key for the statement's write: one that is run again under the same key, because its answer
   * was lost, is carried out once. Of several objects each has its id, or its place, behind the key.
   * 1 to 200 printable ASCII characters. Default: a new key for each write.
   */
  readonly idempotencyKey?: string | undefined;
  /** Gives the rows of a procedure as Stripe's objects, each in the one column `_json`. Default false. */
  readonly wholeObjects?: boolean | undefined;
}

export interface PendingWrite {
  /** "UPDATE Customer", "EXEC CancelQuote". */
  readonly command: string;
  readonly objects: number;
  /** True where the key is a live one. */
  readonly live: boolean;
  /** True where the connection's WriteMode wants it confirmed: by whoever is asked, or not at all. */
  readonly mustBeConfirmed: boolean;
}

export interface PreparedStatement {
  /** Names of its parameters, in order. */
  readonly parameters: readonly string[];
  query(parameters?: Parameters, options?: QueryOptions): Promise<Result>;
  stream(parameters?: Parameters, options?: QueryOptions): RowStream;
}

/** What is known of a statement before it runs. */
export interface StatementDescription {
  /** Undefined where its rows decide which there are (PIVOT without IN). */
  readonly columns: readonly ResultColumn[] | undefined;
  readonly parameters: readonly ParameterDescription[];
}

export interface ParameterDescription {
  /** "1" for `?` and `$1`, else the name without its sigil. */
  readonly name: string;
  /** Undefined where neither its place nor what it is compared with tells. */
  readonly type: ResultColumn["type"] | undefined;
}

export interface Connection {
  /** Runs one statement and holds all of its rows. A script of several gives the last one's result. */
  query(sql: string, parameters?: Parameters, options?: QueryOptions): Promise<Result>;
  /** Runs one statement; rows are given as pages arrive. */
  stream(sql: string, parameters?: Parameters, options?: QueryOptions): RowStream;
  /** Runs each statement of a script in turn. The first failure ends it. */
  script(sql: string, options?: QueryOptions): AsyncIterable<{ readonly text: string; readonly rows: RowStream }>;
  prepare(sql: string): PreparedStatement;
  /**
   * Tells the columns and parameters of one statement, without values for them: nothing is sent and nothing written. A
   * column whose type depends on a parameter's has the type that NULL gives it.
   */
  describeStatement(sql: string): Promise<StatementDescription>;
  /** Names of tables, columns by table, and procedures; which account this is, and what is unfinished in it. */
  describe(): ConnectionDescription;
  /**
   * What the statement around a cursor may go on with: keywords, tables, columns, values, functions, inputs and join
   * conditions. The text may be cut short anywhere, and hold several statements; nothing is sent.
   *
   * @param cursor Offset in the text, default its end.
   */
  complete(text: string, cursor?: number): Completion;
  close(): Promise<void>;
}

export interface ConnectionDescription {
  readonly tables: readonly string[];
  readonly procedures: readonly string[];
  columns(table: string): readonly string[];
  parameters(procedure: string): readonly string[];
  /** "sandbox", "test" or "live"; "live" too while a key that is a secret has not been read. */
  readonly mode: "sandbox" | "test" | "live";
  /** "https://api.stripe.com" or the ApiBase in use. */
  readonly apiBase: string;
  /** The account's writes that were cut off, each as a sentence that says how to go on with it. */
  readonly unfinishedWrites: readonly string[];
}

/** "ERROR": failures; "WARN": also what went amiss on the way; "INFO": all that the verbosity tells; "DEBUG": requests at any verbosity. */
export type LogLevel = "ERROR" | "WARN" | "INFO" | "DEBUG";

/** A value that the environment holds when the connection is opened: `{ env: "STRIPE_KEY_EU" }`. */
export interface EnvironmentReference {
  readonly env: string;
}

/** Names are those of DESIGN's connection properties; a misspelt one is an error that names the nearest. */
export interface ConnectOptions {
  /** Stripe key, or "projects/P/secrets/S/versions/V" of Secret Manager; else the environment's STRIPE_API_KEY. */
  readonly apiKey?: string | EnvironmentReference | undefined;
  /** Account that every request acts as: one of Connect, or of the organization whose key it is. */
  readonly accountId?: string | undefined;
  /** Default "https://api.stripe.com". */
  readonly apiBase?: string | undefined;
  /** Default: the version that the Stripe SDK is pinned to. */
  readonly apiVersion?: string | undefined;
  /** True is the same as `writeMode: "read-only"`. */
  readonly readOnly?: boolean | undefined;
  /**
   * "confirm" has each write confirmed by `confirmWrite`, and refuses it without. Default "allow", but on a live key
   * "confirm" for writes of two calls or more.
   */
  readonly writeMode?: "read-only" | "confirm" | "allow" | undefined;
  /** Calls that one statement may write by; default unlimited. */
  readonly maxWrites?: number | undefined;
  /** File to which a line of JSON is appended for each call that writes; default none. */
  readonly auditLog?: string | undefined;
  /** Allows UPDATE and DELETE without WHERE. */
  readonly allowUnfilteredWrites?: boolean | undefined;
  /** False keeps no journal of writes of two calls or more, so that none of them can be resumed. Default true. */
  readonly journal?: boolean | undefined;
  /** Where Stripe's Search finds rows: "auto", the default, is where it saves more than 50 requests; then a notice says that its index lags. */
  readonly search?: "off" | "auto" | "always" | undefined;
  /** Requests one statement may send; default unlimited. */
  readonly maxRequests?: number | undefined;
  /** False leaves rows on test clocks out of a test account's tables, and saves the requests for them. Default true. */
  readonly testClocks?: boolean | undefined;
  /** Default 80 on a live key, 20 on a test key: under Stripe's own limits of 100 and 25. */
  readonly requestsPerSecond?: number | undefined;
  /**
   * Requests that one list, or one write, has under way at most, from 1 to 64. Default as many as the rate and the time of
   * an answer call for, 16 at most; 1 where the rate is unlimited.
   */
  readonly parallelRequests?: number | undefined;
  /** For one request, in seconds. Default 80. */
  readonly timeout?: number | undefined;
  /** True starts the embedded sandbox; an object also sets its size and seed. */
  readonly sandbox?:
    | boolean
    | { readonly customers?: number | undefined; readonly seed?: number | undefined }
    | undefined;
  /** Folder of the catalog's cache. Default $XDG_CACHE_HOME/stripe-sql. */
  readonly cachePath?: string | undefined;
  /** For how long rows are kept for later statements, in seconds or as "10 minutes". Default 0: not at all. */
  readonly cacheTtl?: number | string | undefined;
  /** "512MB": how much is kept at most. Default "1GB". */
  readonly cacheSize?: string | undefined;
  /** 1 to 5. Where it, `logFile` or `logLevel` is given, statements are logged as lines of JSON. */
  readonly verbosity?: number | undefined;
  /** Least severity of what is logged. Default "INFO". */
  readonly logLevel?: LogLevel | undefined;
  /** Default standard error. */
  readonly logFile?: string | undefined;
  /** Host and port of a Secret Manager; default Google's own. */
  readonly secretEndpoint?: string | undefined;
  /** True to speak to it without TLS and credentials. */
  readonly secretInsecure?: boolean | undefined;
  /** E-mail of the service account that reads secrets; default that of the application default credentials. */
  readonly serviceAccount?: string | undefined;
  /** Path of a key file of Google's; default the application default credentials. */
  readonly secretKeyFile?: string | undefined;
  /** True sends every request to Stripe through the proxy. */
  readonly proxyEnabled?: boolean | undefined;
  readonly proxyHost?: string | undefined;
  readonly proxyPort?: number | undefined;
  /** Default "NONE". */
  readonly proxyAuthScheme?: "NONE" | "BASIC" | "DIGEST" | undefined;
  readonly proxyUser?: string | undefined;
  /** The password, or "projects/P/secrets/S/versions/V" of Secret Manager. */
  readonly proxyPassword?: string | EnvironmentReference | undefined;
  /** Default "AUTO": a server of https is tunnelled to, one of http is forwarded to. */
  readonly proxySslType?: "AUTO" | "ALWAYS" | "NEVER" | "TUNNEL" | undefined;
  /** "redis://…": shares the request rate with other programs of the account. */
  readonly rateStore?: string | undefined;
  /** False refuses an `AccountId` in statements that is not the connection's. Default true. */
  readonly allowOtherAccounts?: boolean | undefined;
  /** False keeps statements from this machine's files. Default true. */
  readonly fileAccess?: boolean | undefined;
  /** "2GB": what the local engine may hold in memory before it spills to disk. Default 80 % of the machine's. */
  readonly memoryLimit?: string | undefined;
  /** A name of IANA's, or whole hours east of Greenwich ("-8"): how times are read and written as texts until SET TimeZone. Default "UTC". */
  readonly timeZone?: string | undefined;
  /** False reads whole tables and applies every predicate locally: for tests of agreement. Default true. */
  readonly pushdown?: boolean | undefined;
  /** False sends every row through DuckDB: for tests of agreement. Default true. */
  readonly directWay?: boolean | undefined;
  /** Rules of the planner that are left out, each of which saves requests: for tests. Default: none. */
  readonly withoutRules?: readonly PlannerRule[] | undefined;
}
