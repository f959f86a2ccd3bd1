import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { Connection, Row } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { Sandbox } from "../../src/driver/sandbox.js";
import { startSandbox } from "../../src/driver/sandbox.js";
import { ensureBuilt } from "./built-program.js";
import { runClient } from "./client-program.js";
import { testFolder } from "./folder.js";
import type { RedisServer } from "./redis-server.js";
import { startRedisServer } from "./redis-server.js";
import { ServingProgram } from "./serving-program.js";

const program = fileURLToPath(new URL("../../dist/repl/main.js", import.meta.url));
const installed = fileURLToPath(new URL("../../.clients/spark/", import.meta.url));
const script = fileURLToPath(new URL("../spark/read-table.py", import.meta.url));

export interface SparkReading {
  /** Spark's JDBC options: dbtable, partitionColumn, lowerBound, upperBound, numPartitions, fetchsize. */
  readonly options: Readonly<Record<string, string>>;
  /** Conditions, each of one partition, in the place of partitionColumn. */
  readonly predicates?: readonly string[];
  readonly columns: readonly string[];
  /** A condition in Spark's SQL. */
  readonly filter?: string;
}

export interface SparkTable {
  /** By column, as Spark calls them: "bigint". */
  readonly types: Readonly<Record<string, string>>;
  readonly partitions: number;
  readonly rows: readonly (readonly unknown[])[];
}

/** Two gateways over one sandbox, which share a rate of requests through Redis. */
export interface SparkShop {
  readonly sandbox: Sandbox;
  /** Through both gateways: pgjdbc takes one of them for each of its connections. */
  read(reading: SparkReading): Promise<SparkTable>;
  driver(sql: string): Promise<readonly Row[]>;
  /** Requests to Stripe of the queries that each gateway has run since it was asked last. */
  requestsOfGateways(): readonly number[];
}

/** @param requestsPerSecond Of both gateways together; the sandbox answers 429 past a burst more, as Stripe does. */
export function serveForSpark(requestsPerSecond: number, customers: number): SparkShop {
  const folder = testFolder();
  let sandbox: Sandbox | undefined;
  let redis: RedisServer | undefined;
  let connection: Connection | undefined;
  let gateways: readonly ServingProgram[] = [];
  let ports: readonly string[] = [];
  let heard: number[] = [];
  beforeAll(async () => {
    ensureBuilt();
    const burst = Math.max(1, Math.floor(requestsPerSecond / 4));
    [sandbox, redis] = await Promise.all([
      startSandbox({ customers, requestsPerSecond: requestsPerSecond + burst }),
      startRedisServer(),
    ]);
    const { apiKey, url } = sandbox;
    const properties = `{TestClocks: false, RequestsPerSecond: ${requestsPerSecond}, RateStore: "${redis.url}"}`;
    const definition = `name: shop\nauth_config: {api_key: {env: SHOP_KEY}}\napi_base: ${url}\nproperties: ${properties}\n`;
    const file = folder.write("shop.yaml", definition);
    const args = ["serve", "--postgres", "0", "--connection", file, "--trust-loopback"];
    gateways = [1, 2].map(() => new ServingProgram(program, args, { SHOP_KEY: apiKey }));
    ports = await Promise.all(
      gateways.map(async (gateway) => (await gateway.printed(/clients on 127\.0\.0\.1:(\d+)\n/))[1] ?? ""),
    );
    heard = gateways.map(() => 0);
    connection = await connect({ apiKey, apiBase: url, testClocks: false, requestsPerSecond, rateStore: redis.url });
  });
  afterEach(() => sandbox?.requests.clear());
  afterAll(async () => {
    for (const gateway of gateways) gateway.child.kill("SIGTERM");
    await Promise.all(gateways.map(({ ended }) => ended));
    await connection?.close();
    await sandbox?.close();
    await redis?.close();
  });
  const required = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error("nothing is served yet");
    return part;
  };
  return {
    get sandbox() {
      return required(sandbox);
    },
    read: async ({ options, predicates, columns, filter }) => {
      const hosts = ports.map((port) => `127.0.0.1:${port}`).join(",");
      const task = {
        jar: `${installed}postgresql.jar`,
        url: `jdbc:postgresql://${hosts}/shop?loadBalanceHosts=true`,
        options: { user: "analyst", ...options },
        ...{ predicates: predicates ?? null, columns, filter: filter ?? null },
      };
      const install = "test/spark/install.sh";
      if (!existsSync(task.jar)) throw new Error(`${task.jar} is missing: ${install}`);
      const python = { program: `${installed}python/bin/python`, install };
      const run = await runClient(python, [script, JSON.stringify(task)], {
        environment: { SPARK_LOCAL_IP: "127.0.0.1", SPARK_LOCAL_DIRS: folder.path },
        folder: folder.path,
      });
      if (run.status !== 0) throw new Error(`Spark failed:\n${run.errors}`);
      return JSON.parse(run.output.trim().split("\n").at(-1) ?? "");
    },
    driver: async (sql) => (await required(connection).query(sql)).rows,
    requestsOfGateways: () =>
      gateways.map(({ errors }, index) => {
        const lines = errors.slice(heard[index]).split("\n");
        heard[index] = errors.length;
        const requests = lines.flatMap((line) =>
          line.startsWith("{") ? [Number(JSON.parse(line).requests ?? 0)] : [],
        );
        return requests.reduce((sum, count) => sum + count, 0);
      }),
  };
}
