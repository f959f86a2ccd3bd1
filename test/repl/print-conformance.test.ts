import { afterAll, beforeAll, expect, test } from "vitest";
import { parseCommandLine } from "../../src/repl/command-line.js";
import { printConformance } from "../../src/repl/print-conformance.js";
import type { Sandbox } from "../../src/sandbox/sandbox.js";
import { startSandbox } from "../../src/sandbox/start-sandbox.js";
import { openCatalog } from "../../src/store/open-catalog.js";
import { startDisagreeingServer } from "../support/disagreeing-server.js";
import { CollectedStream } from "./collected-stream.js";

const catalog = openCatalog();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox(catalog, { customers: 5 });
});
afterAll(async () => {
  await sandbox.close();
  catalog.close();
});

async function conformance(url: string, ...args: readonly string[]) {
  const key = args.some((argument) => argument.startsWith("ApiKey")) ? [] : ["--set", `ApiKey=${sandbox.apiKey}`];
  const invocation = parseCommandLine(["conformance", "--set", `ApiBase=${url}`, ...key, ...args], "0.1.0");
  if (invocation.kind !== "conformance") throw new Error(JSON.stringify(invocation));
  const [output, errors] = [new CollectedStream(), new CollectedStream()];
  const status = await printConformance(invocation, { input: process.stdin, output, errors });
  return { status, output: output.text, errors: errors.text };
}

test("prints what agrees and ends with status 0", async () => {
  const { status, output, errors } = await conformance(sandbox.url, "--table", "Customer");
  expect(status).toBe(0);
  expect(output).toMatch(/^ Table +\| Verdict +\| Check/);
  expect(output).toMatch(/ Customer +\| agrees +\| list, answer's form, .*filter email/);
  expect(errors).toMatch(/^\d+ checks agree, 0 disagree, \d+ tell nothing\n$/);
});

test("prints what disagrees by itself and ends with status 1", async () => {
  const server = await startDisagreeingServer(sandbox, catalog, [{ kind: "oldest-first", table: "Customer" }]);
  const { status, output } = await conformance(server.url, "--table", "Customer", "--format", "jsonl");
  await server.close();
  expect(status).toBe(1);
  expect(output.split("\n").map((line) => (line === "" ? {} : JSON.parse(line)))).toContainEqual({
    Table: "Customer",
    Verdict: "disagrees",
    Check: "order",
    Detail: "a row is followed by a newer one",
  });
});

test.each([
  [["--set", "ApiKey=sk_live_conformance00001"], /conformance is for test keys alone/],
  [["--table", "Custmer"], /relation "Custmer" does not exist/],
  [["--set", "Nonsense=1"], /Nonsense/],
])("ends with status 2 for a mistake: %j", async (args, message) => {
  const { status, output, errors } = await conformance(sandbox.url, ...args);
  expect({ status, output }).toEqual({ status: 2, output: "" });
  expect(errors).toMatch(message);
});
