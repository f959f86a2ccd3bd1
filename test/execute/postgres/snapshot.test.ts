import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresEngine } from "../../../src/execute/postgres/postgres-engine.js";
import { KeptBytes } from "../../../src/store/kept-bytes.js";
import { openCatalog } from "../../../src/store/open-catalog.js";
import { ensureBuilt } from "../../support/built-program.js";
import { testFolder } from "../../support/folder.js";
import { ask, workerFolder } from "./open-engine.js";

const catalog = openCatalog();
const folder = testFolder().path;
const file = () => join(folder, readdirSync(folder)[0] ?? "");
beforeAll(ensureBuilt);
afterAll(() => catalog.close());

function open(): PostgresEngine {
  return new PostgresEngine({
    ...{ catalog, catalogVersion: "1-2-3", workerFolder },
    snapshots: new KeptBytes({ cachePath: folder }),
  });
}

const customers = "SELECT count(*) FROM pg_tables WHERE schemaname = 'stripe' AND tablename = 'customers'";

describe("the database of the catalog", () => {
  it("is made once, by two who need it at once as well, and kept for its owner alone", async () => {
    const engines = [open(), open()];
    const answers = await Promise.all(engines.map((engine) => ask(engine, customers)));
    for (const engine of engines) await engine.close();
    expect(answers.map(({ rows }) => rows)).toEqual([[["1"]], [["1"]]]);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^postgres-1-2-3-\d+\.\d+\.\d+-\d+\.tar\.gz$/)]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it("is taken from its file from then on", async () => {
    const before = statSync(file()).mtimeMs;
    const engine = open();
    expect((await ask(engine, customers)).rows).toEqual([["1"]]);
    await engine.close();
    expect(statSync(file()).mtimeMs).toBe(before);
  });

  it("is made anew where the file is damaged", async () => {
    const whole = readFileSync(file());
    writeFileSync(file(), whole.subarray(0, whole.length / 2));
    const engine = open();
    expect((await ask(engine, customers)).rows).toEqual([["1"]]);
    await engine.close();
    expect(readFileSync(file()).length).toBeGreaterThan(whole.length / 2 + 1000);
  });

  it("is none of an engine that is closed before it is there", async () => {
    const engine = open();
    const asking = ask(engine, customers).then(
      () => "answered",
      (error: { readonly sqlState: string }) => error.sqlState,
    );
    await engine.close();
    expect(["57014", "57P01"]).toContain(await asking);
  });
});
