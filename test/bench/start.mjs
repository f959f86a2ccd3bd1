// Whole processes, in multiples of `node -e 0` of the same run: processor time (user and system) and wall time. Rounds
// go through all cases one after the other, so that what else the machine does falls on each of them alike.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median, withSandbox } from "./with-sandbox.mjs";

const program = fileURLToPath(new URL("../../dist/repl/start.cjs", import.meta.url));
const rounds = Number(process.env.ROUNDS ?? 15);
/** Clock ticks a second, in which Linux counts. */
const ticks = 100;

const { url, stripe, stop } = await withSandbox();
const { data } = await stripe.customers.list({ limit: 1 });
const onServer = ["--connection", `ApiKey=sk_test_sandbox;ApiBase=${url}`];
const inSandbox = ["--sandbox"];
const embeddedId = idOf(
  run([program, ...inSandbox, "--format", "csv", "-c", "SELECT Id FROM Customer LIMIT 1"]).stdout,
);
const byId = (id) => ["-c", `SELECT * FROM Customer WHERE Id = '${id}'`];

const cases = [
  { name: "node -e 0", args: ["-e", "0"] },
  { name: "--version", wanted: 1.3, args: [program, "--version"] },
  { name: "SELECT by Id, running server", wanted: 4, args: [program, ...onServer, ...byId(data[0].id)] },
  { name: "SELECT by Id, embedded sandbox", wanted: 6, args: [program, ...inSandbox, ...byId(embeddedId)] },
].map((one) => ({ ...one, cpu: [], wall: [] }));

for (const { args } of cases) run(args);
for (let round = 0; round < rounds; round += 1) {
  for (const one of cases) {
    const { cpu, wall } = run(one.args);
    one.cpu.push(cpu);
    one.wall.push(wall);
  }
}
stop();

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const [unit] = cases;
console.log(`${"".padEnd(32)}   processor ms  ratio     wall ms  ratio  wanted`);
for (const { name, wanted, cpu, wall } of cases) {
  // Processor time is counted in ticks, of which a mean makes parts.
  const figures = [mean(cpu), mean(cpu) / mean(unit.cpu), median(wall), median(wall) / median(unit.wall)];
  const [cpuMs, cpuRatio, wallMs, wallRatio] = figures;
  console.log(
    `${name.padEnd(32)} ${cpuMs.toFixed(0).padStart(14)} ${cpuRatio.toFixed(2).padStart(6)} ` +
      `${wallMs.toFixed(0).padStart(11)} ${wallRatio.toFixed(2).padStart(6)} ${wanted === undefined ? "" : `   at most ${wanted}`}`,
  );
}

/** Runs Node to its end. */
function run(args) {
  const before = childrenTicks();
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(stderr);
  return { stdout, wall, cpu: ((childrenTicks() - before) * 1000) / ticks };
}

/** What this process's ended children have taken so far. */
function childrenTicks() {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ");
  return Number(fields[13]) + Number(fields[14]);
}

function idOf(csv) {
  return csv.trim().split("\n").at(-1);
}
