import { redact } from "../error/redact.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { LocalEngine } from "../execute/engine/local-engine.js";
import { journalsTogether, noJournal } from "../execute/write/write-journal.js";
import { followAbort } from "../stripe/linked-abort.js";
import type { AnsweredRequest } from "../stripe/request-observer.js";
import type { RequestWait } from "../stripe/request-scope.js";
import type { Statement } from "../syntax/statement.js";
import type { TimeZone } from "../value/time-zone.js";
import { utc } from "../value/time-zone.js";
import type { QueryOptions, SqlValue } from "./api.js";
import { AuditLog } from "./audit-log.js";
import type { DescribedStatement } from "./describe-statement.js";
import { describeStatement } from "./describe-statement.js";
import { hideLiterals } from "./hide-literals.js";
import { KeptJournal } from "./kept-journal.js";
import { ProgressMeter } from "./progress-meter.js";
import { RateRefusals } from "./rate-refusals.js";
import { runStatement } from "./run-statement.js";
import type { RunningWork } from "./running-work.js";
import type { SharedParts } from "./shared-parts.js";
import type { SessionParts } from "./statement-hosts.js";
import { StatementHosts } from "./statement-hosts.js";
import { StatementStream } from "./statement-stream.js";
import type { StatementWatch } from "./statement-watch.js";
import { WriteAudit } from "./write-audit.js";

/** A statement with values for its parameters. */
export interface RunnableStatement {
  readonly kind: Statement["kind"];
  readonly text: string;
  readonly values: readonly SqlValue[];
  read(): Promise<Statement>;
  /** What is to be told along with its rows. */
  readonly notices: readonly string[];
  /** What it fails with instead, where what it names is at fault. */
  readonly failure?: ((error: unknown) => Promise<unknown>) | undefined;
  /** What its text runs on, and the zone of its times; default the session's. */
  readonly surroundings?: StatementSurroundings | undefined;
}

export interface StatementSurroundings {
  /** Default the session's. */
  readonly engine?: (() => Promise<LocalEngine>) | undefined;
  readonly zone: TimeZone;
  /** False where the engine prints values in a way of the session's own. Default true. */
  readonly directWay?: boolean | undefined;
  /** What now() says on the engine, in seconds since 1970. Default the time of the call. */
  readonly nowSeconds?: number | undefined;
  /** That the statement may send; undefined for any number. */
  readonly maxRequests: number | undefined;
  readonly watch?: StatementWatch | undefined;
  /** How many rows more its reader wants at the moment; default all of them. */
  readonly wantedRows?: (() => number) | undefined;
}

/** A statement whose parameters may be without values. */
export interface DescribableStatement {
  read(): Promise<Statement>;
  /** Of its parameters, as far as they are known; undefined where none is. */
  readonly values: readonly (SqlValue | undefined)[] | undefined;
  readonly parameters: readonly string[];
  /** Of its times; default the session's. */
  readonly zone?: TimeZone | undefined;
}

/** Runs the statements of one session, and logs them. */
export class StatementRunner {
  readonly #shared: SharedParts;
  readonly #session: SessionParts;
  readonly #hosts: StatementHosts;
  readonly #running: RunningWork;

  constructor(shared: SharedParts, session: SessionParts, running: RunningWork) {
    this.#shared = shared;
    this.#session = session;
    this.#hosts = new StatementHosts(shared, session);
    this.#running = running;
  }

  stream(statement: RunnableStatement, options: QueryOptions): StatementStream {
    const { kind, text, values } = statement;
    const notices: string[] = [...this.#shared.notices.splice(0), ...statement.notices];
    const isAllotted = this.#shared.server.requestsPerSecond() !== undefined;
    const watch = statement.surroundings?.watch;
    const progress = new ProgressMeter(options.onProgress, isAllotted, watch);
    const cancellation = new AbortController();
    const audit = new WriteAudit();
    const refusals = new RateRefusals();
    const kept = this.#journalOf(text, notices);
    const { maxRequests } = statement.surroundings ?? this.#shared.properties;
    const scope = {
      signal: cancellation.signal,
      maxRequests,
      count: 0,
      onRequest: () => progress.request(),
      onWait: watch === undefined ? undefined : (what: RequestWait) => watch.waitForRequest(what),
      onAnswered: (request: AnsweredRequest) => {
        audit.answered(request);
        refusals.answered(request);
      },
      onNotice: (notice: string) => {
        if (!notices.includes(notice)) notices.push(notice);
      },
    };
    const keptRows = this.#shared.keptRows.forStatement((notice) => notices.push(notice));
    let unlink = () => {};
    let zone = utc;
    const stream = new StatementStream({
      run: async () => {
        const read = await statement.read();
        zone = statement.surroundings?.zone ?? (await this.#zoneFor(read));
        const { engine, directWay, nowSeconds, wantedRows } = statement.surroundings ?? {};
        const journal = journalsTogether([this.#auditLogOf(text, { options, kept, notices }), kept, audit]);
        const run = {
          ...{
            scope,
            values,
            zone,
            options,
            progress,
            notices,
            journal,
            kept,
            keptRows,
            engine,
            directWay,
            nowSeconds,
            wantedRows,
          },
        };
        return runStatement(read, this.#hosts.hostOf(run)).catch(async (error: unknown) => {
          throw withRest((await statement.failure?.(error)) ?? error, kept.unfinished);
        });
      },
      describe: async () => (await this.describe({ ...statement, parameters: [] }, options)).columns,
      cancellation,
      startedAt: performance.now(),
      timeZone: () => zone,
      requests: () => scope.count,
      notices,
      write: () => {
        const calls = audit.calls();
        return calls.length === 0 ? undefined : { id: kept.id, calls };
      },
      begin: () => {
        this.#running.add(stream);
        unlink = followAbort(cancellation, options.signal ?? undefined);
      },
      rest: () => this.#running.delete(stream),
      finish: (ended) => {
        unlink();
        this.#running.delete(stream);
        progress.finish();
        for (const told of [refusals.notice(scope.count), keptRows?.notice()])
          if (told !== undefined) notices.push(told);
        const command = kind.toUpperCase();
        const write = options.onWrite && audit.record({ text, command }, ended.error);
        if (write !== undefined) options.onWrite?.(write);
        this.#shared.log?.statement({ ...ended, text, command, parameters: values, requests: scope.count, notices });
      },
    });
    return stream;
  }

  /** A request would be refused; nothing is logged, noticed or counted. */
  describe(statement: DescribableStatement, options: QueryOptions): Promise<DescribedStatement> {
    return this.#running.run(async (signal) => {
      const read = await statement.read();
      const host = this.#hosts.hostOf({
        scope: { signal, maxRequests: 0, count: 0, onRequest: () => {} },
        values: statement.values ?? statement.parameters.map(() => undefined),
        zone: statement.zone ?? (await this.#zoneFor(read)),
        options,
        progress: new ProgressMeter(undefined, false),
        notices: [],
        journal: noJournal,
      });
      return describeStatement(read, host, statement.values);
    }, options.signal ?? undefined);
  }

  #journalOf(text: string, notices: string[]): KeptJournal {
    const { properties, writes, server } = this.#shared;
    return new KeptJournal({
      isKept: properties.journal,
      writes: () => writes.open(),
      account: server.writer,
      text: () => redact(hideLiterals(text).text),
      notice: (notice) => notices.push(notice),
    });
  }

  #auditLogOf(
    text: string,
    {
      options: { caller },
      kept,
      notices,
    }: { readonly options: QueryOptions; readonly kept: KeptJournal; readonly notices: string[] },
  ): AuditLog {
    const { properties, server } = this.#shared;
    return new AuditLog({
      ...{ file: properties.auditLog, caller, text },
      server: () => ({ apiBase: server.apiBase, mode: server.mode() }),
      writeId: () => kept.id,
      notice: (notice) => notices.push(notice),
    });
  }

  /** The zone is read when the statement runs: one that changes it is not kept from doing so by one that is wrong. */
  async #zoneFor({ kind }: Statement): Promise<TimeZone> {
    return kind === "set" || kind === "reset" ? utc : this.#session.setting.zone();
  }
}

/** A statement that fails whole has no notices: its error tells how to go on with what it began. */
function withRest(error: unknown, unfinished: string | undefined): unknown {
  if (unfinished === undefined || !(error instanceof StripeSqlError)) return error;
  const hint = [error.hint, `${unfinished.charAt(0).toUpperCase()}${unfinished.slice(1)}.`]
    .filter((part) => part !== undefined)
    .join(" ");
  return error.with({ hint, cause: error });
}
