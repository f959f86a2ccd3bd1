// What comparing Stripe's answers with the request costs: the time within the checks, as a part of the processor time of
// the whole statement over the same server. Run with `npm run bench`.

import { DeliveredRows } from "../../dist/execute/scan/delivered-rows.js";
import { RowCheck } from "../../dist/execute/scan/row-check.js";
import { connect } from "../../dist/index.js";
import { median, withSandbox } from "./with-sandbox.mjs";

const charges = Number(process.env.CHARGES ?? 20_000);
const rounds = Number(process.env.ROUNDS ?? 5);
const wantedPercent = 3;

let checkingMs = 0;
for (const [prototype, names] of [
  [RowCheck.prototype, ["page"]],
  [DeliveredRows.prototype, ["add", "rest"]],
]) {
  for (const name of names) {
    const check = prototype[name];
    prototype[name] = function timed(...given) {
      const start = performance.now();
      try {
        return check.apply(this, given);
      } finally {
        checkingMs += performance.now() - start;
      }
    };
  }
}

const columns = "Id, Amount, Currency, Created, Status";
const statements = [
  ["five columns", `SELECT ${columns} FROM Charge`],
  ["SELECT *", "SELECT * FROM Charge"],
  ["filtered", `SELECT ${columns} FROM Charge WHERE Created >= '2000-01-01'`],
  ["filtered, local predicate", `SELECT ${columns} FROM Charge WHERE Created >= '2000-01-01' AND Amount % 2 = 0`],
  ["filtered, in order", `SELECT ${columns} FROM Charge WHERE Created >= '2000-01-01' ORDER BY Created DESC`],
];

const { url, stop } = await withSandbox({ charges });
const connection = await connect({ apiBase: url, requestsPerSecond: 10_000 });

async function checkedPart(sql) {
  checkingMs = 0;
  const before = process.cpuUsage();
  let rows = 0;
  for await (const batch of connection.stream(sql).batches()) rows += batch.length;
  const { user, system } = process.cpuUsage(before);
  return { rows, percent: (100 * checkingMs) / ((user + system) / 1000) };
}

console.log(`${charges} charges, ${rounds} rounds, medians`);
console.log("| statement | rows out | checking, % of the processor time | wanted |\n|---|---|---|---|");
for (const [name, sql] of statements) {
  await checkedPart(sql);
  const parts = [];
  for (let round = 0; round < rounds; round += 1) parts.push(await checkedPart(sql));
  const percent = median(parts.map((part) => part.percent));
  console.log(`| ${name} | ${parts[0].rows} | ${percent.toFixed(2)} | <= ${wantedPercent} |`);
}
await connection.close();
stop();
