import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { connectionForm } from "../../src/driver/connection-file/connection-form.js";
import { readConnectionFile } from "../../src/driver/connection-file/read-connection-file.js";
import { SqlState } from "../../src/error/sql-state.js";
import { helpText } from "../../src/repl/commands/help-text.js";
import { metaCommands } from "../../src/repl/commands/meta-commands.js";
import { ensureBuilt } from "../support/built-program.js";
import type { Example } from "./document-example.js";
import { outputPattern, readExamples, withOutputs } from "./document-example.js";
import { CommandRunner } from "./run-commands.js";
import { runProgramText } from "./run-program-text.js";
import type { ExampleRun } from "./run-statements.js";
import { runStatements } from "./run-statements.js";

const path = new URL("../../README.md", import.meta.url);
const readme = readFileSync(path, "utf8");
const all = readExamples(readme);
/** Those of the connector need curl: they are run by connector-chapter.service.test.ts. */
const examples = all.filter(({ chapter, language }) => chapter !== "The connector" || language !== "sh");
const outputs = new Map<Example, string>();
/** Set it to write the outputs of today into README.md. */
const isUpdate = process.env["UPDATE_README"] !== undefined;

let folder: string;
let connection: Connection;
let commands: CommandRunner;

beforeAll(async () => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), "stripe-sql-readme-"));
  connection = await connect({ sandbox: true });
  commands = await CommandRunner.open(folder);
});

afterAll(async () => {
  if (isUpdate) writeFileSync(path, withOutputs(readme, outputs));
  await commands.close();
  await connection.close();
  rmSync(folder, { recursive: true, force: true });
});

/** In the document's order: the SQL runs on one connection, so that an example may build on those before it. */
describe("the README's examples", () => {
  it("are found", () => {
    expect(all.length).toBe(readme.match(/^```(sql|sh|ts)/gm)?.length);
  });

  it.each(examples)("line $line runs as shown: $text", async (example) => {
    const { succeeded, output } = await run(example);
    if (isUpdate) outputs.set(example, output);
    expect({ succeeded, output }).toMatchObject({ succeeded: !example.fails });
    if (example.output === undefined || isUpdate) return;
    if (!outputPattern(example.output).test(output)) expect(output).toBe(example.output);
  });
});

it("the README's connection file is one, and has a value for every key but those for tests", async () => {
  const text = /^```yaml\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? "";
  const file = join(folder, "stripe-eu.yaml");
  writeFileSync(file, text);
  expect(await readConnectionFile(file)).toMatchObject([{ name: "stripe-eu", options: { maxRequests: 100 } }]);
  const keys = Object.keys(connectionForm.shape).filter((key) => !/^(api_base|sandbox)$/.test(key));
  expect(keys.filter((key) => !new RegExp(`^${key}:`, "m").test(text))).toEqual([]);
});

describe("the README's tables", () => {
  it("give every connection property with its default and effect", async () => {
    const { rows } = await connection.query('SELECT Name, "Default", Description FROM sys_connection_props');
    const lines = rows.map(({ Name, Default, Description }) => {
      return `| \`${Name}\` | ${Default === null ? "" : `\`${Default}\``} | ${Description} |`;
    });
    expect(tableUnder("## Connection properties")).toEqual(lines);
  });

  it("give every SQLSTATE", () => {
    const codes = tableUnder("## Errors").map((line) => /`(\w+)`/.exec(line)?.[1]);
    expect(codes.sort()).toEqual(Object.values(SqlState).sort());
  });

  it("give the REPL's help", () => {
    expect(readme).toContain(`\`\`\`text\n${helpText(metaCommands)}\`\`\``);
  });
});

async function run({ language, text, line }: Example): Promise<ExampleRun> {
  switch (language) {
    case "sql":
      return runStatements(connection, text);
    case "sh":
      return commands.run(text);
    case "ts":
      return runProgramText(folder, `line-${line}`, text);
  }
}

/** The rows of a section's first table, without its head. */
function tableUnder(heading: string): readonly string[] {
  const section = readme.slice(readme.indexOf(`${heading}\n`)).split("\n");
  const start = section.findIndex((line) => line.startsWith("|"));
  const end = section.findIndex((line, index) => index > start && !line.startsWith("|"));
  return section.slice(start + 2, end);
}
