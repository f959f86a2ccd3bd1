// What statements take as their tables grow, from 1,000 to 1,000,000 charges: each in a process of its own, whose time and
// most resident memory are read, beside the SDK's auto-pagination. Run with `npm run bench`. ROWS=100000 ends there.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../support/temporary-folder.mjs";

const most = Number(process.env.ROWS ?? 1_000_000);
const only = process.env.ONLY;
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
    wanted: "",
  },
];

async function measured(rows) {
  const child = spawn(process.execPath, [script("./long-list-process.mjs"), String(rows)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  const cachePath = temporaryFolder("stripe-sql-growth-");
  try {
    let base;
    for (const { name, sql, properties = {}, wanted = "" } of ways) {
      if (only !== undefined && !name.includes(only)) continue;
      const input = [script("./reading-process.mjs"), url, sql, JSON.stringify({ ...properties, cachePath })];
      const { stdout } = await promisify(execFile)(process.execPath, input);
      const found = JSON.parse(stdout);
      base ??= found.seconds;
      const [seconds, times] = [found.seconds.toFixed(2), (found.seconds / base).toFixed(2)];
      const peak = Math.round(found.peakMegabytes);
      console.log(
        `| ${rows} | ${name} | ${found.rows} | ${seconds} | ${times} | ${peak} | ${wanted === "" ? "" : `< ${wanted}`} |`,
      );
    }
  } finally {
    rmSync(cachePath, { recursive: true, force: true });
    child.stdin.end();
  }
}

console.log(
  "| charges | way | rows out | seconds | / SDK | most resident, MB | wanted |\n|---|---|---|---|---|---|---|",
);
for (const rows of [1000, 10_000, 100_000, 1_000_000])
  if (rows <= most && rows >= Number(process.env.FROM ?? 0)) await measured(rows);
