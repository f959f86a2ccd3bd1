import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";

const modules = fileURLToPath(new URL("../../dist/repl/", import.meta.url));

beforeAll(ensureBuilt);

interface ChunkRun {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
  /** The scripts that were compiled, not taken from the cache. */
  readonly compiled: readonly string[];
}

/** Runs main.cjs of a folder as the program does, with the code kept in another. */
function runChunks(folder: string, cacheFolder: string): ChunkRun {
  const script = `
    const { CodeCache } = require(${JSON.stringify(join(modules, "code-cache.cjs"))});
    const { runChunks } = require(${JSON.stringify(join(modules, "program-chunks.cjs"))});
    const cache = new CodeCache(${JSON.stringify(cacheFolder)});
    const kept = [];
    const keep = (name, source, code) => { kept.push(name); cache.keep(name, source, code); };
    runChunks(${JSON.stringify(folder)}, "main.cjs", { read: (...given) => cache.read(...given), keep });
    process.on("exit", () => process.stderr.write("\\nkept " + kept.join(" ")));
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  const [errors = "", kept = ""] = stderr.split("\nkept ");
  return { status, output: stdout, errors, compiled: kept.split(" ").filter((name) => name !== "") };
}

function folders(chunks: Readonly<Record<string, string>>) {
  const folder = testFolder();
  for (const [name, code] of Object.entries(chunks)) folder.write(name, code);
  return { folder: folder.path, cacheFolder: testFolder().path };
}

const chunks = {
  "main.cjs": `
    const { greet } = require("./greeting.cjs");
    console.log(greet(), require("node:path").basename(__filename), require("./greeting.cjs").greet === greet);
    if (process.env.LATE) require("./late.cjs");
  `,
  "greeting.cjs": 'exports.greet = () => "hello";',
  "late.cjs": 'console.log("late");',
};

describe("the chunks of a program", () => {
  it("run as modules do, each once, and are compiled the first time alone", () => {
    const { folder, cacheFolder } = folders(chunks);
    const output = "hello main.cjs true\n";
    const first = runChunks(folder, cacheFolder);
    expect(first).toEqual({ status: 0, output, errors: "", compiled: ["main.cjs", "greeting.cjs"] });
    expect(runChunks(folder, cacheFolder)).toEqual({ ...first, compiled: [] });
  });

  it("are compiled anew where one has changed", () => {
    const { folder, cacheFolder } = folders(chunks);
    runChunks(folder, cacheFolder);
    writeFileSync(join(folder, "greeting.cjs"), chunks["greeting.cjs"].replace("hello", "adieu"));
    expect(runChunks(folder, cacheFolder)).toMatchObject({
      output: "adieu main.cjs true\n",
      compiled: ["greeting.cjs"],
    });
  });

  it("run, and are kept anew, where what was kept is damaged", () => {
    const { folder, cacheFolder } = folders(chunks);
    const whole = runChunks(folder, cacheFolder);
    for (const name of readdirSync(cacheFolder)) {
      const bytes = readFileSync(join(cacheFolder, name));
      bytes.fill(0xff, bytes.length / 2);
      writeFileSync(join(cacheFolder, name), bytes);
    }
    expect(runChunks(folder, cacheFolder)).toEqual(whole);
    expect(runChunks(folder, cacheFolder).compiled).toEqual([]);
  });

  it("import modules, from where they stand themselves", () => {
    const { folder, cacheFolder } = folders({
      "main.cjs": 'void importModule("./beside.mjs").then(({ place }) => console.log(place));',
      "beside.mjs": 'export const place = "beside";',
    });
    expect(runChunks(folder, cacheFolder).output).toBe("beside\n");
    expect(runChunks(folder, cacheFolder).output).toBe("beside\n");
  });

  it("tell where they failed", () => {
    const { folder, cacheFolder } = folders({ "main.cjs": 'throw new Error("no such thing");' });
    const { status, errors } = runChunks(folder, cacheFolder);
    expect(status).toBe(1);
    expect(errors).toContain(`${join(folder, "main.cjs")}:1`);
  });
});
