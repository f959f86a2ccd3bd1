// What reading a text costs at 1, 10 and 100 times the size: a reader in linear time is at about 1 : 10 : 100. Run with
// `npm run bench`.
import { parseJson } from "../../dist/connector/http/parse-json.js";
import { parseQuery } from "../../dist/connector/http/parse-query.js";
import { StripeSqlError } from "../../dist/error/stripe-sql-error.js";
import { DuckdbEngine } from "../../dist/execute/duckdb/duckdb-engine.js";
import { parseForm } from "../../dist/sandbox/form-body.js";
import { parseConnectionString } from "../../dist/syntax/parse-connection-string.js";
import { parseFilterClause } from "../../dist/syntax/parse-filter-clause.js";
import { parseScript } from "../../dist/syntax/parse-script.js";
import { parseSearchQuery } from "../../dist/syntax/parse-search-query.js";
import { splitTyped } from "../../dist/syntax/read-tokens.js";
import { requireWithinBounds } from "../../dist/syntax/text-bounds.js";
import { parseJson as parseStripeJson } from "../../dist/value/exact-number.js";

const rounds = Number(process.env.ROUNDS ?? 10);
const many = (count, text, between = "") => Array.from({ length: count }, (_, index) => text(index)).join(between);
const unbounded = { length: 1e9, semicolons: 1e9, depth: 1e9, conjunctions: 1e9 };
const engine = await DuckdbEngine.open([], { fileAccess: false });

/** Name, what reads, the text of so many parts, and parts at the smallest size. */
const readers = [
  [
    "bounds of a text",
    (text) => requireWithinBounds(text, unbounded),
    (n) => many(n, () => "SELECT ('x'); /* y */ -- z\n"),
    200,
  ],
  ["script: statements", parseScript, (n) => many(n, (i) => `SELECT ${i} FROM t WHERE a = 'x';`), 20],
  [
    "script: a list of values",
    parseScript,
    (n) => `SELECT a FROM t WHERE a IN (${many(n, (i) => `'v${i}'`, ", ")})`,
    50,
  ],
  ["script: conjunctions", parseScript, (n) => `SELECT a FROM t WHERE ${many(n, (i) => `a <> ${i}`, " AND ")}`, 20],
  ["script: alternatives", parseScript, (n) => `SELECT a FROM t WHERE ${many(n, (i) => `a = ${i}`, " OR ")}`, 20],
  ["script: rows", parseScript, (n) => `INSERT INTO t (a, b) VALUES ${many(n, (i) => `(${i}, 'x')`, ", ")}`, 20],
  [
    "script: computed rows",
    parseScript,
    (n) => `INSERT INTO t (a, b) VALUES ${many(n, (i) => `(${i} + 1, f('x'))`, ", ")}`,
    20,
  ],
  ["script: arrows", parseScript, (n) => `SELECT a${many(n, () => "->'b'")} FROM t, u`, 20],
  ["script: brackets", parseScript, (n) => `SELECT ${"(".repeat(n)}1${")".repeat(n)} + 1`, 10],
  ["script: a literal", parseScript, (n) => `SELECT '${"x".repeat(n)}'`, 10_000],
  ["script: comments", parseScript, (n) => `${many(n, () => "/* x */ -- y\n")}SELECT 1`, 100],
  ["script: line breaks", parseScript, (n) => `${"\n".repeat(n)}SELECT 1`, 10_000],
  ["script: a name", parseScript, (n) => `SELECT "${"x".repeat(n)}" FROM t`, 10_000],
  ["script: columns", parseScript, (n) => `SELECT ${many(n, (i) => `a AS c${i}`, ", ")} FROM t`, 20],
  ["script: parameters", parseScript, (n) => `SELECT ${many(n, () => "?", ", ")}`, 50],
  ["typed text", splitTyped, (n) => many(n, () => "SELECT ('x'); "), 50],
  ["DuckDB's tree", (text) => engine.serialize(text), (n) => `SELECT ${many(n, (i) => `a + ${i}`, ", ")} FROM t`, 50],
  ["filter clause", parseFilterClause, (n) => many(n, (i) => `A = '${i}'`, " AND "), 20],
  ["filter clause: values", parseFilterClause, (n) => `A IN (${many(n, (i) => `'${i}'`, ", ")})`, 50],
  ["search query", parseSearchQuery, (n) => `email:'${"x".repeat(n)}'`, 1000],
  ["connection string", parseConnectionString, (n) => many(n, (i) => `Name${i}="va;lue"`, ";"), 50],
  ["body: text", parseJson, (n) => JSON.stringify({ a: "x\n".repeat(n) }), 5000],
  ["body: list", parseJson, (n) => `[${many(n, (i) => `{"a":${i}}`, ",")}]`, 100],
  ["body: fields", parseJson, (n) => `{${many(n, (i) => `"k${i}":1.5`, ",")}}`, 100],
  ["Stripe's JSON", parseStripeJson, (n) => `[${many(n, (i) => `{"a":1.10,"b":900719925474099${i}}`, ",")}]`, 100],
  ["URL", parseQuery, (n) => `/x?${many(n, (i) => `a${i % 7}=%C3%A9`, "&")}`, 10],
  ["form", parseForm, (n) => many(n, (i) => `a[${i}][b]=${i}&c[d${i}]=e`, "&"), 50],
];

async function timeMs(read, text) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    try {
      await read(text);
    } catch (error) {
      if (!(error instanceof StripeSqlError)) throw error;
    }
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  // Whatever else the machine does only adds to it.
  return Math.min(...times);
}

console.log(`${rounds} rounds, the least processor time of each`);
console.log("| reader | characters | ms | 10 times | 100 times | ratio |\n|---|---|---|---|---|---|");
for (const [name, read, textOf, parts] of readers) {
  for (let warm = 0; warm < 20; warm += 1) await timeMs(read, textOf(parts));
  const times = [];
  for (const size of [1, 10, 100]) times.push(await timeMs(read, textOf(parts * size)));
  const [smallest = 0, middle = 0, largest = 0] = times;
  const ratio = `1 : ${(middle / smallest).toFixed(0)} : ${(largest / smallest).toFixed(0)}`;
  const [a, b, c] = times.map((ms) => ms.toFixed(2));
  console.log(`| ${name} | ${textOf(parts).length} | ${a} | ${b} | ${c} | ${ratio} |`);
}
await engine.close();
