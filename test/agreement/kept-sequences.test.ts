import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("./kept-sequences.mjs", import.meta.url));

test("reads between changes answer the same where rows are kept, by programs that share them", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "--count", "10", "--seed", "7"], {
    encoding: "utf8",
  });
  expect(stdout).toContain("No answer differed.");
  expect([status, stderr]).toEqual([0, ""]);
}, 900_000);
