import type { Registry } from "prom-client";
import type { ConnectOptions } from "../driver/api.js";
import { closeAll } from "../driver/close-all.js";
import type { Database } from "../driver/database.js";
import { openDatabase } from "../driver/open-connection.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { PostgresEngine } from "../execute/postgres/postgres-engine.js";
import { KeptBytes } from "../store/kept-bytes.js";
import { isLoopbackHost } from "../stripe/is-loopback.js";
import type { RateStore } from "../stripe/rate/rate-store.js";
import { openSecretSource } from "../stripe/secret/secret-manager.js";
import { GatewayDatabase, GatewayEngine } from "./backend/gateway-database.js";
import { openGatewayMetrics } from "./metrics/gateway-metrics.js";
import { Gateway } from "./server/gateway.js";
import type { GatewayLog } from "./server/gateway-log.js";
import { joinedLogs } from "./server/joined-logs.js";
import { readTlsCertificate } from "./server/tls-certificate.js";
import type { GatewayUser } from "./users/gateway-user.js";
import { serveUsers } from "./users/serve-users.js";

/** As much of a connection's definition as the gateway takes. */
export interface GatewayConnection {
  readonly name: string;
  /** What `connect` takes. */
  readonly options: ConnectOptions;
}

export interface OpenGatewayOptions {
  readonly connections: readonly GatewayConnection[];
  readonly users: readonly GatewayUser[];
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM files; undefined: TLS is refused. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
  /** True lets anybody in who connects from this machine, under any name that is no user's, without a password. */
  readonly trustsLoopback: boolean;
  /** Default 100. */
  readonly maxConnections?: number | undefined;
  /** How long a statement may keep the local PostgreSQL to itself. 0 for no limit. Default 60 s. */
  readonly engineTimeoutMs?: number | undefined;
  /** Where the use of Stripe's limits is kept, beside other servers of this process. */
  readonly rateStore?: RateStore | undefined;
  readonly log: GatewayLog;
  /** Where the gateway's metrics are registered; default nowhere. */
  readonly metrics?: Registry | undefined;
  /** Folder of the compiled modules of the local PostgreSQL's thread. Default where they are beside this one. */
  readonly workerFolder?: URL | undefined;
}

export interface OpenedGateway {
  readonly port: number;
  /** Takes no further client, gives statements that run so long to end, and hangs up. Default 30 seconds. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Serves connections over PostgreSQL's protocol. Fails where a connection cannot be opened, a user's password is not to
 * be had, nobody could come in, or the port cannot be listened on.
 */
export async function openGateway(options: OpenGatewayOptions): Promise<OpenedGateway> {
  const { connections, host, port, trustsLoopback, maxConnections } = options;
  const metrics = options.metrics === undefined ? undefined : openGatewayMetrics(options.metrics);
  const log = joinedLogs([options.log, ...(metrics === undefined ? [] : [metrics.log])]);
  const [first] = connections;
  if (first === undefined) throw refusal("there is no connection to serve");
  requireWayIn(options);
  const certificate = options.tls === undefined ? undefined : readTlsCertificate(options.tls);
  const users = await serveUsers(options.users, {
    connections: connections.map(({ name }) => name),
    environment: process.env,
    readSecret: (name) => openSecretSource().read(name),
  });
  const databases: Database[] = [];
  let engine: GatewayEngine | undefined;
  const closeParts = () => closeAll([...databases.map((database) => () => database.close()), () => engine?.close()]);
  try {
    for (const connection of connections) databases.push(await open(connection, options));
    const [{ catalog } = { catalog: undefined }] = databases;
    if (catalog === undefined) throw new RangeError("no database was opened");
    const { cachePath } = first.options;
    const postgres = new PostgresEngine({
      catalog,
      catalogVersion: `${catalog.sdkVersion}-${catalog.apiVersion}`,
      snapshots: new KeptBytes({ cachePath }),
      workerFolder: options.workerFolder,
      turnLimitMs: options.engineTimeoutMs,
      onTurn: metrics?.turn,
    });
    const shared = new GatewayEngine(postgres);
    engine = shared;
    const served = new Map(
      await Promise.all(
        databases.map(
          async (database, index) =>
            [connections[index]?.name ?? "", await GatewayDatabase.open(database, shared)] as const,
        ),
      ),
    );
    const trusted = trustsLoopback ? { connection: first.name, readOnly: false } : undefined;
    const gateway = new Gateway({
      ...{ host, port, users, databases: served, certificate, trusted, maxConnections, log },
    });
    metrics?.measure({
      states: () => gateway.states(),
      memory: () => ({ main: postgres.memoryBytes, second: shared.prompt.memoryBytes }),
    });
    return {
      port: await gateway.listen(),
      close: async (graceMs) => {
        await gateway.close(graceMs);
        await closeParts();
      },
    };
  } catch (error) {
    await closeParts();
    throw error;
  }
}

/** What users read and write of this machine is Stripe's alone. */
function open({ options }: GatewayConnection, { rateStore }: OpenGatewayOptions): Promise<Database> {
  return openDatabase(options, { rateStore, allowOtherAccounts: false, fileAccess: false, memoryLimit: "1GB" });
}

function requireWayIn({ users, trustsLoopback, host }: OpenGatewayOptions): void {
  if (users.length === 0 && !trustsLoopback) {
    throw refusal(
      "nobody could connect to the gateway",
      "Give --users, a file of users and where their passwords are, or --trust-loopback on a machine of your own.",
    );
  }
  if (trustsLoopback && users.length === 0 && !isLoopbackHost(host)) {
    throw refusal(`listening on ${host} needs users with passwords`, "Give --users, or listen on 127.0.0.1.");
  }
}

function refusal(message: string, hint?: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "connect", hint });
}
