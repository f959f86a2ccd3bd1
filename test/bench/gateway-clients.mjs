// So many clients of the gateway at once, with mixed statements whose answers are known: no error, no wrong row, no state
// of one client in another's, and the memory that it takes.
import assert from "node:assert/strict";
import pg from "pg";
import { openGateway } from "../../dist/gateway/open-gateway.js";
import { startSandbox } from "../../dist/index.js";

const clients = Number(process.env.CLIENTS ?? 50);
const seconds = Number(process.env.SECONDS ?? 60);
const sandbox = await startSandbox({ customers: 300 });
const log = {
  session: () => ({ begin: () => () => undefined, end: () => undefined }),
  refused: console.error,
  canceled: () => undefined,
};
const options = { apiKey: sandbox.apiKey, apiBase: sandbox.url, testClocks: false };
const gateway = await openGateway({
  connections: [{ name: "bench", options }],
  ...{ users: [], host: "127.0.0.1", port: 0, trustsLoopback: true, log },
});

const open = async (index) => {
  const client = new pg.Client({ host: "127.0.0.1", port: gateway.port, user: `client${index}`, database: "bench" });
  await client.connect();
  await client.query(`SET my.own = '${index}'; SET TimeZone = '${index % 2 === 0 ? "UTC" : "Asia/Tokyo"}'`);
  return client;
};

const one = async (client, sql, values) => (await client.query({ text: sql, values, rowMode: "array" })).rows[0];
const emails = (
  await (async () => {
    const client = await open(0);
    const { rows } = await client.query("SELECT id, email FROM customers");
    await client.end();
    return rows;
  })()
).filter(({ email }) => email !== null);

/** Each asserts what it is answered. */
const statements = [
  async (client, index) => {
    const [own, zone, user] = await one(
      client,
      "SELECT current_setting('my.own'), current_setting('TimeZone'), current_user",
    );
    assert.deepEqual([own, zone, user], [String(index), index % 2 === 0 ? "UTC" : "Asia/Tokyo", `client${index}`]);
  },
  async (client) => {
    const { id, email } = emails[Math.floor(Math.random() * emails.length)];
    assert.deepEqual(await one(client, "SELECT email FROM customers WHERE id = $1", [id]), [email]);
  },
  async (client) => assert.deepEqual(await one(client, "SELECT count(*)::int FROM customers"), [counted]),
  async (client, index) => {
    await client.query("BEGIN");
    await client.query(`SET LOCAL my.own = 'inner'; DECLARE c CURSOR FOR SELECT generate_series(1, 1000) + ${index}`);
    assert.deepEqual(await one(client, "FETCH 1 FROM c"), [index + 1]);
    await client.query("ROLLBACK");
  },
  async (client, index) => {
    const sum = await one(client, "SELECT sum(x)::int FROM generate_series(1, $1::int) x", [index + 100]);
    assert.deepEqual(sum, [((index + 100) * (index + 101)) / 2]);
  },
  async (client) => {
    await assert.rejects(client.query("SELECT 1 / (SELECT 0)"), { code: "22012" });
  },
  async (client) => {
    const { rows } = await client.query(
      "SELECT pg_backend_pid() AS own, pid FROM pg_stat_activity WHERE usename = current_user",
    );
    assert.ok(rows.some(({ own, pid }) => own === pid));
  },
  async (client) => {
    const { rows } = await client.query(
      "SELECT c.email, count(*) FROM charges ch JOIN customers c ON c.id = ch.customer GROUP BY 1 ORDER BY 2 DESC LIMIT 5",
    );
    assert.equal(rows.length, 5);
  },
];
const first = await open(0);
const [counted] = await one(first, "SELECT count(*)::int FROM customers");
await first.end();

let ran = 0;
let largest = 0;
const watch = setInterval(() => {
  largest = Math.max(largest, process.memoryUsage().rss);
}, 100);
const until = performance.now() + seconds * 1000;
await Promise.all(
  Array.from({ length: clients }, async (_, index) => {
    const client = await open(index);
    while (performance.now() < until) {
      await statements[Math.floor(Math.random() * statements.length)](client, index);
      ran += 1;
    }
    await client.end();
  }),
);
clearInterval(watch);
console.log(`${clients} clients, ${seconds} s: ${ran} statements, none failed or wrong`);
console.log(`resident set of gateway, sandbox and clients: at most ${Math.round(largest / 1e6)} MB (wanted: 1500)`);
await gateway.close(1000);
await sandbox.close();
