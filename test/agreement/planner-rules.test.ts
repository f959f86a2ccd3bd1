import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("./agreement-runs.mjs", import.meta.url));

test("generated statements answer the same by every way of planning them, while rows are added, requests refused and answers spoilt", () => {
  const parameters = ["--mode", "quiet,inserts,limits,faults", "--statements", "30", "--seed", "7"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], { encoding: "utf8" });
  expect(stdout).toContain("No answer differed.");
  expect([status, stderr]).toEqual([0, ""]);
  // A statement that every way refuses says nothing.
  expect(stdout).not.toContain("refused by all");
}, 900_000);
