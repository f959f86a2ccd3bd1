// Whole tables read in ranges side by side, as a ratio to the SDK's own auto-pagination over the same server in the same
// run: time, requests beside the fewest pages, and the time beside requests divided by the rate. Run with `npm run bench`.
// ROWS=5000 takes a shorter time, and LATENCY=100 measures that one alone. Without latency a plain script goes beyond the
// rate: that is what throughput.mjs measures, without a rate.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Stripe from "stripe";
import { connect } from "../../dist/index.js";
import { temporaryFolder } from "../support/temporary-folder.mjs";

const rows = Number(process.env.ROWS ?? 20_000);
const latencies = process.env.LATENCY === undefined ? [50, 200] : [Number(process.env.LATENCY)];
const requestsPerSecond = 25;

async function withList({ shape, latencyMs }, work) {
  const script = fileURLToPath(new URL("./list-process.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, String(rows), String(latencyMs), shape], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  const { hostname, port } = new URL(url);
  const stripe = new Stripe("sk_test_bench", { host: hostname, port, protocol: "http", telemetry: false });
  const cachePath = temporaryFolder("stripe-sql-scans-");
  try {
    await work({ url, stripe, cachePath });
    const { refused } = await (await fetch(`${url}/refused`)).json();
    console.log(`${shape}: ${refused} requests were refused for their rate\n`);
  } finally {
    rmSync(cachePath, { recursive: true });
    child.stdin.end();
  }
}

const secondsOf = async (run) => {
  const start = performance.now();
  const found = await run();
  return { ...found, seconds: (performance.now() - start) / 1000 };
};

async function sdk(stripe) {
  let count = 0;
  for await (const charge of stripe.charges.list({ limit: 100 })) if (charge.id !== "") count += 1;
  return { count, requests: Math.ceil(count / 100) };
}

async function statement(connection, sql) {
  let count = 0;
  const stream = connection.stream(sql);
  for await (const row of stream) if (row !== undefined) count += 1;
  const { requests } = await stream.summary();
  return { count, requests };
}

const open = ({ url, cachePath }, more = {}) =>
  connect({ apiBase: url, apiKey: "sk_test_bench", requestsPerSecond, testClocks: false, cachePath, ...more });

const line = (name, { count, requests, seconds }, { base, pages, wanted = "" }) =>
  console.log(
    `| ${name} | ${count} | ${requests} | ${(requests / pages).toFixed(3)} | ${seconds.toFixed(2)} | ${(base / seconds).toFixed(2)} | ${(seconds / (requests / requestsPerSecond)).toFixed(3)} | ${wanted} |`,
  );

const shapes = latencies.flatMap((latencyMs) => ["even", "skewed"].map((shape) => ({ shape, latencyMs })));
for (const { shape, latencyMs } of shapes)
  await withList({ shape, latencyMs }, async (server) => {
    console.log(`${rows} charges, ${shape}, ${latencyMs} ms an answer, ${requestsPerSecond} requests a second`);
    console.log(
      "| way | rows | requests | / pages | seconds | times the SDK | seconds / (requests / rate) | wanted |\n|---|---|---|---|---|---|---|---|",
    );
    const pages = Math.ceil(rows / 100);
    const plain = await secondsOf(() => sdk(server.stripe));
    const base = plain.seconds;
    line("Stripe SDK, for await", plain, { base, pages });
    const connection = await open(server);
    const sql = "SELECT Id, Amount, Currency, Created, Status FROM Charge";
    const wanted = latencyMs < 200 ? "" : shape === "even" ? "4, 1.15, 1.1 of the pages" : "3";
    line("never read before", await secondsOf(() => statement(connection, sql)), { base, pages, wanted });
    line("read before", await secondsOf(() => statement(connection, sql)), { base, pages, wanted });
    await connection.close();
    const serial = await open(server, { parallelRequests: 1 });
    line("ParallelRequests=1", await secondsOf(() => statement(serial, sql)), { base, pages });
    await serial.close();
  });

await withList({ shape: "even", latencyMs: latencies.at(-1) }, async (server) => {
  console.log("Charge JOIN Customer on what is no key, the longer list beside both");
  // Of both lists each has its own rate, as with a live key.
  const connection = await open(server, { requestsPerSecond: undefined, parallelRequests: 4 });
  const time = async (sql) => (await secondsOf(() => statement(connection, sql))).seconds;
  const longer = await time("SELECT count(*) FROM Charge WHERE Amount >= 0");
  const both = await time("SELECT count(*) FROM Charge c JOIN Customer u ON u.Created = c.Created WHERE c.Amount >= 0");
  console.log(
    `${longer.toFixed(2)} s alone, ${both.toFixed(2)} s with the other: ${(both / longer).toFixed(2)} times (wanted near 1)`,
  );
  await connection.close();
});
