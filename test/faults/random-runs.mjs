// Scans and writes on the real driver while Stripe's answers are spoilt at random and others change the same objects.
// The truth is what the sandbox holds. Nothing may be lost, repeated or told wrongly, nothing may fail otherwise than by
// an error of the driver's, and nothing may be left over.
//
//   node test/faults/random-runs.mjs --runs 10000 --seed 1      all of them, several at a time
//   node test/faults/random-runs.mjs --seed 1 --run 4711        one of them again

import { rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { connect, StripeSqlError, startSandbox } from "../../dist/index.js";
import { temporaryFolder } from "../support/temporary-folder.mjs";
import { drawRandom } from "./random-draw.mjs";
import { runScan } from "./random-scan.mjs";
import { openWorld } from "./random-world.mjs";
import { runWrite } from "./random-write.mjs";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    run: { type: "string" },
    parallel: { type: "string", default: "16" },
  },
});
const seed = Number(values.seed);
const numbers =
  values.run === undefined ? Array.from({ length: Number(values.runs) }, (_, index) => index) : [Number(values.run)];

/** Codes that the faults may end in: a budget, the connection, an answer, a cancellation, and a cursor that was deleted. */
const expectedStates = new Set(["53400", "08006", "58030", "57014", "22023"]);
const timeoutSeconds = 0.25;

const cachePath = temporaryFolder("stripe-sql-random-");
const failures = [];
const endings = new Map();
let current = "before the first run";
process.on("unhandledRejection", (reason) =>
  failures.push({ run: current, problem: `unhandled rejection: ${reason?.stack ?? reason}` }),
);

const started = performance.now();
const waiting = numbers.values();
await Promise.all(
  Array.from({ length: Math.min(Number(values.parallel), numbers.length) }, (_, index) => worker(index % 2 === 1)),
);
await wait(50);
const sockets = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
if (sockets > 0) failures.push({ run: "the end", problem: `${sockets} sockets are left` });
rmSync(cachePath, { recursive: true });

const seconds = (performance.now() - started) / 1000;
print(`${numbers.length} runs of seed ${seed} in ${seconds.toFixed(0)} s`);
for (const [ending, count] of [...endings].sort(([, one], [, other]) => other - one)) print(`  ${count} ${ending}`);
for (const { run, problem, story } of failures) {
  print(`FAILED: --seed ${seed} --run ${run}: ${problem}`);
  if (story !== undefined) print(story.map((line) => `    ${line}`).join("\n"));
}
print(failures.length === 0 ? "No run failed." : `${failures.length} failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;

function print(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * A sandbox of its own, as faults are its whole server's, and one run after another. Every second one reads long lists in
 * ranges of their times, of which it has to have more rows, and a cache of its own, so that some are cut by what was seen.
 */
async function worker(isInRanges) {
  const sandbox = await startSandbox({ customers: isInRanges ? 640 : 230 });
  const ranges = isInRanges ? { parallelRequests: 6, cachePath: temporaryFolder("stripe-sql-random-ranges-") } : {};
  const address = { apiKey: sandbox.apiKey, apiBase: sandbox.url };
  const options = { ...address, timeout: timeoutSeconds, cachePath, ...ranges };
  const connection = await connect(options);
  const world = await openWorld(sandbox);
  for (const number of waiting) {
    const random = drawRandom(seed, number);
    const story = [];
    current = number;
    const own = random.chance(0.04) ? await connect(options) : connection;
    try {
      const parts = { world, random, story, own: own !== connection, connection: own, name: `r${seed}-${number}` };
      await oneRun(parts);
    } catch (problem) {
      failures.push({ run: number, problem: problem instanceof Error ? problem.stack : problem, story });
    } finally {
      sandbox.faults.clear();
      if (own !== connection) await own.close();
    }
  }
  await connection.close();
  await sandbox.close();
  if (isInRanges) rmSync(options.cachePath, { recursive: true });
}

async function oneRun(parts) {
  const { world, random, story } = parts;
  await world.begin();
  const start = performance.now();
  const kind = random.chance(0.5) ? "scan" : "write";
  const run = kind === "scan" ? runScan : runWrite;
  const { error, check } = await run(parts);
  const elapsed = (performance.now() - start) / 1000;
  world.sandbox.faults.clear();
  story.push(error === undefined ? "succeeded" : `ended in ${describe(error)}`);
  if (error !== undefined) requireKnown(error);
  const { entries } = world.sandbox.requests;
  // Each attempt has its time and a second's grace, and the pause before the next is a second at most.
  const longest = (entries.length + 4) * (timeoutSeconds + 2) + 10;
  if (elapsed > longest) throw new Error(`it took ${elapsed.toFixed(1)} s for ${entries.length} requests`);
  requireOwnKeys(entries);
  await check();
  const ending = `${kind} ${error === undefined ? "succeeded" : `failed with ${error.sqlState}${error.stripe?.inDoubt ? ", in doubt" : ""}`}`;
  endings.set(ending, (endings.get(ending) ?? 0) + 1);
}

function requireKnown(error) {
  if (!(error instanceof StripeSqlError)) throw new Error(`no error of the driver's: ${error?.stack ?? error}`);
  if (!expectedStates.has(error.sqlState)) throw new Error(`an unexpected error: ${describe(error)}`);
}

function describe(error) {
  return error instanceof StripeSqlError
    ? `${error.sqlState} ${error.message}${error.stripe.inDoubt ? " (in doubt)" : ""} | ${error.detail} | ${error.hint}`
    : String(error);
}

/** A key stands for one request. */
function requireOwnKeys(entries) {
  const requests = new Map();
  for (const { method, path, body, idempotencyKey: key } of entries) {
    if (key === undefined) continue;
    const request = `${method} ${path} ${body}`;
    if ((requests.get(key) ?? request) !== request) throw new Error(`key ${key} was used for two requests`);
    requests.set(key, request);
  }
}
