// Many clients at once: a page of customers through `stripe-sql serve` on two nodes, beside the bare SDK asking for the
// same page of the same sandbox, each in processes of their own and in turns. No rate of the connection holds either
// back, so that what is compared is the processor's work. Run with `npm run bench`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { withSandbox } from "./with-sandbox.mjs";
import { withServer } from "./with-server.mjs";

const clients = Number(process.env.CLIENTS ?? 200);
const seconds = Number(process.env.SECONDS ?? 20);
const warmUpSeconds = Number(process.env.WARM_UP ?? 10);
const rounds = Number(process.env.ROUNDS ?? 1);
const pageSize = Number(process.env.PAGE_SIZE ?? 10);
const wantedRatio = 0.3;
const wantedTail = 10;

const { url, stop } = await withSandbox();
const server = await withServer({ apiBase: url, throttle: { transactions_per_second_per_node: 1_000_000 } });
const page = `${server.url}/entityTypes/Customer/entities?pageSize=${pageSize}`;
const bare = () => run("sdk-load-process.mjs", [url, pageSize, clients, seconds]);
const served = () => run("load-process.mjs", [page, server.token, clients, seconds]);

// A server runs for days: what its first requests cost is no part of what it serves.
await run("load-process.mjs", [page, server.token, clients, warmUpSeconds]);
const found = { bare: [], served: [] };
for (let round = 0; round < rounds; round += 1) {
  found.bare.push(await bare());
  found.served.push(await served());
}
await server.stop();
stop();

const own = summary(found.served);
const sdk = summary(found.bare);
const ratio = own.perSecond / sdk.perSecond;
const tail = own.p99 / own.median;
console.log(`${clients} clients for ${seconds} s on two nodes, pages of ${pageSize} customers`);
console.log("| way | requests/s | median ms | p99 ms | p99 / median |\n|---|---|---|---|---|");
for (const [name, { perSecond, median, p99 }] of [
  ["Stripe SDK", sdk],
  ["stripe-sql serve", own],
]) {
  console.log(
    `| ${name} | ${perSecond.toFixed(0)} | ${median.toFixed(1)} | ${p99.toFixed(1)} | ${(p99 / median).toFixed(2)} |`,
  );
}
console.log(
  `served / bare: ${ratio.toFixed(3)} (wanted >= ${wantedRatio}); p99 / median: ${tail.toFixed(2)} (< ${wantedTail})`,
);
if (own.failures.length > 0) console.log(`answers other than 200: ${JSON.stringify(own.failures)}`);

async function run(script, parameters) {
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...parameters.map(String)], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  await once(child, "close");
  return JSON.parse(printed);
}

function summary(runs) {
  const sorted = runs.flatMap(({ latencies }) => latencies).sort((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return {
    perSecond: sorted.length / (seconds * runs.length),
    median: at(0.5),
    p99: at(0.99),
    failures: runs.flatMap(({ failures }) => failures),
  };
}
