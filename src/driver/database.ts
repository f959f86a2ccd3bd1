import type { Catalog } from "../catalog/catalog.js";
import type { SystemTable } from "../catalog/system-table.js";
import { systemTables } from "../catalog/system-tables.js";
import type { DuckdbEngine } from "../execute/duckdb/duckdb-engine.js";
import { TestClocks } from "../execute/scan/test-clocks.js";
import type { ReadCounts } from "../store/read-counts.js";
import type { TableStatistics } from "../store/statistics-store.js";
import type { WritesStore } from "../store/writes/writes-store.js";
import { SharedAnswers } from "../stripe/shared-answers.js";
import type { RequestScope, StripeRequest } from "../stripe/stripe-client.js";
import type { JsonObject } from "../value/json.js";
import { closeAll } from "./close-all.js";
import { closedError } from "./closed-error.js";
import type { ConnectionMeter } from "./connection-meter.js";
import type { ConnectionProperties, ConnectionPropertyRow } from "./connection-properties.js";
import { DatabaseKeptRows } from "./kept/database-kept-rows.js";
import type { Server } from "./open-server.js";
import { ParsedTexts } from "./parsed-texts.js";
import { PlannedSelects } from "./planned-selects.js";
import type { PostgresSessionOptions } from "./postgres-session.js";
import { PostgresSession } from "./postgres-session.js";
import { probeEngine } from "./probe-engine.js";
import type { SessionOptions } from "./session.js";
import { Session } from "./session.js";
import { SharedEngine } from "./shared-engine.js";
import type { SharedParts } from "./shared-parts.js";
import type { StatementLog } from "./statement-log.js";
import { DatabaseViews } from "./views/database-views.js";
import { writeTables } from "./write-tables.js";

/** What a database is made of. */
export interface DatabaseParts {
  readonly properties: ConnectionProperties;
  readonly catalog: Catalog;
  readonly statistics: TableStatistics;
  readonly reads: ReadCounts;
  readonly writes: WritesStore;
  readonly meter: ConnectionMeter;
  readonly propertyTable: readonly ConnectionPropertyRow[];
  /** What the first statement tells, of any session. */
  readonly notices: string[];
  readonly server: Server;
  readonly engine: (tables: readonly SystemTable[]) => Promise<DuckdbEngine>;
  readonly log: StatementLog | undefined;
}

/** A Stripe account as a database: the catalog, the local engine, the way to Stripe and the log, shared by its sessions. */
export class Database {
  readonly #shared: SharedParts;
  readonly #engine: SharedEngine;
  readonly #sessions = new Set<Session | PostgresSession>();
  #closed: Promise<void> | undefined;

  constructor({ propertyTable, engine, ...parts }: DatabaseParts) {
    const tables = [
      ...systemTables(parts.catalog),
      propertySystemTable(propertyTable),
      readsSystemTable(parts.reads),
      ...writeTables(parts),
    ];
    this.#engine = new SharedEngine(() => engine(tables));
    const { properties, server } = parts;
    const testClocks = new TestClocks({
      areRead: () => properties.testClocks && server.mode() !== "live",
      startsEmpty: properties.target.kind === "sandbox",
    });
    const open = () => this.#engine.open();
    const keptRows = new DatabaseKeptRows(parts);
    this.#shared = {
      ...parts,
      ...{ systemTables: tables, testClocks, engine: open, keptRows },
      keptViews: new DatabaseViews(properties, (text) => parts.notices.push(text)),
      sharedAnswers: properties.withoutRules.has("sharing") ? undefined : new SharedAnswers(() => keptRows.epoch()),
      parsedTexts: new ParsedTexts(open),
      plannedSelects: new PlannedSelects(),
    };
  }

  get catalog(): Catalog {
    return this.#shared.catalog;
  }

  /** How many requests a statement may send; undefined for any number. */
  get maxRequests(): number | undefined {
    return this.#shared.properties.maxRequests;
  }

  /** True where the connection refuses writes. */
  get readOnly(): boolean {
    return this.#shared.properties.readOnly;
  }

  /** The connection's own time zone, as TimeZone takes it. */
  get timeZone(): string {
    return this.#shared.properties.timeZone;
  }

  /** A user's session. Closing one that owns the database closes the database too. */
  session({ ownsDatabase = false, ...options }: SessionOptions & { readonly ownsDatabase?: boolean } = {}): Session {
    if (this.#closed !== undefined) throw closedError();
    const afterEnd = async () => {
      this.#sessions.delete(session);
      if (ownsDatabase) await this.close();
    };
    const session = new Session(this.#shared, afterEnd, options);
    this.#sessions.add(session);
    return session;
  }

  /** A user's session in PostgreSQL's dialect. */
  postgresSession(options: PostgresSessionOptions): PostgresSession {
    if (this.#closed !== undefined) throw closedError();
    const session = new PostgresSession(this.#shared, options, () => this.#sessions.delete(session));
    this.#sessions.add(session);
    return session;
  }

  /** Sends one request past SQL, to judge what comes back. */
  async request(request: StripeRequest, scope: RequestScope): Promise<JsonObject> {
    const { server, keptRows } = this.#shared;
    const client = await server.client.open();
    const send = () => client.request(request, scope);
    return request.method === "GET" ? send() : keptRows.change(send, (text) => scope.onNotice?.(text));
  }

  /** Asks the local engine, as `probeEngine` says. */
  probe(): Promise<void> {
    return probeEngine(this.#shared.engine);
  }

  /** Ends the statements of every session, then closes what the sessions share. A second call gives the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { server, catalog, statistics, reads, writes, keptRows, keptViews, log } = this.#shared;
    const sessions = [...this.#sessions].map((session) => session.end());
    await Promise.allSettled(sessions);
    await closeAll([
      ...sessions.map((ended) => () => ended),
      async () => (await server.client.ifOpened())?.close(),
      () => this.#engine.close(),
      () => server.close(),
      () => statistics.close(),
      () => reads.close(),
      () => writes.close(),
      () => keptRows.close(),
      () => keptViews.close(),
      () => catalog.close(),
      () => log?.close(),
    ]);
  }
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

/** Reads are counted by account, which is told by a text that tells nothing of its key, and by month of UTC. */
function readsSystemTable(reads: ReadCounts): SystemTable {
  return {
    schema: undefined,
    name: "sys_reads",
    columns: [
      { name: "Account", type: "VARCHAR" },
      { name: "Month", type: "VARCHAR" },
      { name: "Reads", type: "BIGINT" },
    ],
    rows: () => reads.months().map(({ account, month, reads: count }) => [account, month, count]),
  };
}
