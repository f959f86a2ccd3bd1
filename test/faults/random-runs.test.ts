import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("./random-runs.mjs", import.meta.url));

test("scans and writes under random faults lose nothing, repeat nothing and tell nothing wrongly", () => {
  const parameters = ["--runs", "150", "--seed", "1", "--parallel", "6"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], { encoding: "utf8" });
  expect(stdout).toContain("No run failed.");
  expect([status, stderr]).toEqual([0, ""]);
}, 240_000);
