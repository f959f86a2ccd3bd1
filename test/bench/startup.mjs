// Whole processes: --version, and a one-shot SELECT by Id on the embedded sandbox with a warm cache.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./with-sandbox.mjs";

const main = fileURLToPath(new URL("../../dist/repl/main.js", import.meta.url));
const rounds = Number(process.env.ROUNDS ?? 7);

function seconds(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - start) / 1000;
}

const find = spawnSync(
  process.execPath,
  [main, "--sandbox", "--format", "csv", "-c", "SELECT Id FROM Customer LIMIT 1"],
  { encoding: "utf8" },
);
const id = find.stdout.trim().split("\n").at(-1);
const cases = [
  ["node -e 0", undefined, () => spawnTime(["-e", "0"])],
  ["--version", 0.15, () => seconds(["--version"])],
  ["SELECT by Id on the sandbox", 1.5, () => seconds(["--sandbox", "-c", `SELECT * FROM Customer WHERE Id = '${id}'`])],
];

function spawnTime(args) {
  const start = performance.now();
  spawnSync(process.execPath, args);
  return (performance.now() - start) / 1000;
}

for (const [name, wanted, run] of cases) {
  run();
  const times = Array.from({ length: rounds }, run);
  console.log(
    `${name.padEnd(30)} median ${median(times).toFixed(3)} s${wanted === undefined ? "" : ` (wanted < ${wanted})`}`,
  );
}
