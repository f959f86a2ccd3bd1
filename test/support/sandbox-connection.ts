import { afterAll, afterEach, beforeAll } from "vitest";
import type { Connection, ConnectOptions, Parameters, QueryOptions, Result } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import type { LoggedRequest, Sandbox, SandboxOptions } from "../../src/sandbox/sandbox.js";
import type { RunningSandbox } from "../sandbox/running-sandbox.js";
import { openRunning } from "../sandbox/running-sandbox.js";
import { errorOf } from "./scripted-client.js";

/** A sandbox and a connection to it, both for one test file. */
export interface SandboxConnection {
  readonly sandbox: Sandbox;
  readonly stripe: RunningSandbox["stripe"];
  readonly catalog: RunningSandbox["catalog"];
  /** A request past the driver. */
  readonly raw: RunningSandbox["raw"];
  readonly connection: Connection;
  /** Another connection to the same sandbox, closed after the test. */
  open(options?: ConnectOptions): Promise<Connection>;
  query(sql: string, parameters?: Parameters, options?: QueryOptions): Promise<Result>;
  /** The requests that a statement sent, in order: "GET /v1/customers limit=10". */
  sent(sql: string, parameters?: Parameters): Promise<readonly string[]>;
  /** The error that a statement ends in; anything else fails the test. */
  failure(sql: string, parameters?: Parameters): Promise<StripeSqlError>;
}

/** Opens them before the file's tests, clears faults and the request log after each, and closes them at the end. */
export function connectSandbox(options: SandboxOptions = {}, properties: ConnectOptions = {}): SandboxConnection {
  let running: RunningSandbox | undefined;
  let connection: Connection | undefined;
  const more: Connection[] = [];
  const current = () => required(running);
  const open = (given: ConnectOptions = {}) =>
    connect({ apiKey: current().sandbox.apiKey, apiBase: current().sandbox.url, ...given });
  beforeAll(async () => {
    running = await openRunning(options);
    connection = await open(properties);
    // The first statement that test clocks bear on asks for them: no test is to depend on being it.
    await connection.query("SELECT Id FROM Customer WHERE Email = 'nobody@example.com'");
    running.sandbox.requests.clear();
  });
  afterEach(async () => {
    current().sandbox.faults.clear();
    current().sandbox.requests.clear();
    for (const other of more.splice(0)) await other.close();
  });
  afterAll(async () => {
    await connection?.close();
    await running?.sandbox.close();
    running?.catalog.close();
  });
  const query: SandboxConnection["query"] = (sql, parameters, queryOptions) =>
    required(connection).query(sql, parameters, queryOptions);
  return {
    get sandbox() {
      return current().sandbox;
    },
    get stripe() {
      return current().stripe;
    },
    get catalog() {
      return current().catalog;
    },
    get raw() {
      return current().raw;
    },
    get connection() {
      return required(connection);
    },
    open: async (given) => {
      const other = await open(given);
      more.push(other);
      return other;
    },
    query,
    sent: async (sql, parameters) => {
      current().sandbox.requests.clear();
      await query(sql, parameters);
      return requestLines(current().sandbox);
    },
    failure: (sql, parameters) => errorOf(query(sql, parameters)),
  };
}

/** What was asked of the sandbox since its log was cleared. */
export function requestLines(sandbox: Sandbox): readonly string[] {
  return sandbox.requests.entries.map(requestLine);
}

function requestLine({ method, path, query, body }: LoggedRequest): string {
  return [method, path, query, body].filter((part) => part !== "").join(" ");
}

function required<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("the sandbox does not run yet");
  return part;
}
