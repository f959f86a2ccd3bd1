import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startSandbox } from "../../src/driver/sandbox.js";
import type { Sandbox } from "../../src/sandbox/sandbox.js";
import { ensureBuilt, runProgram, runShell } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";

let sandbox: Sandbox;

beforeAll(async () => {
  ensureBuilt();
  sandbox = await startSandbox({ customers: 1 });
});
afterEach(() => sandbox.requests.clear());
afterAll(() => sandbox.close());

const posts = (): number => sandbox.requests.entries.filter(({ method }) => method === "POST").length;

/** Options of a program whose cache and audit log are in a folder. */
const target = (folder: string, ...more: readonly string[]): readonly string[] =>
  [`ApiBase=${sandbox.url}`, `CachePath=${folder}`, ...more].flatMap((property) => ["--set", property]);

const insertOf = (name: string, calls: number): string =>
  `INSERT INTO Customer (Name, Phone) SELECT '${name}', n FROM range(${calls}) AS numbers(n)`;

/** Runs it where no file may grow past so many kilobytes: a write beyond them fails, as on a disk that is full. */
function runWithin(kilobytes: number, args: readonly string[]) {
  const words = args.map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(" ");
  return runShell(`ulimit -f ${kilobytes}; $PROGRAM ${words}`);
}

test("a journal that has no room for a write keeps it from being sent", async () => {
  const { path } = testFolder();
  const { status, errors } = await runWithin(8, ["-c", insertOf("none", 200), ...target(path)]);
  expect(errors).toContain("ERROR:  the journal of writes could not be written");
  expect(errors).toContain("Nothing was sent to Stripe.");
  expect([status, posts()]).toEqual([1, 0]);
});

test("a journal whose room ends in the midst of a write ends that, and what it told is true: the rest can be resumed", async () => {
  const { path } = testFolder();
  const { status, errors } = await runWithin(200, ["-c", insertOf("some", 300), ...target(path)]);
  const sent = posts();
  expect(errors).toContain("the journal of writes could not be written");
  expect(errors).toMatch(/POST \/v1\/customers was not sent, and nothing after it\./);
  expect(status).toBe(1);
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThan(300);
  const { output } = await runProgram(["writes", "list", "--format", "json", ...target(path)]);
  const [write] = JSON.parse(output) as [{ readonly Id: string; readonly State: string }];
  expect(write.State).toBe("unfinished");
  expect((await runProgram(["writes", "resume", write.Id, ...target(path)])).status).toBe(0);
  const counted = "SELECT count(*) AS n, count(DISTINCT Phone) AS d FROM Customer WHERE Name = 'some'";
  const told = await runProgram(["-c", counted, "--format", "json", ...target(path)]);
  expect(JSON.parse(told.output)).toEqual([{ n: 300, d: 300 }]);
});

test("an audit log whose room ends tells so, and nothing more is written", async () => {
  const { path } = testFolder();
  const file = join(path, "audit.jsonl");
  const properties = target(path, `AuditLog=${file}`, "Journal=false");
  const { status, errors } = await runWithin(2, ["-c", insertOf("logged", 40), ...properties]);
  expect(errors).toContain("ERROR:  the audit log could not be written");
  expect(errors).toMatch(/the audit log \S+ lacks \d+ calls, of which the result tells/);
  expect(status).toBe(1);
  const whole = readFileSync(file, "utf8").split("\n").slice(0, -1);
  expect(whole.filter((line) => line.includes('"state":"written"'))).toHaveLength(posts() - 1);
});
