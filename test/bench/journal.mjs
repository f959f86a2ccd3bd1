// A bulk INSERT with the journal of writes and without, beside a plain SDK script that makes the same customers one by one.
// LATENCY_MS: what each answer takes; without it the sandbox answers as fast as it can, and the journal weighs the most.

import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Stripe from "stripe";
import { connect } from "../../dist/index.js";
import { temporaryFolder } from "../support/temporary-folder.mjs";
import { median } from "./with-sandbox.mjs";

const rounds = Number(process.env.ROUNDS ?? 5);
const calls = Number(process.env.CALLS ?? 200);
const folder = temporaryFolder("stripe-sql-bench-journal-");
const script = fileURLToPath(new URL("../crash/crash-server.mjs", import.meta.url));
const latencies = process.env.LATENCY_MS === undefined ? [0, 50] : [Number(process.env.LATENCY_MS)];

console.log(`INSERT of ${calls} customers, median of ${rounds}, in turn`);
for (const latency of latencies) {
  const child = fork(script, [join(folder, `sandbox-${latency}.sqlite`), "0", String(latency)]);
  const [{ url }] = await once(child, "message");
  const { hostname, port } = new URL(url);
  const stripe = new Stripe("sk_test_sandbox", { host: hostname, port, protocol: "http", telemetry: false });
  const options = { apiBase: url, apiKey: "sk_test_sandbox", cachePath: join(folder, "cache") };
  const [kept, unkept] = [await connect(options), await connect({ ...options, journal: false })];
  const sql = `INSERT INTO Customer (Name) VALUES ${Array.from({ length: calls }, (_, index) => `('${index}')`).join(", ")}`;
  const ways = {
    "plain SDK script": async () => {
      for (let index = 0; index < calls; index += 1) await stripe.customers.create({ name: String(index) });
    },
    "Journal=false": () => unkept.query(sql),
    "with the journal": () => kept.query(sql),
  };
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [way, run] of Object.entries(ways)) {
      const start = performance.now();
      await run();
      // The first round warms up.
      if (round > 0) times[way].push(performance.now() - start);
    }
  }
  for (const [way, measured] of Object.entries(times))
    console.log(`  ${latency} ms latency  ${way.padEnd(18)} ${median(measured).toFixed(0).padStart(7)} ms`);
  const cost = median(times["with the journal"].map((time, index) => time / times["Journal=false"][index] - 1));
  console.log(`  ${latency} ms latency  the journal costs  ${(100 * cost).toFixed(1).padStart(7)} % (wanted <= 5)`);
  await kept.close();
  await unkept.close();
  child.disconnect();
}
rmSync(folder, { recursive: true, force: true });
