import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { ensureBuilt } from "../support/built-program.js";

const program = fileURLToPath(new URL("./crash-runs.mjs", import.meta.url));

beforeAll(() => ensureBuilt());

test("writes whose program or server is killed are resumed: each object once, and every report true", () => {
  const parameters = ["--runs", "6", "--seed", "5", "--most", "40"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], { encoding: "utf8" });
  expect(stdout).toContain("No run failed.");
  expect([status, stderr]).toEqual([0, ""]);
}, 240_000);
