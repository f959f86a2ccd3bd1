import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBuilt } from "../support/built-program.js";
import type { Example } from "./document-example.js";
import { outputPattern, readExamples, withOutputs } from "./document-example.js";
import { CommandRunner } from "./run-commands.js";

const path = new URL("../../README.md", import.meta.url);
const readme = readFileSync(path, "utf8");
const commandsOfChapter = readExamples(readme).filter(
  ({ chapter, language }) => chapter === "The connector" && language === "sh",
);
const outputs = new Map<Example, string>();
const isUpdate = process.env["UPDATE_README"] !== undefined;

let folder: string;
let commands: CommandRunner;

beforeAll(async () => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), "stripe-sql-connector-chapter-"));
  commands = await CommandRunner.open(folder);
});

afterAll(async () => {
  if (isUpdate) writeFileSync(path, withOutputs(readme, outputs));
  await commands.close();
  rmSync(folder, { recursive: true, force: true });
});

test("six commands lead from a connection file to a first List, and to a write", () => {
  expect(commandsOfChapter).toHaveLength(6);
});

test.each(commandsOfChapter)("line $line runs as shown: $text", async (example) => {
  const { succeeded, output } = await commands.run(example.text);
  if (isUpdate) outputs.set(example, output);
  expect({ succeeded, output }).toMatchObject({ succeeded: true });
  if (example.output === undefined || isUpdate) return;
  if (!outputPattern(example.output).test(output)) expect(output).toBe(example.output);
});
