import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandbox } from "../../src/driver/sandbox.js";
import { parseCommandLine } from "../../src/repl/command-line.js";
import type { Sandbox } from "../../src/sandbox/sandbox.js";
import { ensureBuilt, runProgram } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";

let sandbox: Sandbox;
const { path: cachePath } = testFolder();

beforeAll(async () => {
  ensureBuilt();
  sandbox = await startSandbox({ customers: 1, latencyMs: 5 });
});
afterAll(() => sandbox.close());

const target = () => ["--set", `ApiBase=${sandbox.url}`, "--set", `CachePath=${cachePath}`];
const writes = (...args: readonly string[]) => runProgram(["writes", ...args, ...target()]);

const insertOf = (name: string) =>
  `INSERT INTO Customer (Name) VALUES ${Array.from({ length: 40 }, () => `('${name}')`).join(", ")}`;

const named = (name: string) => `SELECT count(*) AS n FROM Customer WHERE Name = '${name}'`;

/** Runs a bulk insert and ends its process by a signal once some customers are made. */
function cutInsert(name: string, signal: NodeJS.Signals) {
  sandbox.requests.clear();
  return runProgram(["-c", insertOf(name), ...target()], {
    started: (child) => {
      const waiting = setInterval(() => {
        if (sandbox.requests.entries.filter(({ method }) => method === "POST").length < 5) return;
        clearInterval(waiting);
        child.kill(signal);
      }, 1);
    },
  });
}

test("a write whose program was killed is listed, shown, resumed and forgotten", async () => {
  expect((await cutInsert("killed", "SIGKILL")).status).toBeNull();
  const listed = await writes("list", "--format", "json");
  const [write] = JSON.parse(listed.output) as [{ readonly Id: string }];
  expect(write).toMatchObject({ State: "unfinished", Command: "INSERT Customer", Calls: 40, Failed: 0 });
  const shown = JSON.parse((await writes("show", write.Id, "--format", "json")).output) as { readonly State: string }[];
  expect(shown).toHaveLength(40);
  expect(shown.map(({ State }) => State)).toEqual(expect.arrayContaining(["sent", "planned"]));
  const resumed = await writes("resume", write.Id, "--format", "json", "-o", join(cachePath, "report.json"));
  expect(resumed).toMatchObject({ status: 0, output: "" });
  expect(resumed.errors).toMatch(/^RESUME \d+\n$/);
  const report = JSON.parse(readFileSync(join(cachePath, "report.json"), "utf8")) as { readonly State: string }[];
  expect(report.map(({ State }) => State)).toEqual(Array.from({ length: 40 }, () => "written"));
  const counted = await runProgram(["-c", named("killed"), "--format", "json", ...target()]);
  expect(JSON.parse(counted.output)).toEqual([{ n: 40 }]);
  expect((await writes("resume", write.Id)).errors).toContain(`write ${write.Id} is finished: nothing is left`);
  expect(await writes("forget", write.Id)).toMatchObject({ status: 0, output: "FORGET\n" });
  expect(JSON.parse((await writes("list", "--format", "json")).output)).toEqual([]);
});

test("a write that is not kept is an error", async () => {
  for (const verb of ["show", "resume", "forget"]) {
    const run = await writes(verb, "w-it's");
    expect(run).toMatchObject({ status: 1, output: "" });
    expect(run.errors).toContain('ERROR:  write "w-it\'s" does not exist');
  }
});

test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)(
  "a write that is told to end by %s says how to go on",
  async (signal) => {
    const { status, errors } = await cutInsert(signal, signal);
    expect(status).toBe(1);
    const id = /RESUME WRITE '(w-\w+)'/.exec(errors)?.[1] ?? "";
    expect(errors).toMatch(/is unfinished: \d+ written, (\d+ in doubt, )?\d+ not sent/);
    expect((await writes("resume", id)).status).toBe(0);
    const counted = await runProgram(["-c", named(signal), "--format", "json", ...target()]);
    expect(JSON.parse(counted.output)).toEqual([{ n: 40 }]);
  },
);

test("a write whose reader goes away says how to go on", async () => {
  sandbox.requests.clear();
  const run = await runProgram(["-c", `${insertOf("unread")} RETURNING Id`, ...target()], {
    started: (child) => child.stdout?.destroy(),
  });
  const counted = await runProgram(["-c", named("unread"), "--format", "json", ...target()]);
  const [{ n } = { n: -1 }] = JSON.parse(counted.output) as [{ readonly n: number }];
  if (n < 40) expect(run.errors).toMatch(/is unfinished: .*RESUME WRITE 'w-\w+'/);
  else expect(run.errors).toContain("INSERT 40");
});

test("the commands take an id and the options of a connection", () => {
  expect(parseCommandLine(["writes", "resume", "w-1", "--set", "AccountId=acct_1"], "1")).toMatchObject({
    kind: "query",
    scripts: [{ kind: "text", text: "RESUME WRITE 'w-1'" }],
    overrides: 'AccountId="acct_1"',
    format: "table",
  });
  for (const args of [
    ["writes", "resume"],
    ["writes", "list", "w-1"],
    ["writes", "drop"],
  ])
    expect(parseCommandLine(args, "1")).toMatchObject({ kind: "print", status: 2 });
});
