import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection, ConnectOptions } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { Sandbox } from "../../src/sandbox/sandbox.js";
import type { RunningSandbox } from "../sandbox/running-sandbox.js";
import { openRunning } from "../sandbox/running-sandbox.js";
import type { SltFacts } from "../support/slt-facts.js";
import { fillFacts, readFacts } from "../support/slt-facts.js";
import type { SltText } from "../support/slt-file.js";
import { parseSlt, splitSlt } from "../support/slt-file.js";
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

/** "12: SELECT count(*) FROM Customer", a case's name. */
function titled(block: SltText): readonly [string, SltText] {
  const statement = block.text.split("\n").find((line) => !/^(with|statement|query|same|error) /.test(`${line} `));
  return [`${block.line}: ${statement}`, block];
}

/** The sandbox of some cases, what is reckoned from it, and a connection to it for each mode. */
class Business {
  private constructor(
    private readonly running: RunningSandbox,
    private readonly facts: SltFacts,
    private readonly connections: ReadonlyMap<Mode, Connection>,
  ) {}

  static async open(used: readonly Mode[]): Promise<Business> {
    const running = await openRunning({ customers });
    const connections = new Map<Mode, Connection>();
    for (const mode of used) connections.set(mode, await open(running.sandbox, mode));
    return new Business(running, await readFacts(running.stripe), connections);
  }

  run({ text }: SltText, mode: Mode): Promise<SltOutcome> {
    const connection = this.connections.get(mode);
    if (connection === undefined) throw new Error(`no connection with ${mode.name}`);
    return runBlock(parseSlt(fillFacts(text, this.facts)), connection, mode.run);
  }

  async close(): Promise<void> {
    for (const connection of this.connections.values()) await connection.close();
    await this.running.sandbox.close();
    this.running.catalog.close();
  }
}

function open(sandbox: Sandbox, { options }: Mode): Promise<Connection> {
  return connect({ apiKey: sandbox.apiKey, apiBase: sandbox.url, ...options });
}

/** A business for the cases of one suite. */
function businessFor(used: readonly Mode[]): () => Business {
  let business: Business | undefined;
  beforeAll(async () => {
    business = await Business.open(used);
  });
  afterAll(() => business?.close());
  return () => {
    if (business === undefined) throw new Error("the business is not open yet");
    return business;
  };
}

describe("every way to run a statement gives the expected rows, and the same columns", () => {
  const business = businessFor(modes);
  describe.each(reading)("%s", (name) => {
    test.each(splitSlt(contentOf(name)).map(titled))("%s", async (_title, block) => {
      const outcomes: SltOutcome[] = [];
      for (const mode of modes) outcomes.push(await business().run(block, mode));
      expect(outcomes).toEqual(modes.map(() => ({ failure: undefined, columns: outcomes[0]?.columns })));
    });
  });
});

describe.each(writing)(
  "every way to run the statements of %s, one after the other, gives the expected rows",
  (name) => {
    describe.each(modes)("$name", (mode) => {
      const business = businessFor([mode]);
      test.each(splitSlt(contentOf(name)).map(titled))("%s", async (_title, block) => {
        expect((await business().run(block, mode)).failure).toBeUndefined();
      });
    });
  },
);
