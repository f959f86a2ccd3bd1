// Reads one thing in a process of its own, so that its memory is nobody else's: a statement's rows, or with "sdk" a list by
// the SDK's auto-pagination. Prints rows, seconds, and the most of its memory that was resident, as JSON, and ends.
import { readFileSync } from "node:fs";
import Stripe from "stripe";
import { connect } from "../../dist/index.js";

const [url, text, properties = "{}"] = process.argv.slice(2);

async function bySdk() {
  const { hostname, port } = new URL(url);
  const stripe = new Stripe("sk_test_bench", { host: hostname, port, protocol: "http", telemetry: false });
  let rows = 0;
  for await (const charge of stripe.charges.list({ limit: 100 })) if (charge.id !== "") rows += 1;
  return rows;
}

async function byStatement() {
  const connection = await connect({
    ...{ apiBase: url, apiKey: "sk_test_bench", requestsPerSecond: 10_000, testClocks: false },
    ...JSON.parse(properties),
  });
  let rows = 0;
  for await (const batch of connection.stream(text).batches()) rows += batch.length;
  await connection.close();
  return rows;
}

/** The system's own count, in megabytes. */
function peakMegabytes() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

const start = performance.now();
const rows = await (text === "sdk" ? bySdk() : byStatement());
const seconds = (performance.now() - start) / 1000;
process.stdout.write(JSON.stringify({ rows, seconds, peakMegabytes: peakMegabytes() }));
