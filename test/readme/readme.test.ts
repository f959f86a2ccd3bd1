import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
import { outputPattern } from "./document-example.js";
import { isUpdate, readDocument, readDocuments, writeOutputs } from "./documents.js";
import { CommandRunner } from "./run-commands.js";
import { runProgramText } from "./run-program-text.js";
import type { ExampleRun } from "./run-statements.js";
import { runStatements } from "./run-statements.js";

const documents = readDocuments().filter(({ examples }) => examples.length > 0);
const driver = readDocument("src/driver/README.md").text;

let connection: Connection;

beforeAll(async () => {
  ensureBuilt();
  connection = await connect({ sandbox: true });
});

afterAll(() => connection.close());

/** Those of the whole package: its README.md, and the reference beside what it describes. */
describe.each(documents)("the examples of $path", (document) => {
  const outputs = new Map<Example, string>();
  let folder: string;
  let own: Connection;
  let commands: CommandRunner;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "stripe-sql-readme-"));
    own = await connect({ sandbox: true });
    commands = await CommandRunner.open(folder);
  });

  afterAll(async () => {
    if (isUpdate) writeOutputs(document, outputs);
    await commands.close();
    await own.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run({ language, text, line }: Example): Promise<ExampleRun> {
    switch (language) {
      case "sql":
        return runStatements(own, text);
      case "sh":
        return commands.run(text);
      case "ts":
        return runProgramText(folder, `line-${line}`, text);
    }
  }

  it("are found", () => {
    expect(document.examples.length).toBe(document.text.match(/^```(sql|sh|ts)/gm)?.length);
  });

  // In the document's order: the SQL runs on one connection, so that an example may build on those before it.
  it.each(document.examples.filter(({ needsPrograms }) => !needsPrograms))(
    "line $line runs as shown: $text",
    async (example) => {
      const { succeeded, output } = await run(example);
      if (isUpdate) outputs.set(example, output);
      expect({ succeeded, output }).toMatchObject({ succeeded: !example.fails });
      if (example.output === undefined || isUpdate) return;
      if (!outputPattern(example.output).test(output)) expect(output).toBe(example.output);
    },
  );
});

it("the documented connection file is one, and has a value for every key but those for tests", async () => {
  const text = /^```yaml\n([\s\S]*?)^```/m.exec(driver)?.[1] ?? "";
  const scratch = mkdtempSync(join(tmpdir(), "stripe-sql-readme-"));
  const file = join(scratch, "stripe-eu.yaml");
  writeFileSync(file, text);
  expect(await readConnectionFile(file)).toMatchObject([{ name: "stripe-eu", options: { maxRequests: 100 } }]);
  rmSync(scratch, { recursive: true });
  const keys = Object.keys(connectionForm.shape).filter((key) => !/^(api_base|sandbox)$/.test(key));
  expect(keys.filter((key) => !new RegExp(`^${key}:`, "m").test(text))).toEqual([]);
});

describe("the documented tables", () => {
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
    expect(readDocument("src/repl/README.md").text).toContain(`\`\`\`text\n${helpText(metaCommands)}\`\`\``);
  });
});

/** The rows of the first table in a section of the driver's README, without its head. */
function tableUnder(heading: string): readonly string[] {
  const section = driver.slice(driver.indexOf(`${heading}\n`)).split("\n");
  const start = section.findIndex((line) => line.startsWith("|"));
  const end = section.findIndex((line, index) => index > start && !line.startsWith("|"));
  return section.slice(start + 2, end);
}
