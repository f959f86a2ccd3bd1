// The gateway beside the driver, by a client of Node's and by psql, and beside a PostgreSQL of its own kind where POSTGRES_PORT names one, in one run.
import { spawn } from "node:child_process";
import { once } from "node:events";
import pg from "pg";
import Cursor from "pg-cursor";
import { openGateway } from "../../dist/gateway/open-gateway.js";
import { connect } from "../../dist/index.js";
import { median, withSandbox } from "./with-sandbox.mjs";

const charges = Number(process.env.CHARGES ?? 100_000);
const rounds = Number(process.env.ROUNDS ?? 3);
const statements = Number(process.env.STATEMENTS ?? 1000);
const apiKey = "sk_test_sandbox";
const { url, stop } = await withSandbox({ charges });
const connection = await connect({ apiBase: url, apiKey });
const log = {
  session: () => ({ begin: () => () => undefined, end: () => undefined }),
  refused: console.error,
  canceled: () => undefined,
};
const gateway = await openGateway({
  connections: [{ name: "bench", options: { apiBase: url, apiKey, testClocks: false } }],
  ...{ users: [], host: "127.0.0.1", port: 0, trustsLoopback: true, log },
});
const client = new pg.Client({ host: "127.0.0.1", port: gateway.port, user: "bench", database: "bench" });
await client.connect();

const seconds = async (run) => {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
};

/** Rows that a client takes a thousand at a time. */
async function rowsThroughGateway(sql) {
  const cursor = client.query(new Cursor(sql));
  for (let read = await cursor.read(1000); read.length > 0; read = await cursor.read(1000));
  await cursor.close();
}

/** Rows that psql takes, by COPY or by a cursor of so many rows at a time. */
async function rowsThroughPsql(options, sql) {
  const target = ["-h", "127.0.0.1", "-p", String(gateway.port), "-U", "bench", "-XAtq", ...options];
  const psql = spawn("psql", [...target, "-c", sql, "bench"], { stdio: ["ignore", "ignore", "inherit"] });
  const [status] = await once(psql, "exit");
  if (status !== 0) throw new Error(`psql ended with status ${status}`);
}

async function rowsOfDriver(sql) {
  for await (const _ of connection.stream(sql));
}

const ways = [
  ["five columns", "id, amount, currency, created, status", ""],
  ["five columns, a local condition", "id, amount, currency, created, status", " WHERE amount % 2 = 0"],
  ["grouped", "currency, count(*), sum(amount)", " GROUP BY currency"],
];

console.log(`${charges} charges, medians of ${rounds} rounds\n`);
console.log("| rows | driver, s | gateway, s | of the driver's rate | wanted |\n|---|---|---|---|---|");
for (const [name, columns, rest] of ways) {
  const sql = `SELECT ${columns} FROM charges${rest}`;
  const times = [];
  for (let round = 0; round < rounds; round += 1)
    times.push([await seconds(() => rowsOfDriver(sql)), await seconds(() => rowsThroughGateway(sql))]);
  const [driver, served] = [0, 1].map((index) => median(times.map((pair) => pair[index])));
  const ratio = median(times.map(([one, other]) => one / other));
  console.log(`| ${name} | ${driver.toFixed(2)} | ${served.toFixed(2)} | ${ratio.toFixed(2)} | >= 0.5 |`);
}

const ofPsql = [
  ["psql, COPY … TO STDOUT", (sql) => rowsThroughPsql([], `COPY (${sql}) TO STDOUT`)],
  ["psql, FETCH_COUNT 1000", (sql) => rowsThroughPsql(["-v", "FETCH_COUNT=1000"], sql)],
];
for (const [name, run] of ofPsql) {
  const sql = "SELECT id, amount, currency, created, status FROM charges";
  const times = [];
  for (let round = 0; round < rounds; round += 1)
    times.push([await seconds(() => rowsOfDriver(sql)), await seconds(() => run(sql))]);
  const [driver, served] = [0, 1].map((index) => median(times.map((pair) => pair[index])));
  const ratio = median(times.map(([one, other]) => one / other));
  console.log(`| ${name} | ${driver.toFixed(2)} | ${served.toFixed(2)} | ${ratio.toFixed(2)} | >= 0.5 |`);
}

const beside = process.env.POSTGRES_PORT;
const others = [["gateway", client]];
if (beside !== undefined) {
  const postgres = new pg.Client({ host: "127.0.0.1", port: Number(beside), user: "postgres", database: "postgres" });
  await postgres.connect();
  others.push(["PostgreSQL", postgres]);
}
console.log(`\n| SELECT 1, ${statements} times | ms each |\n|---|---|`);
for (const [name, one] of others) {
  await one.query("SELECT 1");
  const took = await seconds(async () => {
    for (let run = 0; run < statements; run += 1) await one.query("SELECT 1");
  });
  console.log(`| ${name} | ${((took * 1000) / statements).toFixed(2)} |`);
}
console.log(`\nresident set: ${Math.round(process.memoryUsage().rss / 1e6)} MB`);

for (const [, one] of others) await one.end();
await gateway.close(1000);
await connection.close();
stop();
