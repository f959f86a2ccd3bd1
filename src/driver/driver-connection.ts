import type { Catalog } from "../catalog/catalog.js";
import { systemTables } from "../catalog/system-tables.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { LocalEngine } from "../execute/engine/local-engine.js";
import type { PlanEnvironment, SystemTable } from "../plan/environment.js";
import type { TableStatistics } from "../store/statistics-store.js";
import { canceledError } from "../stripe/canceled-error.js";
import type { RequestScope } from "../stripe/request-scope.js";
import { parseScript } from "../syntax/parse-script.js";
import type { Statement } from "../syntax/statement.js";
import type {
  Connection,
  ConnectionDescription,
  Parameters,
  PreparedStatement,
  QueryOptions,
  Result,
  RowStream,
  SqlValue,
} from "./api.js";
import { bindValues } from "./bind-values.js";
import type { ConnectionProperties, ConnectionPropertyRow } from "./connection-properties.js";
import { Lazy } from "./lazy.js";
import type { Server } from "./open-server.js";
import { ProgressMeter } from "./progress-meter.js";
import type { StatementHost } from "./run-statement.js";
import { runStatement } from "./run-statement.js";
import type { StatementLog } from "./statement-log.js";
import { StatementStream } from "./statement-stream.js";
import { TransactionNotes } from "./transaction-notes.js";

/** What a connection is made of. */
export interface ConnectionParts {
  readonly properties: ConnectionProperties;
  readonly catalog: Catalog;
  readonly statistics: TableStatistics;
  readonly propertyTable: readonly ConnectionPropertyRow[];
  readonly server: Server;
  readonly engine: (tables: readonly SystemTable[]) => Promise<LocalEngine>;
  readonly log: StatementLog | undefined;
}

export class DriverConnection implements Connection {
  readonly #parts: ConnectionParts;
  readonly #systemTables: readonly SystemTable[];
  readonly #engine: Lazy<LocalEngine>;
  readonly #transaction = new TransactionNotes();
  readonly #closing = new AbortController();

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#systemTables = [...systemTables(parts.catalog), propertySystemTable(parts.propertyTable)];
    this.#engine = new Lazy(() => parts.engine(this.#systemTables));
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
      parameters: statement.parameters,
      query: (parameters, options = {}) => this.#stream(statement, parameters, options).collect(),
      stream: (parameters, options = {}) => this.#stream(statement, parameters, options),
    };
  }

  describe(): ConnectionDescription {
    const { catalog, server } = this.#parts;
    return {
      tables: [
        ...catalog.tableNames().map((table) => (table.schema === "v2" ? `v2.${table.name}` : table.name)),
        ...this.#systemTables.map((table) =>
          table.schema === undefined ? table.name : `${table.schema}.${table.name}`,
        ),
      ],
      procedures: catalog.procedureNames(),
      columns: (name) => this.#columnsOf(name),
      parameters: (name) => catalog.findProcedure(name)?.parameters.map((parameter) => parameter.name) ?? [],
      mode: server.mode(),
      apiBase: server.apiBase,
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const { server, catalog, statistics, log } = this.#parts;
    const opened = await server.client.ifOpened();
    await opened?.close();
    (await this.#engine.ifOpened())?.close();
    await server.close();
    statistics.close();
    catalog.close();
    log?.close();
  }

  /** What cannot be read is logged here, as it never becomes a statement. */
  #parse(sql: string): readonly Statement[] {
    try {
      return parseScript(sql);
    } catch (error) {
      this.#parts.log?.statement({
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

  #columnsOf(name: string): readonly string[] {
    const [table = name, schema] = name.split(".").reverse();
    const match = this.#parts.catalog.findTable(table, schema);
    if (match === undefined)
      return (
        this.#systemTables
          .find((system) => system.name.toLowerCase() === table.toLowerCase())
          ?.columns.map((column) => column.name) ?? []
      );
    const columns = [...match.table.columns.filter((column) => !column.hidden), ...match.table.pseudoColumns];
    return columns.map((column) => (match.naming === "sql" ? column.name : column.stripeName));
  }

  #stream(statement: Statement, parameters: Parameters | undefined, options: QueryOptions): StatementStream {
    if (this.#closing.signal.aborted) throw closed();
    const values = bindValues(statement.parameters, parameters);
    const notices: string[] = [];
    const progress = new ProgressMeter(options.onProgress);
    const signal = AbortSignal.any([this.#closing.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const { maxRequests } = this.#parts.properties;
    const scope: RequestScope = { signal, maxRequests, count: 0, onRequest: () => progress.request() };
    return new StatementStream(
      async () => runStatement(statement, await this.#host({ scope, values, options, progress, notices })),
      {
        startedAt: performance.now(),
        requests: () => scope.count,
        notices,
        finish: (ended) => {
          progress.finish();
          const command = statement.kind.toUpperCase();
          const { text } = statement;
          this.#parts.log?.statement({ ...ended, text, command, parameters: values, requests: scope.count, notices });
        },
      },
    );
  }

  async #host(run: {
    readonly scope: RequestScope;
    readonly values: readonly SqlValue[];
    readonly options: QueryOptions;
    readonly progress: ProgressMeter;
    readonly notices: string[];
  }): Promise<StatementHost> {
    const { catalog, server, statistics, properties } = this.#parts;
    const { accountId } = properties;
    const account = () => [server.apiBase, server.mode(), accountId ?? ""].join(" ");
    if (run.scope.signal?.aborted === true) throw canceledError("statement", undefined);
    return {
      catalog,
      engine: () => this.#engine.open(),
      environment: this.#environment(run.values),
      context: {
        client: { request: async (request, scope) => (await server.client.open()).request(request, scope) },
        engine: () => this.#engine.open(),
        scope: run.scope,
        parameters: run.values,
        idempotencyKey: checkedKey(run.options.idempotencyKey),
        wholeObjects: run.options.wholeObjects ?? false,
        accountId,
        onRows: (count) => run.progress.rows(count),
        notice: (text) => void run.notices.push(text),
        recordRows: (table, rows) => statistics.record(table, account(), rows),
      },
      explain: {
        rowsSeen: (table) => statistics.rowsSeen(table, account()),
        requestsPerSecond: server.requestsPerSecond(),
      },
      transaction: this.#transaction,
      estimate: (requests) => run.progress.estimate(requests),
      confirmWrite: async (write) =>
        (await run.options.confirmWrite?.({ ...write, live: server.mode() === "live" })) ?? true,
    };
  }

  #environment(parameters: readonly SqlValue[]): PlanEnvironment {
    const { catalog, properties } = this.#parts;
    return {
      catalog,
      systemTables: this.#systemTables,
      constants: { parameters, nowSeconds: Date.now() / 1000 },
      accountId: properties.accountId,
      pushdown: properties.pushdown,
      directWay: properties.directWay,
      readOnly: properties.readOnly,
      allowUnfilteredWrites: properties.allowUnfilteredWrites,
    };
  }
}

function checkedKey(key: string | undefined): string | undefined {
  if (key === undefined || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new StripeSqlError("invalid idempotency key", {
    sqlState: SqlState.invalidParameterValue,
    phase: "execute",
    detail: "It must be 1 to 200 printable ASCII characters without spaces.",
  });
}

function onlyStatement(statements: readonly Statement[]): Statement {
  const [statement, second] = statements;
  if (statement === undefined) throw noStatement();
  if (second === undefined) return statement;
  throw new StripeSqlError("one statement was expected, but the text holds several", {
    sqlState: SqlState.syntaxError,
    phase: "syntax",
    position: second.offset,
    hint: "Run several with script(…).",
  });
}

function noStatement(): StripeSqlError {
  return new StripeSqlError("the text holds no statement", { sqlState: SqlState.syntaxError, phase: "syntax" });
}

function manyWithParameters(): StripeSqlError {
  return new StripeSqlError("parameters go with one statement, but the text holds several", {
    sqlState: SqlState.invalidParameterValue,
    phase: "syntax",
  });
}

function closed(): StripeSqlError {
  return new StripeSqlError("the connection is closed", { sqlState: SqlState.connectionFailure, phase: "connect" });
}

function propertySystemTable(properties: readonly ConnectionPropertyRow[]): SystemTable {
  const names = ["Name", "Type", "Default", "Description", "Value"];
  return {
    schema: undefined,
    name: "sys_connection_props",
    columns: names.map((name) => ({ name, type: "VARCHAR" })),
    rows: () => properties.map((row) => [row.name, row.type, row.default ?? null, row.description, row.value ?? null]),
  };
}
