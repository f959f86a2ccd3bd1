// Generated sequences of reads and changes, by connections that keep rows and share what they keep, as programs of one
// cache folder do: each read must answer as a connection does that keeps nothing.
//
//   node test/agreement/kept-sequences.mjs --count 500 --seed 1
//   node test/agreement/kept-sequences.mjs --seed 1 --sequence 471 --print        one of them again, told step by step

import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect, StripeSqlError, startSandbox } from "../../dist/index.js";
import { drawRandom } from "../faults/random-draw.mjs";
import { temporaryFolder } from "../support/temporary-folder.mjs";
import { answerOf, describeDifference, isSameAnswer } from "./compared-answers.mjs";
import { generateStatement } from "./generated-statement.mjs";
import { changes, narrowedReads } from "./kept-steps.mjs";
import { renderStatement, renderWhole } from "./rendered-statement.mjs";
import { readStatementFacts } from "./statement-facts.mjs";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    sequence: { type: "string" },
    steps: { type: "string", default: "10" },
    customers: { type: "string", default: "120" },
    print: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const from = Number(values.sequence ?? values.from);
const count = values.sequence === undefined ? Number(values.count) : 1;
const steps = Number(values.steps);

process.env.STRIPE_SQL_SANDBOX_START ??= "2026-11-01T00:00:00Z";
const folder = temporaryFolder("stripe-sql-kept-");
const tally = { reads: 0, kept: 0, without: 0, changes: 0, refused: 0, saved: 0, differed: 0 };
const started = performance.now();
/** Of one sandbox, which changes with each sequence. */
const perSandbox = 50;
for (let at = from; at < from + count; at += perSandbox) await runSome(at, Math.min(perSandbox, from + count - at));
rmSync(folder, { recursive: true });

const seconds = ((performance.now() - started) / 1000).toFixed(0);
print(
  `${count} sequences of seed ${seed} from ${from} in ${seconds} s: ${tally.reads} reads and ${tally.changes} changes`,
);
print(`  ${tally.kept} reads took kept rows, ${tally.without} of them no request; ${tally.saved} requests saved`);
print(`  ${tally.refused} reads and changes were refused`);
const isVain = count >= 10 && (tally.without === 0 || tally.changes === 0);
if (isVain) print("Nothing was tried: no read went without a request, or nothing was changed.");
print(tally.differed === 0 && !isVain ? "No answer differed." : `${tally.differed} differed.`);
process.exitCode = tally.differed === 0 && !isVain ? 0 : 1;

async function runSome(first, many) {
  const sandbox = await startSandbox({ customers: Number(values.customers) });
  const open = (options) =>
    connect({ apiKey: sandbox.apiKey, apiBase: sandbox.url, requestsPerSecond: 10_000, ...options });
  const shared = { cachePath: join(folder, "shared") };
  const world = {
    plain: await open({ cachePath: join(folder, "plain") }),
    keeping: [
      await open({ ...shared, cacheTtl: "1 hour" }),
      await open({ ...shared, cacheTtl: "1 hour", search: "off" }),
    ],
    // Keeps nothing itself, and drops what the others have kept.
    changing: await open(shared),
  };
  const everyone = [world.plain, ...world.keeping, world.changing];
  try {
    const facts = await readStatementFacts(world.plain);
    for (let number = first; number < first + many; number += 1) await runSequence(number, { ...world, facts });
  } finally {
    await Promise.all(everyone.map((connection) => connection.close()));
    await sandbox.close();
  }
}

async function runSequence(number, world) {
  const random = drawRandom(seed, number);
  const asked = [];
  for (let step = 0; step < steps; step += 1) {
    if (step > 0 && random.chance(0.15)) {
      await change(random.of(changes)(world.facts, random), { random, world, number, step });
      continue;
    }
    const statement = asked.length > 0 && random.chance(0.5) ? random.of(asked) : drawStatement(random, world.facts);
    asked.push(statement);
    await read(statement, { random, world, number, step });
  }
}

/** Many are of few tables, so that later ones ask for what earlier ones have read. */
function drawStatement(random, facts) {
  if (random.chance(0.5)) return generateStatement(random, facts);
  const make = random.of(narrowedReads);
  return { text: make(facts, random), commons: [], isOrdered: false };
}

async function read(statement, { random, world, number, step }) {
  const connection = random.of(world.keeping);
  const sql = renderStatement(statement);
  const expected = await answerOf(world.plain, renderWhole(statement), statement);
  let notices = [];
  const watched = {
    query: async (text) => {
      const result = await connection.query(text);
      ({ notices } = result);
      return result;
    },
  };
  const found = await answerOf(watched, sql, statement);
  const tookKept = notices.some((notice) => notice.startsWith("rows that were kept"));
  tally.reads += 1;
  if (tookKept) tally.kept += 1;
  if (tookKept && found.requests === 0) tally.without += 1;
  if (found.requests === 0 && !tookKept && expected.requests > 0) tell("a read without a request told of no kept rows");
  if (expected.error !== undefined) tally.refused += 1;
  else tally.saved += Math.max(0, expected.requests - (found.requests ?? 0));
  if (values.print)
    print(`${number}.${step} ${tookKept ? "kept" : "read"} ${found.requests} (${expected.requests}): ${sql}`);
  if (!isSameAnswer(expected, found, statement)) tell(describeDifference(expected, found));

  function tell(difference) {
    tally.differed += 1;
    print(`DIFFERS: --seed ${seed} --sequence ${number} step ${step}: ${sql}`);
    print(`    ${difference}`);
  }
}

async function change(sql, { random, world, number, step }) {
  const connection = random.of([...world.keeping, world.changing]);
  let outcome = "done";
  try {
    await connection.query(sql);
    tally.changes += 1;
  } catch (error) {
    if (!(error instanceof StripeSqlError) || error.sqlState === "XX000") throw error;
    tally.refused += 1;
    outcome = error.message;
  }
  if (values.print) print(`${number}.${step} ${outcome}: ${sql}`);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
