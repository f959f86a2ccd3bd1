import { readFileSync } from "node:fs";
import type { QueryResult } from "pg";
import pg from "pg";
import { afterAll, afterEach, beforeAll } from "vitest";
import { quoteText } from "../../src/value/quote.js";
import type { PostgresServer } from "./postgres-server.js";
import { startPostgresServer } from "./postgres-server.js";
import type { ServedBusiness } from "./served-business.js";

/** A PostgreSQL of Debian's, of which the gateway is a foreign server: "stripe" is the schema of its foreign tables. */
export interface ForeignServer {
  /** In a session that lasts for the test. */
  query(sql: string, values?: unknown[]): Promise<QueryResult>;
  /** Requests to Stripe that a statement led to. */
  sent(sql: string, values?: unknown[]): Promise<readonly string[]>;
  failure(sql: string): Promise<pg.DatabaseError>;
  /** The query that goes to the gateway: of each foreign scan of a plan, its "Remote SQL". */
  remote(sql: string): Promise<readonly string[]>;
}

const readme = readFileSync(new URL("../../src/gateway/README.md", import.meta.url), "utf8");

/** The block of statements for a PostgreSQL in the gateway's README that starts so. */
export function readmeStatements(start: string): string {
  const block = readme.split("```postgresql\n").find((text) => text.startsWith(start));
  if (block === undefined) throw new Error(`the gateway's README has no statements that start with ${start}`);
  return block.slice(0, block.indexOf("```"));
}

/** Set up as that README says. */
export function importForeignTables(shop: ServedBusiness): ForeignServer {
  let server: PostgresServer | undefined;
  let client: pg.Client | undefined;
  const open = async (): Promise<pg.Client> => {
    const opened = new pg.Client({
      host: "127.0.0.1",
      port: server?.port ?? 0,
      user: "postgres",
      database: "postgres",
    });
    await opened.connect();
    return opened;
  };
  const query: ForeignServer["query"] = async (sql, values) => {
    client ??= await open();
    return client.query(sql, values);
  };
  const close = async (): Promise<void> => {
    const closing = client;
    client = undefined;
    await closing?.end();
  };
  beforeAll(async () => {
    server = await startPostgresServer();
    const { port, database, password } = shop;
    await query(
      readmeStatements("CREATE EXTENSION")
        .replace("port '5433'", `port '${port}'`)
        .replace("dbname 'default'", `dbname '${database}'`)
        .replace("user 'analyst', password 'none'", `user 'writer', password ${quoteText(password)}`),
    );
    await close();
  });
  afterEach(() => close());
  afterAll(async () => {
    await close();
    await server?.close();
  });
  return {
    query,
    sent: (sql, values) => shop.requestsOf(() => query(sql, values)),
    failure: async (sql) => {
      const error: unknown = await query(sql).catch((failed: unknown) => failed);
      if (error instanceof pg.DatabaseError) return error;
      throw new Error(`${sql} ended in no error of the server`, { cause: error });
    },
    remote: async (sql) => {
      const { rows } = await query(`EXPLAIN (VERBOSE, COSTS OFF) ${sql}`);
      return rows.flatMap((row) => /Remote SQL: (.*)$/.exec(row["QUERY PLAN"])?.[1] ?? []);
    },
  };
}
