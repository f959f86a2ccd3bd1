import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("./agreement-runs.mjs", import.meta.url));

describe("generated statements give the same answer by every way of planning them", () => {
  test.each([
    ["while nobody changes anything", "quiet", 35],
    ["while rows are added", "inserts", 30],
    ["while some requests are refused by 429", "limits", 25],
    ["or an error that tells why there is none, while answers are spoilt", "faults", 30],
  ])("%s", (_name, mode, statements) => {
    const parameters = ["--mode", mode, "--statements", String(statements), "--seed", "7"];
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], { encoding: "utf8" });
    expect(stdout).toContain("No answer differed.");
    expect([status, stderr]).toEqual([0, ""]);
  });
});
