// Bulk writes at 20 requests a second, with answers that take 50 and 300 ms, beside the rate itself and a plain SDK script
// that sends them with p-limit. The sandbox refuses more than 25 in a second, as Stripe does of a test key.
// CALLS: of one write. LATENCY_MS: of one of them alone.

import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import Stripe from "stripe";
import { connect } from "../../dist/index.js";
import { temporaryFolder } from "../support/temporary-folder.mjs";

const calls = Number(process.env.CALLS ?? 200);
const perSecond = 20;
/** So many may go at once, before the rate holds them back. */
const burst = perSecond / 4;
const latencies = process.env.LATENCY_MS === undefined ? [50, 300] : [Number(process.env.LATENCY_MS)];
const folder = temporaryFolder("stripe-sql-bench-writes-");
const script = fileURLToPath(new URL("../crash/crash-server.mjs", import.meta.url));
const wanted = ((calls - burst) / perSecond) * 1000;

console.log(`writes of ${calls} calls at ${perSecond} a second: ${(wanted / 1000).toFixed(1)} s by the rate`);
for (const latency of latencies) {
  const server = fork(script, [join(folder, `sandbox-${latency}.sqlite`), "0", String(latency), "25"]);
  const [{ url }] = await once(server, "message");
  const { hostname, port } = new URL(url);
  const stripe = new Stripe("sk_test_sandbox", {
    ...{ host: hostname, port, protocol: "http", telemetry: false, maxNetworkRetries: 10 },
  });
  const options = { apiBase: url, apiKey: "sk_test_sandbox", cachePath: join(folder, "cache") };
  const connection = await connect({ ...options, requestsPerSecond: perSecond });
  const serial = await connect({ ...options, requestsPerSecond: perSecond, parallelRequests: 1 });
  const values = Array.from({ length: calls }, (_, index) => `('bulk', '${index}')`).join(", ");
  const insert = `INSERT INTO Customer (Name, Phone) VALUES ${values}`;
  const ways = {
    INSERT: () => connection.query(insert),
    UPDATE: () => connection.query("UPDATE Customer SET Description = 'x' WHERE Name = 'bulk'"),
    DELETE: () => connection.query("DELETE FROM Customer WHERE Name = 'bulk'"),
    "INSERT, ParallelRequests=1": () => serial.query(insert),
    "SDK, p-limit(8)": () => withTheSdk(stripe, 8),
  };
  for (const [way, run] of Object.entries(ways)) {
    const start = performance.now();
    await run();
    const time = performance.now() - start;
    const ratio = (time / wanted).toFixed(2);
    console.log(
      `  ${String(latency).padStart(3)} ms  ${way.padEnd(28)} ${(time / 1000).toFixed(1)} s  ${ratio} of the rate`,
    );
  }
  await connection.close();
  await serial.close();
  server.disconnect();
}
rmSync(folder, { recursive: true, force: true });

/** What a script does that knows of the limit: so many at once, and each waits for its turn in the second. */
async function withTheSdk(stripe, width) {
  const limit = pLimit(width);
  const start = performance.now();
  await Promise.all(
    Array.from({ length: calls }, (_, index) =>
      limit(async () => {
        const turn = start + (Math.max(0, index - burst) * 1000) / perSecond - performance.now();
        if (turn > 0) await new Promise((resolve) => setTimeout(resolve, turn));
        await stripe.customers.create({ name: "script", phone: String(index) });
      }),
    ),
  );
}
