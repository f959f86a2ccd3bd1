import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Connection, Parameters, Row } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { Sandbox, SandboxOptions } from "../../src/driver/sandbox.js";
import { startSandbox } from "../../src/driver/sandbox.js";
import { ensureBuilt } from "./built-program.js";
import type { TestFolder } from "./folder.js";
import { testFolder } from "./folder.js";
import { requestLines } from "./sandbox-connection.js";
import { ServingProgram } from "./serving-program.js";

const program = fileURLToPath(new URL("../../dist/repl/start.cjs", import.meta.url));

/** "writer" may write, "reader" may not; both have the password. */
export type ServedUser = "writer" | "reader";

/** `stripe-sql serve --postgres` in a process of its own, over a sandbox of the test file's. */
export interface ServedBusiness {
  readonly host: string;
  readonly port: number;
  /** The one connection that is served. */
  readonly database: string;
  readonly password: string;
  readonly sandbox: Sandbox;
  /** For the files of the clients. */
  readonly folder: TestFolder;
  /** "postgresql://writer:…@127.0.0.1:40123/shop" */
  url(user?: ServedUser): string;
  /** What libpq and the drivers that follow it read: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE. */
  environment(user?: ServedUser): Readonly<Record<string, string>>;
  /** What the driver itself gives, over the same sandbox, in its own dialect. */
  driver(sql: string, parameters?: Parameters): Promise<readonly Row[]>;
  /** The same as texts, by position, as PostgreSQL prints values. */
  texts(sql: string): Promise<readonly (readonly (string | null)[])[]>;
  /** Resolves once a request has come to Stripe that a fault of kind "stall" leaves without an answer. */
  stalls(path: string): Promise<void>;
  /** Requests to Stripe that were sent meanwhile: "GET /v1/customers limit=2". */
  requestsOf(work: () => Promise<unknown>): Promise<readonly string[]>;
}

/** Serves it before the file's tests and ends it after them. Users come in by SCRAM-SHA-256. */
export function serveBusiness(options: SandboxOptions = {}): ServedBusiness {
  const folder = testFolder();
  const password = "a password of the tests' alone";
  let sandbox: Sandbox | undefined;
  let server: ServingProgram | undefined;
  let connection: Connection | undefined;
  let port = 0;
  beforeAll(async () => {
    ensureBuilt();
    sandbox = await startSandbox(options);
    const { apiKey, url } = sandbox;
    connection = await connect({ apiKey, apiBase: url, testClocks: false });
    server = serve(folder, { password, apiKey, apiBase: url });
    const [, printed] = await server.printed(/PostgreSQL's clients on 127\.0\.0\.1:(\d+)\n/);
    port = Number(printed);
  });
  afterEach(() => {
    sandbox?.faults.clear();
    sandbox?.requests.clear();
  });
  afterAll(async () => {
    server?.child.kill("SIGTERM");
    await server?.ended;
    await connection?.close();
    await sandbox?.close();
  });
  const [host, database] = ["127.0.0.1", "shop"];
  return {
    ...{ host, database, password, folder },
    get port() {
      return port;
    },
    get sandbox() {
      return required(sandbox);
    },
    url: (user = "writer") => `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`,
    environment: (user = "writer") => ({
      ...{ PGHOST: host, PGPORT: `${port}`, PGUSER: user, PGPASSWORD: password, PGDATABASE: database },
    }),
    driver: async (sql, parameters) => (await required(connection).query(sql, parameters)).rows,
    texts: async (sql) => {
      const rows: (readonly (string | null)[])[] = [];
      for await (const row of required(connection).stream(sql).texts("sql")) rows.push(row);
      return rows;
    },
    stalls: (path) => expect.poll(() => required(sandbox).requests.entries.map((entry) => entry.path)).toContain(path),
    requestsOf: async (work) => {
      required(sandbox).requests.clear();
      await work();
      return requestLines(required(sandbox));
    },
  };
}

interface Served {
  readonly password: string;
  readonly apiKey: string;
  readonly apiBase: string;
}

function serve(folder: TestFolder, { password, apiKey, apiBase }: Served): ServingProgram {
  const connection = folder.write(
    "shop.yaml",
    `name: shop\nauth_config: {api_key: {env: SHOP_KEY}}\napi_base: ${apiBase}\nproperties: {TestClocks: false}\n`,
  );
  const user = (name: ServedUser) =>
    `  - {name: ${name}, password: {env: SHOP_PASSWORD}, read_only: ${name === "reader"}}\n`;
  const users = folder.write("users.yaml", `users:\n${user("writer")}${user("reader")}`);
  const args = ["serve", "--postgres", "0", "--connection", connection, "--users", users];
  return new ServingProgram(program, args, { SHOP_KEY: apiKey, SHOP_PASSWORD: password });
}

function required<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("nothing is served yet");
  return part;
}
