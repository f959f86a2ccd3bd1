import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { connect } from "../../../src/driver/connect.js";
import { openConnection } from "../../../src/driver/open-connection.js";
import { RateBudget } from "../../../src/stripe/rate/rate-budget.js";
import type { BucketLimit } from "../../../src/stripe/rate/rate-store.js";
import type { OpenedRateStore } from "../../../src/stripe/rate/redis-rate-store.js";
import { openRedisRateStore } from "../../../src/stripe/rate/redis-rate-store.js";
import { burstOf } from "../../../src/stripe/rate/request-limits.js";
import { SharedRateStore } from "../../../src/stripe/rate/shared-rate-store.js";
import { ensureBuilt } from "../../support/built-program.js";
import { FakeClock } from "../../support/fake-clock.js";
import { freePort } from "../../support/free-port.js";
import type { RedisServer } from "../../support/redis-server.js";
import { startRedisServer } from "../../support/redis-server.js";
import { errorOf, json } from "../../support/scripted-client.js";
import { startScriptedServer } from "../../support/scripted-server.js";
import { selfSignedCertificate } from "../../support/self-signed-certificate.js";

const password = "hunter2/secret@x";
const storeProcess = fileURLToPath(new URL("../../support/rate-store-process.mjs", import.meta.url));
const { signal } = new AbortController();

let server: RedisServer;
let url: string;
let redis: Redis;
const open: OpenedRateStore[] = [];

beforeAll(async () => {
  ensureBuilt();
  server = await startRedisServer(["--requirepass", password]);
  url = withPassword(server.port);
  redis = new Redis(url);
});

afterEach(async () => {
  for (const store of open.splice(0)) store.close();
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  await server.close();
});

function withPassword(port: number): string {
  return `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`;
}

/** A store whose waits are told and not waited for. Redis keeps its own time. */
async function openStore(): Promise<{ readonly store: OpenedRateStore; readonly clock: FakeClock }> {
  const clock = new FakeClock();
  const store = await openRedisRateStore(url, clock);
  open.push(store);
  return { store, clock };
}

/** Slow enough that no place comes free while a test runs. */
const slow = (name: string, burst: number): BucketLimit => ({ name, requestsPerSecond: burst / 3600, burst });

/** The number of places that are free now. */
async function freePlaces(store: OpenedRateStore, clock: FakeClock, limits: readonly BucketLimit[]): Promise<number> {
  for (let taken = 0; ; taken += 1) {
    const stop = new AbortController();
    const sleep = clock.sleep.bind(clock);
    clock.sleep = (_milliseconds, stopped) => {
      stop.abort();
      return sleep(0, stopped);
    };
    const reserved = await store.reserve(limits, stop.signal).then(
      () => true,
      () => false,
    );
    clock.sleep = sleep;
    if (!reserved) return taken;
  }
}

test("two processes together stay within the rate", async () => {
  const startedAt = performance.now();
  const children = [20, 20].map((count) => spawn(process.execPath, [storeProcess, url, "20", `${count}`]));
  const ends = await Promise.all(children.map((child) => once(child, "exit")));
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  expect(ends.map(([status]) => status)).toEqual([0, 0]);
  // 5 go at once; 35 more at 20 a second take 1.75 s, however busy the machine is.
  expect(elapsedSeconds).toBeGreaterThanOrEqual(1.75);
});

test("a burst goes at once, whoever asks, and the next waits for its interval", async () => {
  const [one, other] = [await openStore(), await openStore()];
  const limit = slow("a all", 4);
  await one.store.reserve([limit], signal);
  await other.store.reserve([limit], signal);
  expect(await freePlaces(one.store, one.clock, [limit])).toBe(2);
  expect(await freePlaces(other.store, other.clock, [limit])).toBe(0);
  expect(await freePlaces(other.store, other.clock, [slow("b all", 4)])).toBe(4);
});

test("a request under several limits takes a place under all of them or under none", async () => {
  const { store, clock } = await openStore();
  const [wide, narrow] = [slow("a all", 5), slow("a GET /v1/customers", 2)];
  expect(await freePlaces(store, clock, [wide, narrow])).toBe(2);
  expect(await freePlaces(store, clock, [wide])).toBe(3);
});

test("requests wait for their places in the order they asked", async () => {
  const store = await openRedisRateStore(url);
  open.push(store);
  const limit = { name: "a all", requestsPerSecond: 100, burst: 1 };
  const order: number[] = [];
  const take = async (index: number) => order.push(await store.reserve([limit], signal).then(() => index));
  await Promise.all([0, 1, 2, 3, 4].map(take));
  expect(order).toEqual([0, 1, 2, 3, 4]);
});

test("a request that is given up rejects at once, and those behind it move on", async () => {
  const { store } = await openStore();
  const limit = slow("a all", 1);
  const stopped = await openRedisRateStore(url);
  open.push(stopped);
  await store.reserve([limit], signal);
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = [first, second].map((one) => stopped.reserve([limit], one.signal).catch((reason: unknown) => reason));
  second.abort("second");
  expect(await waiting[1]).toBe("second");
  first.abort("first");
  expect(await waiting[0]).toBe("first");
});

test("a 429 with Retry-After holds back the other programs", async () => {
  const [one, other] = [await openStore(), await openStore()];
  const limits = { all: 80, endpoint: 20, search: 16, files: 16 };
  const budget = new RateBudget({ account: "a", limits, store: one.store, clock: one.clock, closing: signal });
  budget.slowDown(60_000);
  const limit = { name: "a all", requestsPerSecond: 80, burst: burstOf(80) };
  await expect.poll(() => freePlaces(other.store, other.clock, [limit])).toBe(0);
  expect(other.clock.sleeps).toEqual([]);
});

test.each([
  ["nobody listens", async () => withPassword(await freePort()), /ECONNREFUSED/],
  ["the password is wrong", async () => url.replace("hunter2", "hunter3"), /WRONGPASS/],
  ["a password is needed", async () => server.url, /NOAUTH/],
])("where %s, a statement fails and says which server", async (_case, address, reason) => {
  const stripe = await startScriptedServer(() => json({ id: "cus_1", object: "customer" }));
  const rateStore = await address();
  const connection = await connect({ apiBase: stripe.url, apiKey: "sk_test_x", requestsPerSecond: 10, rateStore });
  const error = await errorOf(connection.query("SELECT Id FROM Customer WHERE Id = 'cus_1'"));
  const host = new URL(rateStore).host;
  expect(error).toMatchObject({
    sqlState: "08006",
    message: `the rate store at ${host} does not answer`,
    retryable: true,
  });
  expect(error.detail).toMatch(reason);
  expect(stripe.requests).toEqual([]);
  for (const secret of [password, "hunter", encodeURIComponent(password)]) {
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  }
  const shown = await connection.query("SELECT Value FROM sys_connection_props WHERE Name = 'RateStore'");
  expect(JSON.stringify(shown.rows)).not.toContain("hunter");
  await connection.close();
  await stripe.close();
});

test("a connection shares its rate, tells Redis nothing of its key, and lets go of Redis when it is closed", async () => {
  const stripe = await startScriptedServer(() => json({ id: "cus_1", object: "customer" }));
  const options = { apiBase: stripe.url, apiKey: "sk_test_planted123", requestsPerSecond: 10, rateStore: url };
  // A store that surrounds the connection, as a server's nodes have one, gives way to the property.
  const { connection } = await openConnection(options, { rateStore: new SharedRateStore(new FakeClock()) });
  const before = await clients();
  await connection.query("SELECT Id FROM Customer WHERE Id = 'cus_1'");
  expect(await clients()).toBe(before + 1);
  const names = await redis.keys("*");
  expect(names.sort()).toEqual([
    expect.stringMatching(/^stripe-sql:[\da-f]{16} GET \/v1\/customers\/\*$/),
    expect.stringMatching(/^stripe-sql:[\da-f]{16} all$/),
  ]);
  await connection.close();
  await expect.poll(clients).toBe(before);
  await stripe.close();
});

test("rediss speaks TLS, and only to a server whose certificate is trusted", async () => {
  const folder = mkdtempSync(join(tmpdir(), "stripe-sql-redis-tls-"));
  const [keyFile, certificateFile] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const { key, cert } = selfSignedCertificate("localhost");
  writeFileSync(keyFile, key);
  writeFileSync(certificateFile, cert);
  const port = await freePort();
  const files = ["--tls-cert-file", certificateFile, "--tls-key-file", keyFile, "--tls-auth-clients", "no"];
  const secure = await startRedisServer(["--port", "0", "--tls-port", `${port}`, ...files]);
  const secureUrl = `rediss://localhost:${port}`;
  const store = await openRedisRateStore(secureUrl);
  open.push(store);
  const error = await errorOf(store.reserve([slow("a all", 1)], signal));
  expect(error).toMatchObject({ sqlState: "08006", detail: expect.stringMatching(/self-signed certificate/) });
  const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: certificateFile };
  const child = spawn(process.execPath, [storeProcess, secureUrl, "20", "2"], { env: trusting, stdio: "inherit" });
  expect(await once(child, "exit")).toEqual([0, null]);
  await secure.close();
  rmSync(folder, { recursive: true });
});

async function clients(): Promise<number> {
  return String(await redis.client("LIST"))
    .trim()
    .split("\n").length;
}
