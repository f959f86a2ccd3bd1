import type { ClientConfig, QueryResult } from "pg";
import pg from "pg";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { ConnectOptions } from "../../src/driver/api.js";
import type { Sandbox, SandboxOptions } from "../../src/driver/sandbox.js";
import { startSandbox } from "../../src/driver/sandbox.js";
import type { OpenedGateway, OpenGatewayOptions } from "../../src/gateway/open-gateway.js";
import { openGateway } from "../../src/gateway/open-gateway.js";
import type { GatewayLog } from "../../src/gateway/server/gateway-log.js";
import type { StatementEvent } from "../../src/gateway/session/statement-log.js";
import { ensureBuilt } from "./built-program.js";
import { requestLines } from "./sandbox-connection.js";

/** The thread of the local PostgreSQL takes no TypeScript. */
const workerFolder = new URL("../../dist/execute/postgres/", import.meta.url);

export interface LoggedStatement extends StatementEvent {
  readonly user: string;
  readonly statement: string;
}

export interface ServedGateway {
  readonly port: number;
  readonly sandbox: Sandbox;
  /** Statements that have ended. */
  readonly statements: readonly LoggedStatement[];
  /** A client that is closed after the test. */
  connect(config?: ClientConfig): Promise<pg.Client>;
  /** One statement of a client of its own. */
  query(sql: string, values?: unknown[]): Promise<QueryResult>;
  /** The error that it ends in. */
  failure(sql: string, values?: unknown[]): Promise<pg.DatabaseError>;
  /** Requests that were sent to Stripe: "GET /v1/customers limit=2". */
  sent(sql: string, values?: unknown[]): Promise<readonly string[]>;
}

/** A gateway over a sandbox for the tests of a file. */
export function serveGateway(
  options: Partial<OpenGatewayOptions> = {},
  sandboxOptions: SandboxOptions = {},
  properties: ConnectOptions = {},
): ServedGateway {
  let sandbox: Sandbox | undefined;
  let gateway: OpenedGateway | undefined;
  const statements: LoggedStatement[] = [];
  const clients: pg.Client[] = [];
  const log: GatewayLog = {
    session: ({ user }) => ({
      begin:
        ({ kind }) =>
        (event) =>
          statements.push({ ...event, user, statement: kind }),
      end: () => undefined,
    }),
    refused: () => undefined,
    canceled: () => undefined,
  };
  beforeAll(async () => {
    ensureBuilt();
    sandbox = await startSandbox(sandboxOptions);
    gateway = await openGateway({
      connections: [
        { name: "shop", options: { apiKey: sandbox.apiKey, apiBase: sandbox.url, testClocks: false, ...properties } },
      ],
      ...{ users: [], host: "127.0.0.1", port: 0, trustsLoopback: true, log, workerFolder },
      ...options,
    });
  }, 240_000);
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
    sandbox?.faults.clear();
    sandbox?.requests.clear();
    statements.length = 0;
  });
  afterAll(async () => {
    await gateway?.close(1000);
    await sandbox?.close();
  });
  const connect: ServedGateway["connect"] = async (config = {}) => {
    const client = new pg.Client({
      ...{ host: "127.0.0.1", port: gateway?.port, user: "analyst", database: "shop" },
      ...config,
    });
    client.on("error", () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const query: ServedGateway["query"] = async (sql, values) => (await connect()).query(sql, values);
  return {
    get port() {
      return gateway?.port ?? 0;
    },
    get sandbox() {
      if (sandbox === undefined) throw new Error("the gateway is not open");
      return sandbox;
    },
    statements,
    connect,
    query,
    failure: async (sql, values) => {
      const error: unknown = await query(sql, values).catch((failed: unknown) => failed);
      if (error instanceof pg.DatabaseError) return error;
      throw new Error(`${sql} ended in no error of the server`, { cause: error });
    },
    sent: async (sql, values) => {
      const client = await connect();
      sandbox?.requests.clear();
      await client.query(sql, values);
      return sandbox === undefined ? [] : requestLines(sandbox);
    },
  };
}
