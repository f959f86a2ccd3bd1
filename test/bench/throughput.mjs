// 100,000 charges from the sandbox: each way of reading them, as a ratio to the SDK's own auto-pagination
// over the same server in the same run. Run with `npm run bench`.
import { connect } from "../../dist/index.js";
import { median, withSandbox } from "./with-sandbox.mjs";

const charges = Number(process.env.CHARGES ?? 100_000);
const rounds = Number(process.env.ROUNDS ?? 3);
const { url, stripe, stop } = await withSandbox({ charges });
const connection = await connect({ apiBase: url });

async function sdk() {
  let rows = 0;
  for await (const charge of stripe.charges.list({ limit: 100 })) if (charge.id !== "") rows += 1;
  return rows;
}

const sql = (text) => async () => {
  let rows = 0;
  for await (const row of connection.stream(text)) if (row !== undefined) rows += 1;
  return rows;
};

const ways = [
  ["Stripe SDK, for await", undefined, sdk],
  ["five columns", 0.8, sql("SELECT Id, Amount, Currency, Created, Status FROM Charge")],
  [
    "five columns, local predicate",
    0.7,
    sql("SELECT Id, Amount, Currency, Created, Status FROM Charge WHERE Amount % 2 = 0"),
  ],
  ["SELECT *", 0.7, sql("SELECT * FROM Charge")],
];

await connection.query("SELECT Id FROM Charge LIMIT 1");
for await (const charge of stripe.charges.list({ limit: 100 })) if (charge.id !== "") break;
const before = process.memoryUsage().rss;
let highest = before;
const sampler = setInterval(() => {
  highest = Math.max(highest, process.memoryUsage().rss);
}, 50);

const seconds = ways.map(() => []);
const counted = [];
for (let round = 0; round < rounds; round += 1) {
  for (const [index, [, , run]] of ways.entries()) {
    const start = performance.now();
    counted[index] = await run();
    seconds[index].push((performance.now() - start) / 1000);
  }
}
clearInterval(sampler);

console.log(`${charges} charges, ${rounds} rounds, medians`);
console.log("| way | rows out | rows read/s | ratio to SDK | wanted |\n|---|---|---|---|---|");
for (const [index, [name, wanted]] of ways.entries()) {
  const ratio = median(seconds[index].map((value, round) => seconds[0][round] / value));
  const speed = Math.round(charges / median(seconds[index]));
  console.log(
    `| ${name} | ${counted[index]} | ${speed} | ${ratio.toFixed(2)} | ${wanted === undefined ? "" : `>= ${wanted}`} |`,
  );
}
console.log(
  `resident set: ${Math.round(before / 1e6)} MB at start, at most ${Math.round((highest - before) / 1e6)} MB more (wanted < 150)`,
);
await connection.close();
stop();
