// What reading and planning a statement costs before its first request: of the generated statements of test/agreement and
// of those that requests.mjs asks, with everything known of the tables that reading them once tells. Beside it, the share
// of the generated statements that each rule of the planner plans otherwise. Run with `npm run bench`; CUSTOMERS=300 takes
// a smaller sandbox, STATEMENTS=200 fewer statements, SEED=2 others.

import { rmSync } from "node:fs";
import { unrunStatement } from "../../dist/driver/unrun-statement.js";
import { DuckdbEngine } from "../../dist/execute/duckdb/duckdb-engine.js";
import { connect } from "../../dist/index.js";
import { plannerRules } from "../../dist/plan/planner-rule.js";
import { planSelect } from "../../dist/plan/select/plan-select.js";
import { openCatalog } from "../../dist/store/open-catalog.js";
import { openStatistics } from "../../dist/store/statistics-store.js";
import { parseScript } from "../../dist/syntax/parse-script.js";
import { utc } from "../../dist/value/time-zone.js";
import { generateStatement } from "../agreement/generated-statement.mjs";
import { renderStatement } from "../agreement/rendered-statement.mjs";
import { readStatementFacts } from "../agreement/statement-facts.mjs";
import { drawRandom } from "../faults/random-draw.mjs";
import { temporaryFolder } from "../support/temporary-folder.mjs";
import { readFacts } from "./request-facts.mjs";
import { probes, shapes } from "./request-statements.mjs";
import { median, withSandbox } from "./with-sandbox.mjs";

const customers = Number(process.env.CUSTOMERS ?? 3000);
const count = Number(process.env.STATEMENTS ?? 2000);
const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.ROUNDS ?? 3);
process.env.STRIPE_SQL_SANDBOX_START ??= "2026-11-01T00:00:00Z";

const { url, stripe, stop } = await withSandbox({ customers, seed: 11 });
const cachePath = temporaryFolder("stripe-sql-bench-");
const { facts, asked } = await readSandbox();
stop();

const catalog = openCatalog(cachePath);
const statistics = openStatistics(cachePath);
const engine = await DuckdbEngine.open([], { fileAccess: true });
const account = `${url} test `;
const known = {
  rows: ({ schema, table }) => statistics.rowsSeen({ schema, table, account }),
  fact: ({ schema, table }, kind, name) => statistics.fact({ schema, table, account }, { kind, name }),
  testClocks: () => 0,
  doubtOf: () => undefined,
};
if (known.rows({ schema: "stripe", table: "Charge" }) === undefined) throw new Error("nothing was learned of Charge");

const generated = Array.from({ length: count }, (_, number) => {
  const statement = generateStatement(drawRandom(seed, number), facts);
  return { name: `${number} ${statement.shape}`, sql: renderStatement(statement) };
});

console.log(`${customers} customers, ${rounds} rounds, the least processor time of each, in ms\n`);
console.log("| statements | what | median | p99 | worst | of |\n|---|---|---|---|---|---|");
const read = await Promise.all(generated.slice(0, 200).map(({ sql }) => readText(sql)));
for (const statement of read) plan(statement);
await measured(`${count} generated, seed ${seed}`, generated);
await measured("shapes and part C", asked);
await sharesOfRules();
await engine.close();
statistics.close();
catalog.close();
rmSync(cachePath, { recursive: true });

async function readSandbox() {
  const connection = await connect({ apiBase: url, apiKey: "sk_test_sandbox", requestsPerSecond: 10_000, cachePath });
  const found = await readFacts(stripe);
  const tables =
    "Charge Customer Invoice Subscription SubscriptionItem BalanceTransaction PaymentIntent Dispute Refund";
  for (const table of `${tables} PaymentMethod Product Price Payout`.split(" "))
    await connection.query(`SELECT count(*) FROM ${table}`);
  const own = await readStatementFacts(connection);
  await connection.close();
  return { facts: own, asked: [...shapes(found), ...probes(found)] };
}

function readText(sql) {
  const [parsed] = parseScript(sql);
  return unrunStatement(
    parsed,
    () => engine,
    () => parsed,
  ).read();
}

function plan(statement, { without = [], search = "auto" } = {}) {
  return planSelect(statement, {
    catalog,
    systemTables: [],
    tempTables: [],
    constants: { parameters: [], nowSeconds: Date.UTC(2026, 10, 1) / 1000, zone: utc },
    statistics: known,
    accountId: undefined,
    closedEnumsHold: true,
    pushdown: true,
    directWay: true,
    search,
    without: new Set(without),
    readOnly: false,
    allowUnfilteredWrites: false,
  });
}

async function measured(of, statements) {
  const [texts, plans] = [[], []];
  for (const { name, sql } of statements) {
    const statement = await readText(sql);
    plans.push({ name, ms: await leastMs(() => plan(statement)) });
    texts.push({ name, ms: await leastMs(async () => plan(await readText(sql))) });
  }
  for (const [what, times] of [
    ["the text to its plan", texts],
    ["the plan alone", plans],
  ]) {
    const sorted = [...times].sort((one, other) => one.ms - other.ms);
    const [p99, worst] = [sorted[Math.floor(sorted.length * 0.99)], sorted.at(-1)];
    const cells = [median(sorted.map(({ ms }) => ms)), p99.ms, worst.ms].map((ms) => ms.toFixed(2));
    console.log(`| ${[of, what, ...cells, worst.name].join(" | ")} |`);
  }
}

/** Whatever else the machine does only adds to it. */
async function leastMs(work) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

async function sharesOfRules() {
  const others = new Map(plannerRules.map((rule) => [rule, 0]));
  for (const { sql } of generated) {
    const statement = await readText(sql);
    for (const rule of plannerRules) {
      // As a rule it saves nothing in a small account; so it is judged where it is told to find what it can.
      const search = rule === "search" ? "always" : "auto";
      const [usual, without] = [plan(statement, { search }), plan(statement, { search, without: [rule] })];
      if (requestsOf(usual) !== requestsOf(without)) others.set(rule, others.get(rule) + 1);
    }
  }
  console.log("\n| rule | statements that are planned otherwise without it | share |\n|---|---|---|");
  for (const [rule, times] of others) console.log(`| ${rule} | ${times} | ${((100 * times) / count).toFixed(1)} % |`);
}

/** What a plan asks for, and how its rows come together. */
function requestsOf({ strategy, relations, feeds }) {
  const asked = [...relations, ...feeds].map(({ id }) => id);
  return JSON.stringify([strategy, asked], (key, value) => (key === "columns" ? undefined : value));
}
