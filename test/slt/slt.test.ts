import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { ConnectOptions } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { Sandbox } from "../../src/sandbox/sandbox.js";
import { openRunning } from "../sandbox/running-sandbox.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import type { SltFacts } from "../support/slt-facts.js";
import { fillFacts, readFacts } from "../support/slt-facts.js";
import type { SltBlock } from "../support/slt-file.js";
import { parseSlt } from "../support/slt-file.js";
import type { RunStatement, SltOutcome } from "../support/slt-runner.js";
import { runBlock, runStreamed, runWhole } from "../support/slt-runner.js";

interface Mode {
  readonly name: string;
  readonly options: ConnectOptions;
  readonly run: RunStatement;
}

const modes: readonly Mode[] = [
  { name: "pushdown on", options: {}, run: runWhole },
  { name: "pushdown on, streamed", options: {}, run: runStreamed },
  { name: "direct way off", options: { directWay: false }, run: runWhole },
  { name: "pushdown off", options: { pushdown: false }, run: runWhole },
];

const customers = 60;
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".slt"));
/** A file that changes the business says so in its first line, and has a business of its own in each mode. */
const writing = files.filter((name) => contentOf(name).startsWith("# writes"));
const reading = files.filter((name) => !writing.includes(name));

function contentOf(name: string): string {
  return readFileSync(`${import.meta.dirname}/${name}`, "utf8");
}

const running = connectSandbox({ customers });
let facts: SltFacts;
beforeAll(async () => {
  facts = await readFacts(running.stripe);
});

async function runMode(blocks: readonly SltBlock[], sandbox: Sandbox, { options, run }: Mode) {
  const connection = await connect({ apiKey: sandbox.apiKey, apiBase: sandbox.url, ...options });
  const outcomes: SltOutcome[] = [];
  try {
    for (const block of blocks) outcomes.push(await runBlock(block, connection, run));
  } finally {
    await connection.close();
  }
  return outcomes;
}

const failuresOf = (name: string, outcomes: readonly SltOutcome[]): readonly string[] =>
  outcomes.flatMap(({ line, failure }) => (failure === undefined ? [] : [`${name}:${line} ${failure}`]));

const columnsOf = (outcomes: readonly SltOutcome[]): readonly string[] =>
  outcomes.map(({ line, columns }) => `${line}: ${columns ?? "failed"}`);

describe("every way to run a statement gives the expected rows, and the same columns", () => {
  test.each(reading)("%s", async (name) => {
    const blocks = parseSlt(fillFacts(contentOf(name), facts));
    const failures: string[] = [];
    const columns: (readonly string[])[] = [];
    for (const mode of modes) {
      const outcomes = await runMode(blocks, running.sandbox, mode);
      failures.push(...failuresOf(`${mode.name}: ${name}`, outcomes));
      columns.push(columnsOf(outcomes));
    }
    expect(failures.join("\n\n")).toBe("");
    for (const found of columns) expect(found).toEqual(columns[0]);
  });

  describe.each(modes)("$name", (mode) => {
    test.each(writing)("%s", async (name) => {
      const { sandbox, stripe, catalog } = await openRunning({ customers });
      try {
        const blocks = parseSlt(fillFacts(contentOf(name), await readFacts(stripe)));
        expect(failuresOf(name, await runMode(blocks, sandbox, mode)).join("\n\n")).toBe("");
      } finally {
        await sandbox.close();
        catalog.close();
      }
    });
  });
});
