import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ensureBuilt } from "../support/built-program.js";

const program = fileURLToPath(new URL("run.mjs", import.meta.url));

beforeAll(ensureBuilt);

// The long run is a command: node test/fuzz/run.mjs --seed 1 --count 30000
test.each([
  ["script,postgres,filter,search,connection,sort,body,token,url,form,client,server", 1000],
  ["statement,run", 300],
])("mutated texts of %s are read, or refused by an error of ours", async (only, count) => {
  const args = [program, "--seed", "20261101", "--count", String(count), "--only", only];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout.match(/\d+ refused/g)).toHaveLength(only.split(",").length);
  expect(stdout).not.toContain("FAILED");
});
