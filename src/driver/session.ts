import type { Completion } from "../completion/complete.js";
import { complete } from "../completion/complete.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Views } from "../syntax/expand-views.js";
import { noticeOfWholeMatches } from "../syntax/whole-matches.js";
import { printDataType } from "../value/data-type.js";
import type { TimeZone } from "../value/time-zone.js";
import type {
  Connection,
  ConnectionDescription,
  Parameters,
  PreparedStatement,
  QueryOptions,
  Result,
  RowStream,
  SqlValue,
  StatementDescription,
} from "./api.js";
import { bindValues } from "./bind-values.js";
import { completionNames } from "./completion-names.js";
import { describeDatabase } from "./describe-database.js";
import type { DescribedStatement } from "./describe-statement.js";
import { resultColumns } from "./row-objects.js";
import { RunningWork } from "./running-work.js";
import type { SharedParts } from "./shared-parts.js";
import type { StatementSurroundings } from "./statement-runner.js";
import { StatementRunner } from "./statement-runner.js";
import type { StatementStream } from "./statement-stream.js";
import { SessionTempTables } from "./temp-tables/session-temp-tables.js";
import { openZone, TimeZoneSetting } from "./time-zone-setting.js";
import { TransactionNotes } from "./transaction-notes.js";
import type { UnrunStatement } from "./unrun-statement.js";
import { withSessionNames } from "./views/session-names.js";
import { SessionViews } from "./views/session-views.js";
import { viewFailure } from "./views/view-failure.js";

/** What is of whoever the session is opened for. */
export interface SessionOptions {
  /** True refuses writes, whatever the connection allows. Default false. */
  readonly readOnly?: boolean | undefined;
  /** Told what is written in a transaction. Default the session's own. */
  readonly transaction?: TransactionNotes | undefined;
}

/** What a statement that was read runs with, where that is not the session's. */
export interface ReadRun extends StatementSurroundings {
  readonly values: Parameters;
  /** Whose statement it is, as the audit log names them. */
  readonly caller: string;
  readonly signal: AbortSignal;
}

/** What a statement is described with, where that is not the session's. */
export interface DescribeRead {
  /** Undefined where none is known. */
  readonly values?: readonly (SqlValue | undefined)[] | undefined;
  readonly zone: TimeZone;
  readonly signal: AbortSignal;
}

/** One user's statements over a database, with what BEGIN has them remember. */
export class Session implements Connection {
  readonly #shared: SharedParts;
  readonly #afterEnd: () => Promise<void>;
  readonly #runner: StatementRunner;
  readonly #running = new RunningWork();
  readonly #views: SessionViews;
  readonly #tempTables = new SessionTempTables();
  #closed: Promise<void> | undefined;

  /** @param afterEnd What is to be done once a closed session's statements have ended. */
  constructor(
    shared: SharedParts,
    afterEnd: () => Promise<void>,
    { readOnly, transaction = new TransactionNotes() }: SessionOptions = {},
  ) {
    this.#shared = shared;
    this.#afterEnd = afterEnd;
    this.#views = new SessionViews(shared.keptViews);
    const setting = new TimeZoneSetting(shared.engine, shared.properties.timeZone);
    const { engine } = shared;
    const parts = {
      dialect: "duckdb",
      engine,
      ...{ readOnly, transaction },
      views: this.#views,
      tempTables: this.#tempTables,
      setting,
    } as const;
    this.#runner = new StatementRunner(shared, parts, this.#running);
  }

  async query(sql: string, parameters?: Parameters, options: QueryOptions = {}): Promise<Result> {
    const statements = this.#parse(sql);
    if (parameters !== undefined && statements.length > 1) throw manyWithParameters();
    let result: Result | undefined;
    for (const statement of statements) result = await this.#stream(statement, parameters, options).collect();
    if (result === undefined) throw noStatement();
    return result;
  }

  stream(sql: string, parameters?: Parameters, options: QueryOptions = {}): RowStream {
    return this.#stream(onlyStatement(this.#parse(sql)), parameters, options);
  }

  async *script(
    sql: string,
    options: QueryOptions = {},
  ): AsyncGenerator<{ readonly text: string; readonly rows: RowStream }> {
    for (const statement of this.#parse(sql)) {
      const rows = this.#stream(statement, undefined, options);
      yield { text: statement.text, rows };
      // A statement whose rows were not read still runs, before the next does.
      await rows.summary();
    }
  }

  prepare(sql: string): PreparedStatement {
    const statement = onlyStatement(this.#parse(sql));
    return {
      parameters: byNumber(statement.parameters),
      query: async (parameters, options = {}) => this.#stream(statement, parameters, options).collect(),
      stream: (parameters, options = {}) => this.#stream(statement, parameters, options),
    };
  }

  async describeStatement(sql: string): Promise<StatementDescription> {
    const statement = onlyStatement(this.#parse(sql));
    const names = statement.parameters;
    const values = names.length === 0 ? [] : undefined;
    const { columns, parameters } = await this.#describe(statement, values, {});
    return {
      columns: columns && resultColumns(columns),
      parameters: byNumber(names).map((name) => {
        const type = parameters.get(names.indexOf(name) + 1);
        return { name, type: type && printDataType(type) };
      }),
    };
  }

  /** The statements of a text, for who runs and describes them one by one; fails as `query` does. */
  read(sql: string): readonly UnrunStatement[] {
    return this.#parse(sql);
  }

  run(statement: UnrunStatement, { values, caller, signal, ...surroundings }: ReadRun): StatementStream {
    return this.#stream(statement, values, { caller, signal }, surroundings);
  }

  /** Its columns and parameters as types; parameters have the types of values that are given for them, by their places. */
  describeRead(given: UnrunStatement, { values, signal, zone }: DescribeRead): Promise<DescribedStatement> {
    const statement = this.#current(given);
    const { parameters } = statement;
    const known = parameters.length === 0 ? [] : values;
    // The cast: a value that is not known is no array, which is all that matters here.
    const bound = known === undefined ? undefined : statement.bind(known as readonly SqlValue[]);
    const { read } = bound ?? statement;
    return this.#runner.describe({ read, values: bound?.values, parameters, zone }, { signal });
  }

  /** A zone by its name; fails with 22023 where the local engine does not know it. Default the session's. */
  zone(name: string | undefined): Promise<TimeZone> {
    return openZone(name ?? this.#shared.properties.timeZone, this.#shared.engine);
  }

  describe(): ConnectionDescription {
    this.#running.requireOpen();
    return withSessionNames(describeDatabase(this.#shared), this.#ownRelations);
  }

  complete(text: string, cursor = text.length): Completion {
    this.#running.requireOpen();
    const { catalog, systemTables } = this.#shared;
    return complete(text, cursor, completionNames({ catalog, systemTables, views: this.#ownRelations }));
  }

  close(): Promise<void> {
    this.#closed ??= this.end().then(this.#afterEnd);
    return this.#closed;
  }

  /** Takes no further statement, cancels those that run, and waits until each has ended. */
  async end(): Promise<void> {
    try {
      await this.#running.end();
    } finally {
      await this.#tempTables.close();
    }
  }

  /** Views and temp tables. */
  get #ownRelations() {
    return [...this.#views.all, ...this.#tempTables.all];
  }

  /** What cannot be read is logged here, as it never becomes a statement. */
  #parse(sql: string): readonly UnrunStatement[] {
    if (typeof sql !== "string") throw noText();
    try {
      return this.#shared.parsedTexts.parse(sql);
    } catch (error) {
      this.#shared.log?.statement({
        text: sql,
        command: undefined,
        parameters: [],
        rowCount: 0,
        outcomes: [],
        requests: 0,
        elapsedMs: 0,
        notices: [],
        error,
      });
      throw error;
    }
  }

  /** Read with the views that there are when it runs: a statement of a script before it may have made one. */
  #current(statement: UnrunStatement): UnrunStatement {
    const { texts } = this.#views;
    return mentionsAny(statement.text, texts) ? this.#shared.parsedTexts.withViews(statement, texts) : statement;
  }

  #stream(
    given: UnrunStatement,
    parameters: Parameters | undefined,
    options: QueryOptions,
    surroundings?: StatementSurroundings,
  ): StatementStream {
    this.#running.requireOpen();
    requireOptions(options);
    const statement = this.#current(given);
    const bound = statement.bind(bindValues(statement.parameters, parameters));
    const whole = noticeOfWholeMatches(statement.text);
    return this.#runner.stream(
      {
        ...bound,
        kind: statement.kind,
        text: statement.text,
        notices: whole === undefined ? [] : [whole],
        surroundings,
        failure: (error) => this.#failure(error, statement.text),
      },
      options,
    );
  }

  /** One that is canceled, or whose session is closed, is not looked into. */
  #failure(error: unknown, text: string): Promise<unknown> {
    const describe = (sql: string) => this.#describe(onlyStatement(this.#parse(sql)), [], {});
    return viewFailure(error, { text, views: this.#views.texts }, describe);
  }

  #describe(
    given: UnrunStatement,
    values: readonly SqlValue[] | undefined,
    options: QueryOptions,
  ): Promise<DescribedStatement> {
    const statement = this.#current(given);
    const bound = values === undefined ? undefined : statement.bind(values);
    return this.#runner.describe(
      { read: (bound ?? statement).read, values: bound?.values, parameters: statement.parameters },
      options,
    );
  }
}

/** Most statements name no view. */
function mentionsAny(text: string, views: Views): boolean {
  if (views.size === 0) return false;
  const lower = text.toLowerCase();
  return [...views.keys()].some((name) => lower.includes(name));
}

/** $1 before $2, wherever they stand; names as they are met. */
function byNumber(names: readonly string[]): readonly string[] {
  return names.every((name) => /^\d+$/.test(name)) ? [...names].sort((a, b) => Number(a) - Number(b)) : names;
}

/** A program without types may give anything. */
function requireOptions(options: QueryOptions): void {
  const given: unknown = options;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw badOption("query options are given as an object");
  }
  const { signal, onProgress, confirmWrite, onWrite, idempotencyKey, caller } = options;
  for (const [name, option] of Object.entries({ idempotencyKey, caller }))
    if (isGiven(option) && typeof option !== "string") throw badOption(`"${name}" is a text`);
  if (isGiven(signal) && !(signal instanceof AbortSignal)) throw badOption('"signal" is an AbortSignal');
  for (const [name, option] of Object.entries({ onProgress, confirmWrite, onWrite }))
    if (isGiven(option) && typeof option !== "function") throw badOption(`"${name}" is a function`);
}

/** NULL stands for none, as it does elsewhere in JavaScript. */
const isGiven = (option: unknown): boolean => option !== undefined && option !== null;

function badOption(message: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "execute" });
}

function onlyStatement(statements: readonly UnrunStatement[]): UnrunStatement {
  const [statement, second] = statements;
  if (statement === undefined) throw noStatement();
  if (second === undefined) return statement;
  throw new StripeSqlError("one statement was expected, but the text holds several", {
    sqlState: SqlState.syntaxError,
    phase: "syntax",
    position: second.offset,
    hint: "Give each in a call of its own; a program runs several with script(…).",
  });
}

function noStatement(): StripeSqlError {
  return new StripeSqlError("the text holds no statement", { sqlState: SqlState.syntaxError, phase: "syntax" });
}

/** A program without types may give anything. */
function noText(): StripeSqlError {
  return new StripeSqlError("SQL is given as a text", { sqlState: SqlState.invalidParameterValue, phase: "syntax" });
}

function manyWithParameters(): StripeSqlError {
  return new StripeSqlError("parameters go with one statement, but the text holds several", {
    sqlState: SqlState.invalidParameterValue,
    phase: "syntax",
  });
}
