// What statements take of Stripe: requests made, the fewest that are possible, what EXPLAIN had predicted, and what a plain
// program over the SDK would take, with its auto-pagination and its retrieve. The statements are those that people ask;
// the fewest are computed of the sandbox's objects. Run with `npm run bench`. CUSTOMERS=300 takes a smaller sandbox.

import { rmSync } from "node:fs";
import { connect } from "../../dist/index.js";
import { temporaryFolder } from "../support/temporary-folder.mjs";
import { pagesOf, pagesUntil, readFacts } from "./request-facts.mjs";
import { probes, shapes } from "./request-statements.mjs";
import { inOtherWords, throughSubqueries } from "./subquery-statements.mjs";
import { withSandbox } from "./with-sandbox.mjs";

const customers = Number(process.env.CUSTOMERS ?? 3000);
process.env.STRIPE_SQL_SANDBOX_START ??= "2026-11-01T00:00:00Z";
const { url, stripe, stop } = await withSandbox({ customers, seed: 11 });
const facts = await readFacts(stripe);
const cachePath = temporaryFolder("stripe-sql-bench-");
const connection = await connect({
  apiBase: url,
  apiKey: "sk_test_sandbox",
  requestsPerSecond: 10_000,
  // As where answers come at once. PARALLEL=6 reads long lists in ranges, as slow answers call for.
  parallelRequests: Number(process.env.PARALLEL ?? 1),
  testClocks: false,
  cachePath,
});

async function predicted(sql) {
  const { rows } = await connection.query(`EXPLAIN (FORMAT JSON) ${sql}`);
  const [plan] = Object.values(rows[0]);
  const { requests, requestsBasis } = typeof plan === "string" ? JSON.parse(plan) : plan;
  return requests === null ? requestsBasis : requestsBasis === "at most" ? `<= ${requests}` : String(requests);
}

/** As soon as the tables have been read once, by whichever statements. */
const readBefore =
  "Charge Customer Invoice Subscription SubscriptionItem BalanceTransaction PaymentIntent Dispute Product Price";
for (const table of readBefore.split(" ")) await connection.query(`SELECT count(*) FROM ${table}`);

async function measured(statements) {
  console.log("| statement | requests | minimum | predicted | plain SDK script |\n|---|---|---|---|---|");
  const rows = [];
  for (const { name, sql, minimum, script } of statements) {
    const expected = await predicted(sql);
    const { requests } = await connection.query(sql);
    rows.push({
      above: requests - minimum,
      isPredicted: isWithin(Number(expected), requests),
      isKnown: !Number.isNaN(Number(expected)),
    });
    const mark = requests <= minimum ? "" : ` (+${requests - minimum})`;
    console.log(`| ${name} | ${requests}${mark} | ${minimum} | ${expected} | ${script} |`);
  }
  const [best, known] = [rows.filter(({ above }) => above <= 0), rows.filter(({ isKnown }) => isKnown)];
  const right = known.filter(({ isPredicted }) => isPredicted);
  console.log(
    `\n${best.length} of ${rows.length} at the minimum, ${rows.filter(({ above }) => above > 1).length} more than one above; `,
  );
  console.log(
    `${right.length} of ${known.length} predictions exact or within 10 %, ${rows.length - known.length} told as not known\n`,
  );
}

const isWithin = (expected, made) => Math.abs(expected - made) <= 0.1 * made;

console.log(`${customers} customers\n\nShapes\n`);
await measured(shapes(facts));
console.log("Probes\n");
await measured(probes(facts));
console.log("Through subqueries\n");
await measured(throughSubqueries({ ...facts, pagesOf, pagesUntil }));
console.log("In other words\n");
await measured(inOtherWords({ ...facts, pagesOf }));
await connection.close();
rmSync(cachePath, { recursive: true });
stop();
