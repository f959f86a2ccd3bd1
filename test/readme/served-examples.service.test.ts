import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHttpApi } from "../../src/connector/http/open-http-api.js";
import { ensureBuilt } from "../support/built-program.js";
import type { Example } from "./document-example.js";
import { outputPattern } from "./document-example.js";
import { isUpdate, readDocument, readDocuments, writeOutputs } from "./documents.js";
import { CommandRunner } from "./run-commands.js";

const documents = readDocuments()
  .map((document) => ({ ...document, examples: document.examples.filter(({ needsPrograms }) => needsPrograms) }))
  .filter(({ examples }) => examples.length > 0);
const commandsOfConnector = readDocument("src/connector/README.md").examples.filter(
  ({ needsPrograms }) => needsPrograms,
);

beforeAll(ensureBuilt);

/** What is served is called by curl and psql. */
describe.each(documents)("the served examples of $path", (document) => {
  const outputs = new Map<Example, string>();
  let folder: string;
  let commands: CommandRunner;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "stripe-sql-served-examples-"));
    commands = await CommandRunner.open(folder);
  });

  afterAll(async () => {
    if (isUpdate) writeOutputs(document, outputs);
    await commands.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(document.examples)("line $line runs as shown: $text", async (example) => {
    const { succeeded, output } = await commands.run(example.text);
    if (isUpdate) outputs.set(example, output);
    expect({ succeeded, output }).toMatchObject({ succeeded: true });
    if (example.output === undefined || isUpdate) return;
    if (!outputPattern(example.output).test(output)) expect(output).toBe(example.output);
  });
});

test("six commands lead from a connection file to a first List, a write and a statement", () => {
  const texts = commandsOfConnector.map(({ text }) => text);
  expect(texts.findIndex((text) => text.includes('"query":'))).toBe(5);
});

test("every call of the API stands in an example", async () => {
  const api = await openHttpApi({ connections: [], token: "the-token-of-the-test" });
  const { url } = await api.listen({ host: "127.0.0.1", port: 0 });
  const answer = await fetch(`${url}/openapi.json`, { headers: { authorization: "Bearer the-token-of-the-test" } });
  await api.close();
  const { paths } = (await answer.json()) as { paths: Readonly<Record<string, object>> };
  const calls = Object.entries(paths).flatMap(([path, operations]) => {
    const beneath = /^\/v2\/.*?\{connection\}(.*)$/.exec(path)?.[1];
    return beneath === undefined ? [] : Object.keys(operations).map((method) => `${method.toUpperCase()} ${beneath}`);
  });
  const exemplified = new Set(commandsOfConnector.flatMap(({ text }) => callsOf(text)));
  const missing = calls.filter((call) => !exemplified.has(call.replace(/\{\w+\}/g, "X")));
  // A second way to list tools, and what no connection has.
  expect(missing.sort()).toEqual([
    "GET /resources",
    "GET /resources/{resource}",
    "POST /tools",
    "POST :exchangeAuthCode",
    "POST :refreshAccessToken",
  ]);
});

/** "POST /actions/X:execute" of each line that begins with `call` or holds one. */
function callsOf(text: string): readonly string[] {
  return [...text.matchAll(/\bcall (-G |-X (\w+) )?"\$shop([^"?]*)[^"]*"(.*)/g)].map(
    ([, option, method, path = "", rest = ""]) => {
      const isGet = option === "-G " || (!rest.includes("-d ") && !rest.includes("\\"));
      const names = path.replace(/(?<=^\/\w+\/)\w+/, "X").replace(/(?<=entities\/).+$/, "X");
      return `${method ?? (isGet ? "GET" : "POST")} ${names}`;
    },
  );
}
