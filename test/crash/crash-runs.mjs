// Bulk writes on the real driver, whose process or whose server is killed at random moments, resumed at random times, by
// two at once too. The truth is what the sandbox holds. Each object is to be written once, and every report to be true.
//
//   node test/crash/crash-runs.mjs --runs 1000 --seed 1      all of them
//   node test/crash/crash-runs.mjs --seed 1 --run 47         one of them again

import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { drawRandom } from "../faults/random-draw.mjs";
import { temporaryFolder } from "../support/temporary-folder.mjs";
import { CrashServer, runClient } from "./crash-world.mjs";
import { drawWrite } from "./crash-write.mjs";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    run: { type: "string" },
    parallel: { type: "string", default: "2" },
    most: { type: "string", default: "300" },
  },
});
const seed = Number(values.seed);
const most = Number(values.most);
const numbers =
  values.run === undefined ? Array.from({ length: Number(values.runs) }, (_, index) => index) : [Number(values.run)];

const hour = 3600 * 1000;
const day = 24 * hour;
/** Events are listed for 30 days: what is in doubt for longer may stay so. */
const tellingMs = 29 * day;
/** Writes are forgotten after 45 days. */
const keptMs = 44 * day;
/** Runs of one world: what they leave behind slows those after them. */
const runsOfWorld = 25;

const folder = temporaryFolder("stripe-sql-crash-");
const counts = new Map();
const failures = [];
const count = (what) => counts.set(what, (counts.get(what) ?? 0) + 1);
const print = (line) => process.stdout.write(`${line}\n`);

const started = performance.now();
const waiting = numbers.values();
await Promise.all(Array.from({ length: Math.min(Number(values.parallel), numbers.length) }, worker));
rmSync(folder, { recursive: true });
print(`${numbers.length} runs of seed ${seed} in ${((performance.now() - started) / 1000).toFixed(0)} s`);
for (const [what, times] of [...counts].sort()) print(`  ${times} ${what}`);
for (const { run, problem, story } of failures) {
  print(`FAILED: --seed ${seed} --run ${run} --most ${most}: ${problem}`);
  print(story.map((line) => `    ${line}`).join("\n"));
}
print(failures.length === 0 ? "No run failed." : `${failures.length} failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** A sandbox of its own, and one run after another, whose clock only ever goes on; then another sandbox. */
async function worker(_, index) {
  let state;
  let runs = 0;
  for (const number of waiting) {
    if (runs % runsOfWorld === 0) {
      await state?.server.close();
      state = await newWorld(`${index}-${runs / runsOfWorld}`);
    }
    runs += 1;
    const story = [];
    try {
      await oneRun(state, { random: drawRandom(seed, number), name: `r${seed}x${number}`, story });
    } catch (problem) {
      failures.push({ run: number, problem: problem instanceof Error ? problem.stack : problem, story });
    }
  }
  await state?.server.close();
}

async function newWorld(name) {
  const server = new CrashServer(join(folder, `sandbox-${name}.sqlite`));
  await server.start();
  return { server, cachePath: join(folder, `cache-${name}`), shiftMs: 0, parallel: 1 };
}

async function oneRun(state, { random, name, story }) {
  const { server, cachePath } = state;
  const write = await drawWrite({ server, random, name, most });
  count(write.kind);
  state.parallel = random.of([1, 2, 4, 8, 16]);
  story.push(`${write.kind} of ${write.calls} calls, ${state.parallel} side by side`);
  const begunMs = state.shiftMs;
  let told = await crash(state, { sql: write.sql, write, random, story });
  let id = told?.write?.id ?? keptId(cachePath, name);
  if (id === undefined) {
    // Killed before anything was kept: then nothing was sent either.
    count("killed before its beginning");
    const { done } = await write.truth();
    if (done.size > 0) throw new Error(`${done.size} calls were sent of a write that no journal knows`);
    told = await runClient({ ...state, sql: write.sql });
    // Of side-by-side calls the server's death may leave none written: then the statement fails whole.
    id = told.write?.id ?? keptId(cachePath, name);
  }
  for (let round = 0; round < 2 && random.chance(0.5); round += 1) {
    await wait(state, { random, story, begunMs });
    await crash(state, { sql: `RESUME WRITE '${id}'`, write, random, story });
  }
  await wait(state, { random, story, begunMs });
  await server.order({ faults: [] });
  let last = await lastResume(state, { id, random, story });
  if (last.rows?.some(({ Message: message }) => message?.includes("still to come"))) {
    count("resumed once more as events may have been still to come");
    state.shiftMs += hour;
    await server.order({});
    last = await lastResume(state, { id, random, story });
  }
  await check({ last, write, told, canBeTold: state.shiftMs - begunMs < tellingMs });
}

/** Lets some time pass, for the client as well as for the server. */
async function wait(state, { random, story, begunMs }) {
  const times = [0, 0, hour, 22 * hour, 26 * hour, 5 * day, 28 * day, 40 * day];
  const ms = random.of(times.filter((time) => state.shiftMs + time - begunMs < keptMs));
  state.shiftMs += ms;
  story.push(`${ms / hour} hours later`);
  await state.server.order({ shiftMs: state.shiftMs });
}

/** Runs a statement while somebody is killed, or nobody. */
async function crash(state, { sql, write, random, story }) {
  const { server } = state;
  const who = random.of(["client", "client", "server", "both", "nobody"]);
  const faults = [];
  if (who === "server" || who === "both") {
    const at = random.of(["before", "during", "after", "mid-answer"]);
    const after = random.below(write.calls);
    faults.push({ method: write.method, path: write.path, after, effect: { kind: "die", at } });
    story.push(`the server is killed ${at} call ${after}`);
  }
  const kill = who === "client" || who === "both" ? random.below(write.calls * 9) : undefined;
  if (kill !== undefined) story.push(`the client is killed after ${kill} ms`);
  await server.order({ faults });
  const before = server.deaths;
  const told = await runClient({ ...state, sql, kill });
  await server.running();
  if (server.deaths > before) count("server killed");
  if (told === undefined) count("client killed");
  story.push(told === undefined ? "killed" : describe(told));
  return told;
}

function describe({ command, error, outcomes, notices }) {
  if (error !== undefined) return `${error.sqlState} ${error.message} ${error.detail ?? ""} ${error.hint ?? ""}`;
  return `${command}: ${outcomes.map(({ state, inDoubt }) => (inDoubt ? "d" : state[0])).join("")} ${notices}`;
}

/** Goes on until it is through, by two at once at times, of which one is refused or finds nothing left. */
async function lastResume(state, { id, random, story }) {
  const resume = () => runClient({ ...state, sql: `RESUME WRITE '${id}'` });
  if (!random.chance(0.4)) return resume();
  count("two resumes at once");
  const both = await Promise.all([resume(), resume()]);
  for (const told of both) story.push(describe(told));
  const refused = both.filter(({ error }) => error?.sqlState === "55P03");
  const idle = both.filter(({ notices }) => notices?.some((notice) => notice.includes("nothing is left")));
  if (refused.length > 0) count("  one refused");
  else if (idle.length > 0) count(`  ${idle.length} found nothing left`);
  const through = both.filter(({ error }) => error === undefined);
  if (refused.length + through.length !== 2 || through.length === 0)
    throw new Error("both were refused, or one failed");
  // What nothing can tell of stays open for the next one too.
  const isDoubted = through.every(({ rows }) => rows.some(({ State }) => State === "in doubt"));
  if (refused.length === 0 && idle.length === 0 && !isDoubted) throw new Error("both went on with the same write");
  return through.find(({ outcomes }) => outcomes.length > 0) ?? through[0];
}

async function check({ last, write, told, canBeTold }) {
  if (last.error !== undefined) throw new Error(`the last resume failed: ${describe(last)}`);
  const { done, problems } = await write.truth();
  const wrong = [
    ...problems,
    ...(last.rows.length === write.calls ? [] : [`${last.rows.length} rows instead of ${write.calls}`]),
    ...last.rows.flatMap((row) => wrongRow(row, done.get(row.Number - 1), canBeTold)),
    ...(write.kind.startsWith("insert")
      ? (told?.outcomes ?? []).flatMap((one, place) => wrongFirst(one, place, done))
      : []),
  ];
  if (wrong.length > 0) throw new Error(wrong.slice(0, 10).join("\n"));
  const isDoubted = last.rows.some(({ State }) => State === "in doubt");
  count(isDoubted ? "ended with calls that nothing could tell of any more" : "ended with each call once");
}

/** What a row of the report says that is not so. */
function wrongRow({ Number: number, State: state, Id: id, Message: message }, known, canBeTold) {
  if (state === "written") return id === known ? [] : [`call ${number} is told of ${id} and wrote ${known}`];
  if (state !== "in doubt") return [`call ${number} is ${state}: ${message}`];
  return canBeTold ? [`call ${number} is in doubt: ${message}`] : [];
}

/** What the first report said, that of the statement itself. */
function wrongFirst({ state, id }, place, done) {
  if (state !== "written" || id === done.get(place)) return [];
  return [`call ${place + 1} was told of ${id} at first and wrote ${done.get(place)}`];
}

/** The write that a killed client left, by its name. */
function keptId(cachePath, name) {
  let database;
  try {
    // Not read-only: what the killed client left may have to be recovered first.
    database = new Database(join(cachePath, "writes.sqlite"), { fileMustExist: true });
    return database.prepare("SELECT id FROM write_1 WHERE statement LIKE ?").pluck().get(`%${name}%`);
  } catch (error) {
    if (error?.code === "SQLITE_CANTOPEN" || /no such table/.test(error?.message)) return undefined;
    throw error;
  } finally {
    database?.close();
  }
}
