// What statements take as their tables grow, from 1,000 to 1,000,000 charges, and where answers take 50 and 200 ms: each in a
// process of its own, whose time and most resident memory are read, beside the SDK's auto-pagination. Run with
// `npm run bench`. ROWS=100000 ends there, FROM=100000 begins there, LATENCY=0 measures that one alone, ONLY=sorted the ways
// of that name.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../support/temporary-folder.mjs";

const [least, most] = [Number(process.env.FROM ?? 0), Number(process.env.ROWS ?? 1_000_000)];
const { ONLY: only = "", LATENCY: onlyLatency } = process.env;
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

const ways = [
  { name: "Stripe SDK, for await", sql: "sdk" },
  { name: "five columns", sql: "SELECT Id, Amount, Currency, Created, Status FROM Charge", wanted: 250 },
  {
    name: "five columns, local predicate",
    sql: "SELECT Id, Amount, Currency, Created, Status FROM Charge WHERE Amount % 2 = 0",
    wanted: 250,
  },
  { name: "SELECT *", sql: "SELECT * FROM Charge", wanted: 250 },
  {
    name: "grouped",
    sql: "SELECT Customer, Currency, count(*), sum(Amount) FROM Charge GROUP BY Customer, Currency",
    wanted: 600,
  },
  {
    name: "joined",
    sql: "SELECT ch.Id, ch.Amount, cu.Email FROM Charge ch JOIN Customer cu ON cu.Id = ch.Customer",
    wanted: 600,
  },
  {
    name: "SELECT * sorted, MemoryLimit=512MB",
    sql: "SELECT * FROM Charge ORDER BY Amount",
    properties: { memoryLimit: "512MB" },
  },
];

async function measured(rows, latencyMs) {
  const child = spawn(process.execPath, [script("./long-list-process.mjs"), String(rows), String(latencyMs)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  const cachePath = temporaryFolder("stripe-sql-growth-");
  try {
    let base;
    for (const { name, sql, properties, wanted } of ways) {
      if (sql !== "sdk" && !name.includes(only)) continue;
      const input = [script("./reading-process.mjs"), url, sql, JSON.stringify({ ...properties, cachePath })];
      const { stdout } = await promisify(execFile)(process.execPath, input);
      const { rows: given, seconds, peakMegabytes } = JSON.parse(stdout);
      base ??= seconds;
      const [taken, times] = [seconds.toFixed(2), (base / seconds).toFixed(2)];
      const peak = `${Math.round(peakMegabytes)} | ${wanted === undefined ? "" : `< ${wanted}`}`;
      console.log(`| ${latencyMs} | ${rows} | ${name} | ${given} | ${taken} | ${times} | ${peak} |`);
    }
  } finally {
    rmSync(cachePath, { recursive: true, force: true });
    child.stdin.end();
  }
}

console.log(
  "| latency, ms | charges | way | rows out | seconds | times the SDK | most resident, MB | wanted |\n|---|---|---|---|---|---|---|---|",
);
for (const [latencyMs, rows] of [
  ...[1000, 10_000, 100_000, 1_000_000].map((count) => [0, count]),
  ...[50, 200].map((latency) => [latency, 10_000]),
]) {
  const isMeant = rows >= least && rows <= most && (onlyLatency === undefined || Number(onlyLatency) === latencyMs);
  if (isMeant) await measured(rows, latencyMs);
}
