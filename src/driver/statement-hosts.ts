import type { SystemTable } from "../catalog/system-table.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { LocalEngine } from "../execute/engine/local-engine.js";
import type { KeptRows } from "../execute/kept/kept-rows.js";
import type { WriteJournal } from "../execute/write/write-journal.js";
import { doubtNotice } from "../plan/access/doubt-rule.js";
import type { RowsOf } from "../plan/cost/statistics.js";
import type { PlanEnvironment } from "../plan/environment.js";
import type { ConstantContext } from "../plan/predicate/scalar.js";
import type { SeenTable } from "../store/seen-table.js";
import type { KeptDoubt } from "../store/statistics-store.js";
import { throwIfCanceled, unlessCanceled } from "../stripe/canceled-error.js";
import type { RequestScope } from "../stripe/request-scope.js";
import type { RequestSender } from "../stripe/stripe-client.js";
import type { TimeZone } from "../value/time-zone.js";
import type { PendingWrite, QueryOptions, SqlValue } from "./api.js";
import type { KeptJournal } from "./kept-journal.js";
import { permitWrite, refusalOf } from "./permit-write.js";
import type { ProgressMeter } from "./progress-meter.js";
import { requireOwnAccount } from "./require-own-account.js";
import type { StatementHost } from "./run-statement.js";
import type { SharedParts } from "./shared-parts.js";
import { StatementDoubts } from "./statement-doubts.js";
import type { SessionTempTables } from "./temp-tables/session-temp-tables.js";
import type { TimeZoneSetting } from "./time-zone-setting.js";
import type { TransactionNotes } from "./transaction-notes.js";
import { withSessionRows } from "./views/session-rows.js";
import type { SessionViews } from "./views/session-views.js";

/** One run of a statement. */
export interface StatementRun {
  readonly scope: RequestScope & { readonly signal: AbortSignal };
  /** Of its parameters, as far as they are known. */
  readonly values: readonly (SqlValue | undefined)[];
  readonly zone: TimeZone;
  readonly options: QueryOptions;
  readonly progress: ProgressMeter;
  readonly notices: string[];
  readonly journal: WriteJournal;
  /** The part of the journal that is on the disk; undefined where nothing is run. */
  readonly kept?: KeptJournal | undefined;
  /** What it may take of what others have read; undefined for nothing. */
  readonly keptRows?: KeptRows | undefined;
  /** Default the session's. */
  readonly engine?: (() => Promise<LocalEngine>) | undefined;
  /** False keeps rows from skipping the engine, whatever the connection allows. */
  readonly directWay?: boolean | undefined;
  /** What now() says on the engine, in seconds since 1970. Default the time of the call. */
  readonly nowSeconds?: number | undefined;
  /** How many rows more its reader wants at the moment; default all of them. */
  readonly wantedRows?: (() => number) | undefined;
}

/** What is the session's own. */
export interface SessionParts {
  /** Whose SQL the session's texts are. */
  readonly dialect: PlanEnvironment["dialect"];
  /** Runs the texts of the session's statements. */
  readonly engine: () => Promise<LocalEngine>;
  /** What its texts can name beside the catalog's tables; default the database's. */
  readonly systemTables?: readonly SystemTable[] | undefined;
  /** Default the connection's own. */
  readonly readOnly?: boolean | undefined;
  readonly views: SessionViews;
  readonly tempTables: SessionTempTables;
  readonly transaction: TransactionNotes;
  readonly setting: TimeZoneSetting;
}

/** Lends each statement of a session what it runs with. */
export class StatementHosts {
  readonly #shared: SharedParts;
  readonly #session: SessionParts;

  constructor(shared: SharedParts, session: SessionParts) {
    this.#shared = shared;
    this.#session = session;
  }

  hostOf(run: StatementRun): StatementHost {
    const { catalog, server, statistics, reads, writes, meter, properties, testClocks, sharedAnswers, keptRows } =
      this.#shared;
    const { accountId } = properties;
    const doubts = this.#doubts();
    const notice = (text: string): void => {
      if (!run.notices.includes(text)) run.notices.push(text);
    };
    const environment = this.#environment(
      { parameters: run.values, nowSeconds: run.nowSeconds ?? Date.now() / 1000, zone: run.zone },
      doubts,
      run.directWay ?? true,
    );
    const { signal } = run.scope;
    const confirmWrite = run.options.confirmWrite ?? undefined;
    const pending = (write: Pick<PendingWrite, "command" | "objects">) => ({
      ...write,
      live: server.mode() === "live",
    });
    throwIfCanceled(signal);
    const pace = () => ({
      requestsPerSecond: server.endpointRequestsPerSecond(),
      latencyMs: meter.latencyMs,
      parallelRequests: properties.pushdown ? properties.parallelRequests : 1,
    });
    const sender: RequestSender = {
      request: async (request, scope) => {
        const client = await unlessCanceled(server.client.open(), scope.signal ?? signal);
        try {
          const send = () => client.request(request, scope);
          return await (request.method === "GET" ? send() : keptRows.change(send, notice));
        } finally {
          if (request.method !== "GET") testClocks.written(request.path);
        }
      },
    };
    return {
      catalog,
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
        engine: run.engine ?? this.#session.engine,
        storedRows: (name) => this.#session.tempTables.rowsOf(name),
        scope: run.scope,
        pace,
        statistics: environment.statistics,
        parameters: run.values,
        timeZone: run.zone.name,
        idempotencyKey: checkedKey(run.options.idempotencyKey),
        journal: run.journal,
        wholeObjects: run.options.wholeObjects ?? false,
        wholeRows: !properties.pushdown,
        accountId,
        testClocks,
        kept: run.keptRows,
        wantedRows: run.wantedRows,
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
      ownWrites: { writes, server },
      kept: run.kept,
      signal,
      explain: {
        statistics: environment.statistics,
        requestsPerSecond: server.requestsPerSecond(),
        latencyMs: meter.latencyMs,
        nowMs: Date.now(),
        pace: pace(),
        get readsThisMonth() {
          return reads.readsOf(server.account());
        },
      },
      keptRows,
      views: this.#session.views,
      tempTables: this.#session.tempTables,
      transaction: this.#session.transaction,
      setting: this.#session.setting,
      estimate: (requests) => run.progress.estimate(requests),
      confirmWrite: (write) => unlessCanceled(permitWrite(pending(write), properties, confirmWrite), signal),
      refusalOf: (write) => refusalOf(pending(write), properties, confirmWrite !== undefined),
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

  #environment(constants: ConstantContext, doubts: StatementDoubts, directWay: boolean): PlanEnvironment {
    const { catalog, systemTables, properties, statistics, testClocks } = this.#shared;
    return {
      catalog,
      systemTables: withSessionRows(this.#session.systemTables ?? systemTables, this.#session),
      tempTables: this.#session.tempTables.all,
      dialect: this.#session.dialect,
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
      directWay: properties.directWay && directWay,
      search: properties.search,
      without: properties.withoutRules,
      readOnly: properties.readOnly || this.#session.readOnly === true,
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

function checkedKey(key: string | undefined): string | undefined {
  if (key === undefined || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new StripeSqlError("invalid idempotency key", {
    sqlState: SqlState.invalidParameterValue,
    phase: "execute",
    detail: "It must be 1 to 200 printable ASCII characters without spaces.",
  });
}
