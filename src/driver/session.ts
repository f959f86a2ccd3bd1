import type { Catalog } from "../catalog/catalog.js";
import type { SystemTable } from "../catalog/system-table.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { DuckdbEngine } from "../execute/duckdb/duckdb-engine.js";
import type { TestClocks } from "../execute/scan/test-clocks.js";
import type { WriteJournal } from "../execute/write/write-journal.js";
import { noJournal } from "../execute/write/write-journal.js";
import { doubtNotice } from "../plan/access/doubt-rule.js";
import type { RowsOf } from "../plan/cost/statistics.js";
import type { PlanEnvironment } from "../plan/environment.js";
import type { ConstantContext } from "../plan/predicate/scalar.js";
import type { ReadCounts } from "../store/read-counts.js";
import type { SeenTable } from "../store/seen-table.js";
import type { KeptDoubt, TableStatistics } from "../store/statistics-store.js";
import { throwIfCanceled, unlessCanceled } from "../stripe/canceled-error.js";
import { followAbort } from "../stripe/linked-abort.js";
import type { AnsweredRequest } from "../stripe/request-observer.js";
import type { RequestScope } from "../stripe/request-scope.js";
import type { SharedAnswers } from "../stripe/shared-answers.js";
import type { RequestSender } from "../stripe/stripe-client.js";
import type { Statement } from "../syntax/statement.js";
import { noticeOfWholeMatches } from "../syntax/whole-matches.js";
import { printDataType } from "../value/data-type.js";
import type { TimeZone } from "../value/time-zone.js";
import { utc } from "../value/time-zone.js";
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
import type { ConnectionMeter } from "./connection-meter.js";
import type { ConnectionProperties } from "./connection-properties.js";
import { describeDatabase } from "./describe-database.js";
import type { DescribedStatement } from "./describe-statement.js";
import { describeStatement } from "./describe-statement.js";
import type { Server } from "./open-server.js";
import type { ParsedTexts } from "./parsed-texts.js";
import type { PlannedSelects } from "./planned-selects.js";
import { ProgressMeter } from "./progress-meter.js";
import { requireOwnAccount } from "./require-own-account.js";
import { resultColumns } from "./row-objects.js";
import type { StatementHost } from "./run-statement.js";
import { runStatement } from "./run-statement.js";
import { RunningWork } from "./running-work.js";
import { StatementDoubts } from "./statement-doubts.js";
import type { StatementLog } from "./statement-log.js";
import { StatementStream } from "./statement-stream.js";
import { TimeZoneSetting } from "./time-zone-setting.js";
import { TransactionNotes } from "./transaction-notes.js";
import type { UnrunStatement } from "./unrun-statement.js";
import { WriteAudit } from "./write-audit.js";

/** What the sessions of a database share. */
export interface SharedParts {
  readonly properties: ConnectionProperties;
  readonly catalog: Catalog;
  readonly systemTables: readonly SystemTable[];
  readonly statistics: TableStatistics;
  readonly reads: ReadCounts;
  readonly meter: ConnectionMeter;
  readonly server: Server;
  readonly testClocks: TestClocks;
  /** Undefined where each statement asks for itself. */
  readonly sharedAnswers: SharedAnswers | undefined;
  /** Opens the local engine when first asked for. */
  readonly engine: () => Promise<DuckdbEngine>;
  readonly parsedTexts: ParsedTexts;
  readonly plannedSelects: PlannedSelects;
  readonly log: StatementLog | undefined;
  /** What the next statement tells; emptied by it. */
  readonly notices: string[];
}

/** One user's statements over a database, with what BEGIN has them remember. */
export class Session implements Connection {
  readonly #shared: SharedParts;
  readonly #afterEnd: () => Promise<void>;
  readonly #transaction = new TransactionNotes();
  readonly #setting: TimeZoneSetting;
  readonly #running = new RunningWork();
  #closed: Promise<void> | undefined;

  /** @param afterEnd What is to be done once a closed session's statements have ended. */
  constructor(shared: SharedParts, afterEnd: () => Promise<void>) {
    this.#shared = shared;
    this.#afterEnd = afterEnd;
    this.#setting = new TimeZoneSetting(shared.engine, shared.properties.timeZone);
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

  describe(): ConnectionDescription {
    this.#running.requireOpen();
    return describeDatabase(this.#shared);
  }

  close(): Promise<void> {
    this.#closed ??= this.end().then(this.#afterEnd);
    return this.#closed;
  }

  /** Takes no further statement, cancels those that run, and waits until each has ended. */
  end(): Promise<void> {
    return this.#running.end();
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

  #stream(statement: UnrunStatement, parameters: Parameters | undefined, options: QueryOptions): StatementStream {
    this.#running.requireOpen();
    requireOptions(options);
    const values = bindValues(statement.parameters, parameters);
    const bound = statement.bind(values);
    const whole = noticeOfWholeMatches(statement.text);
    const notices: string[] = [...this.#shared.notices.splice(0), ...(whole === undefined ? [] : [whole])];
    const progress = new ProgressMeter(options.onProgress, this.#shared.server.requestsPerSecond() !== undefined);
    const cancellation = new AbortController();
    const audit = options.onWrite ? new WriteAudit() : undefined;
    const { maxRequests } = this.#shared.properties;
    const scope = {
      signal: cancellation.signal,
      maxRequests,
      count: 0,
      onRequest: () => progress.request(),
      onAnswered: (request: AnsweredRequest) => audit?.answered(request),
      onNotice: (text: string) => {
        if (!notices.includes(text)) notices.push(text);
      },
    };
    let unlink = () => {};
    let zone = utc;
    const stream = new StatementStream({
      run: async () => {
        const read = await bound.read();
        zone = await this.#zoneFor(read);
        const run = { scope, values: bound.values, zone, options, progress, notices, journal: audit ?? noJournal };
        return runStatement(read, await this.#host(run));
      },
      describe: async () => (await this.#describe(statement, values, options)).columns,
      cancellation,
      startedAt: performance.now(),
      timeZone: () => zone,
      requests: () => scope.count,
      notices,
      begin: () => {
        this.#running.add(stream);
        unlink = followAbort(cancellation, options.signal ?? undefined);
      },
      rest: () => this.#running.delete(stream),
      finish: (ended) => {
        unlink();
        this.#running.delete(stream);
        progress.finish();
        const command = statement.kind.toUpperCase();
        const { text } = statement;
        const write = audit?.record({ text, command }, ended.error);
        if (write !== undefined) options.onWrite?.(write);
        this.#shared.log?.statement({ ...ended, text, command, parameters: values, requests: scope.count, notices });
      },
    });
    return stream;
  }

  /** A request would be refused; nothing is logged, noticed or counted. */
  async #describe(
    statement: UnrunStatement,
    values: readonly SqlValue[] | undefined,
    options: QueryOptions,
  ): Promise<DescribedStatement> {
    return this.#running.run(async (signal) => {
      const bound = values === undefined ? undefined : statement.bind(values);
      const read = await (bound ?? statement).read();
      const host = await this.#host({
        scope: { signal, maxRequests: 0, count: 0, onRequest: () => {} },
        values: bound?.values ?? statement.parameters.map(() => undefined),
        zone: await this.#zoneFor(read),
        options,
        progress: new ProgressMeter(undefined, false),
        notices: [],
        journal: noJournal,
      });
      return describeStatement(read, host, bound?.values);
    }, options.signal ?? undefined);
  }

  /** The zone is read when the statement runs: one that changes it is not kept from doing so by one that is wrong. */
  async #zoneFor({ kind }: Statement): Promise<TimeZone> {
    return kind === "set" || kind === "reset" ? utc : this.#setting.zone();
  }

  async #host(run: {
    readonly scope: RequestScope & { readonly signal: AbortSignal };
    readonly values: readonly (SqlValue | undefined)[];
    readonly zone: TimeZone;
    readonly options: QueryOptions;
    readonly progress: ProgressMeter;
    readonly notices: string[];
    readonly journal: WriteJournal;
  }): Promise<StatementHost> {
    const { catalog, server, statistics, reads, meter, properties, testClocks, sharedAnswers } = this.#shared;
    const { accountId } = properties;
    const doubts = this.#doubts();
    const notice = (text: string): void => {
      if (!run.notices.includes(text)) run.notices.push(text);
    };
    const environment = this.#environment(
      { parameters: run.values, nowSeconds: Date.now() / 1000, zone: run.zone },
      doubts,
    );
    const { signal } = run.scope;
    throwIfCanceled(signal);
    const sender: RequestSender = {
      request: async (request, scope) => {
        const client = await unlessCanceled(server.client.open(), scope.signal ?? signal);
        try {
          return await client.request(request, scope);
        } finally {
          if (request.method !== "GET") testClocks.written(request.path);
        }
      },
    };
    return {
      catalog,
      engine: this.#shared.engine,
      environment,
      plannedSelects: this.#shared.plannedSelects,
      context: {
        client: {
          request: async (request, scope) => {
            requireOwnAccount(request.accountId, properties);
            return sharedAnswers === undefined
              ? sender.request(request, scope)
              : sharedAnswers.request(request, scope, sender);
          },
        },
        engine: this.#shared.engine,
        scope: run.scope,
        parameters: run.values,
        timeZone: run.zone.name,
        idempotencyKey: checkedKey(run.options.idempotencyKey),
        journal: run.journal,
        wholeObjects: run.options.wholeObjects ?? false,
        accountId,
        testClocks,
        onRows: (count) => run.progress.rows(count),
        notice,
        doubt: (doubt) => {
          const isNew = doubts.add(doubt);
          if (isNew) notice(doubtNotice({ ...doubt, table: doubt.of.table }));
          return isNew;
        },
        recordRows: (of, rows) => statistics.record(this.#seenTable(of), rows),
        learn: (of, { kind, name, ...learned }) => statistics.learn(this.#seenTable(of), { kind, name }, learned),
      },
      explain: {
        statistics: environment.statistics,
        requestsPerSecond: server.requestsPerSecond(),
        latencyMs: meter.latencyMs,
        get readsThisMonth() {
          return reads.readsOf(server.account());
        },
      },
      transaction: this.#transaction,
      setting: this.#setting,
      estimate: (requests) => run.progress.estimate(requests),
      confirmWrite: async (write) => {
        const confirming = run.options.confirmWrite?.({ ...write, live: server.mode() === "live" });
        return confirming === undefined || unlessCanceled(confirming, signal);
      },
    };
  }

  #seenTable({ schema, table, accountId }: RowsOf): SeenTable {
    return { schema, table, account: this.#statisticsAccount(accountId) };
  }

  /** Whose rows are counted: the Connect account asked for, or the connection's own. */
  #statisticsAccount(accountId: string | undefined): string {
    const { server, properties } = this.#shared;
    return [server.apiBase, server.mode(), accountId ?? properties.accountId ?? ""].join(" ");
  }

  #doubts(): StatementDoubts {
    const { statistics } = this.#shared;
    let kept: readonly KeptDoubt[] | undefined;
    const seen = (of: RowsOf) => ({ ...of, account: this.#statisticsAccount(of.accountId) });
    return new StatementDoubts({
      reason: (of, relied) => {
        kept ??= statistics.doubts();
        if (kept.length === 0) return undefined;
        const { schema, table, account } = seen(of);
        const isMeant = (doubt: KeptDoubt): boolean =>
          doubt.account === account && doubt.schema === schema && doubt.table === table && doubt.relied === relied;
        return kept.find(isMeant)?.reason;
      },
      keep: (of, relied, reason) => statistics.recordDoubt({ ...seen(of), relied, reason }),
    });
  }

  #environment(constants: ConstantContext, doubts: StatementDoubts): PlanEnvironment {
    const { catalog, systemTables, properties, statistics, testClocks } = this.#shared;
    return {
      catalog,
      systemTables,
      constants,
      statistics: {
        rows: onceForEach((of: RowsOf) =>
          statistics.rowsSeen({ ...of, account: this.#statisticsAccount(of.accountId) }),
        ),
        fact: (of, kind, name) => statistics.fact(this.#seenTable(of), { kind, name }),
        testClocks: (accountId) => {
          const known = testClocks.known(accountId);
          return known === "refused" ? 0 : known?.length;
        },
        doubtOf: (of, relied) => doubts.reasonOf(of, relied),
      },
      accountId: properties.accountId,
      closedEnumsHold: (properties.apiVersion ?? catalog.apiVersion) === catalog.apiVersion,
      pushdown: properties.pushdown,
      directWay: properties.directWay,
      search: properties.search,
      without: properties.withoutRules,
      readOnly: properties.readOnly,
      allowUnfilteredWrites: properties.allowUnfilteredWrites,
    };
  }
}

/** A plan asks for the same table's rows with each way to read it. */
function onceForEach<Value>(read: (of: RowsOf) => Value): (of: RowsOf) => Value {
  const known = new Map<string, Value>();
  return (of) => {
    const key = `${of.schema} ${of.table} ${of.accountId ?? ""}`;
    const kept = known.get(key);
    if (kept !== undefined || known.has(key)) return kept as Value;
    const value = read(of);
    known.set(key, value);
    return value;
  };
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
  const { signal, onProgress, confirmWrite, onWrite, idempotencyKey } = options;
  if (isGiven(idempotencyKey) && typeof idempotencyKey !== "string") throw badOption('"idempotencyKey" is a text');
  if (isGiven(signal) && !(signal instanceof AbortSignal)) throw badOption('"signal" is an AbortSignal');
  for (const [name, option] of Object.entries({ onProgress, confirmWrite, onWrite }))
    if (isGiven(option) && typeof option !== "function") throw badOption(`"${name}" is a function`);
}

/** NULL stands for none, as it does elsewhere in JavaScript. */
const isGiven = (option: unknown): boolean => option !== undefined && option !== null;

function badOption(message: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "execute" });
}

function checkedKey(key: string | undefined): string | undefined {
  if (key === undefined || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new StripeSqlError("invalid idempotency key", {
    sqlState: SqlState.invalidParameterValue,
    phase: "execute",
    detail: "It must be 1 to 200 printable ASCII characters without spaces.",
  });
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
