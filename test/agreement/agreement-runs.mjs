// Generated statements by every way of planning them: nothing that the planner saves may change an answer. What stands
// apart is printed.
//
//   node test/agreement/agreement-runs.mjs --statements 2000 --seed 1              while nobody changes anything
//   node test/agreement/agreement-runs.mjs --statements 2000 --mode inserts       while rows are added
//   node test/agreement/agreement-runs.mjs --statements 2000 --mode limits        while some requests get 429
//   node test/agreement/agreement-runs.mjs --statements 2000 --mode faults        while answers are spoilt
//   node test/agreement/agreement-runs.mjs --seed 1 --statement 471               one of them again
//
// `--from` begins later, so that a run can be made in pieces; several modes are parted by commas; `--print` shows each.

import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { startSandbox } from "../../dist/index.js";
import { drawRandom } from "../faults/random-draw.mjs";
import { temporaryFolder } from "../support/temporary-folder.mjs";
import { generateStatement } from "./generated-statement.mjs";
import { compareUnderInserts } from "./growing-statement.mjs";
import { openModes } from "./planner-modes.mjs";
import { compareQuietly } from "./quiet-statement.mjs";
import { renderStatement } from "./rendered-statement.mjs";
import { compareUnderFaults } from "./spoilt-statement.mjs";
import { readStatementFacts } from "./statement-facts.mjs";

const { values } = parseArgs({
  options: {
    statements: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    statement: { type: "string" },
    mode: { type: "string", default: "quiet" },
    customers: { type: "string", default: "140" },
    print: { type: "boolean", default: false },
  },
});
const compareBy = {
  quiet: compareQuietly,
  inserts: compareUnderInserts,
  limits: (world, statement) => compareUnderFaults(world, statement, "limits"),
  faults: (world, statement) => compareUnderFaults(world, statement, "faults"),
};
const seed = Number(values.seed);
const from = Number(values.statement ?? values.from);
const count = values.statement === undefined ? Number(values.statements) : 1;

process.env.STRIPE_SQL_SANDBOX_START ??= "2026-11-01T00:00:00Z";
const folder = temporaryFolder("stripe-sql-agreement-");
let failed = 0;
for (const mode of values.mode.split(",")) await runMode(mode);
rmSync(folder, { recursive: true });
print(failed === 0 ? "No answer differed." : `${failed} differed.`);
process.exitCode = failed === 0 ? 0 : 1;

async function runMode(mode) {
  if (compareBy[mode] === undefined) throw new Error(`--mode is quiet, inserts, limits or faults, not ${mode}`);
  const run = { mode, tallies: new Map(), refusals: new Map() };
  const started = performance.now();
  // A sandbox that has grown too far is replaced.
  const perSandbox = mode === "inserts" ? 150 : 1000;
  for (let at = from; at < from + count; at += perSandbox)
    await runSome(run, at, Math.min(perSandbox, from + count - at));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  print(`${count} statements of seed ${seed} from ${from}, ${mode}, in ${seconds} s`);
  for (const [what, times] of [...run.tallies].sort(([one], [other]) => (one < other ? -1 : 1)))
    print(`  ${times} ${what}`);
  for (const [message, times] of run.refusals) print(`  ${times} refused by all: ${message}`);
}

async function runSome(run, first, many) {
  const sandbox = await startSandbox({ customers: Number(values.customers) });
  const modes = await openModes(sandbox, { cachePath: folder, timeout: run.mode === "faults" ? 0.5 : undefined });
  try {
    const facts = await readStatementFacts(modes.truth);
    for (let number = first; number < first + many; number += 1) await runOne(run, number, { sandbox, modes, facts });
  } finally {
    await modes.close();
    await sandbox.close();
  }
}

async function runOne({ mode, tallies, refusals }, number, world) {
  const random = drawRandom(seed, number);
  const statement = generateStatement(random, world.facts);
  if (values.print) print(`${number} ${statement.shape}: ${renderStatement(statement)}`);
  const outcome = await compareBy[mode]({ ...world, random }, statement);
  for (const what of [`of the shape "${statement.shape}"`, ...outcome.tallies]) tally(tallies, what);
  if (outcome.refused !== undefined) tally(refusals, outcome.refused.message);
  if (outcome.differences.length === 0) return;
  failed += 1;
  print(`DIFFERS: --seed ${seed} --statement ${number} --mode ${mode}: ${renderStatement(statement)}`);
  for (const line of outcome.differences) print(`  ${line}`);
}

function tally(tallies, what) {
  tallies.set(what, (tallies.get(what) ?? 0) + 1);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
