import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import type { CompiledCatalog } from "../../src/catalog/compile/compile-catalog.js";
import { compileCatalog } from "../../src/catalog/compile/compile-catalog.js";
import { locateSdk } from "../../src/catalog/compile/sdk-source.js";
import { openCatalog } from "../../src/store/open-catalog.js";
import { SqliteCatalog } from "../../src/store/sqlite-catalog.js";
import { ensureBuilt } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";

const { root, sdkVersion, apiVersion } = locateSdk();
const whole = compileCatalog(root);
const small: CompiledCatalog = { tables: whole.tables.slice(0, 12), procedures: whole.procedures.slice(0, 3) };

/** Opens a catalog of a few tables, and says whether that compiled them. */
function open(
  cachePath: string,
  compilerVersion = 1,
): { readonly catalog: SqliteCatalog; readonly compilations: () => number } {
  let compilations = 0;
  const compile = () => {
    compilations++;
    return small;
  };
  const catalog = new SqliteCatalog({ cachePath, origin: { sdkVersion, apiVersion, compilerVersion }, compile });
  return { catalog, compilations: () => compilations };
}

function openAndClose(cachePath: string, compilerVersion = 1): number {
  const { catalog, compilations } = open(cachePath, compilerVersion);
  expect(catalog.tables()).toHaveLength(small.tables.length);
  catalog.close();
  return compilations();
}

function onlyFile(folder: string): string {
  const files = readdirSync(folder);
  expect(files).toHaveLength(1);
  return join(folder, files[0] ?? "");
}

describe("openCatalog", () => {
  test("states the versions that it was compiled from", () => {
    const catalog = openCatalog({ cachePath: testFolder().path });
    expect(catalog).toMatchObject({ sdkVersion: "23.1.0", apiVersion: "2026-10-28.endive" });
    catalog.close();
  });

  test("reads back what was compiled", () => {
    const { catalog } = open(testFolder().path);
    const asStored: unknown = JSON.parse(JSON.stringify(small.tables[0]));
    expect(catalog.findTable(small.tables[0]?.name ?? "")?.table).toEqual(asStored);
    catalog.close();
  });
});

describe("the file", () => {
  test("is compiled once and read from then on, without leftovers", () => {
    const folder = testFolder().path;
    expect(openAndClose(folder)).toBe(1);
    expect(openAndClose(folder)).toBe(0);
    expect(onlyFile(folder)).toMatch(/catalog-.*-1\.sqlite$/);
  });

  test("of another compiler is not used", () => {
    const folder = testFolder().path;
    openAndClose(folder, 1);
    expect(openAndClose(folder, 2)).toBe(1);
    expect(openAndClose(folder, 1)).toBe(0);
  });

  test("that claims another origin than its name is compiled anew", () => {
    const folder = testFolder().path;
    openAndClose(folder);
    const database = new Database(onlyFile(folder));
    database.prepare("UPDATE origin SET value = ?").run("{}");
    database.close();
    expect(openAndClose(folder)).toBe(1);
  });

  test.each([
    ["empty", () => Buffer.alloc(0)],
    ["no database", () => Buffer.from("this is not a database ".repeat(1000))],
    ["cut off after its first page", (bytes: Buffer) => bytes.subarray(0, 4096)],
    ["cut off at half", (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
    ["longer than it was", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("more")])],
  ])("that is %s is compiled anew", (_, damage) => {
    const folder = testFolder().path;
    openAndClose(folder);
    const file = onlyFile(folder);
    writeFileSync(file, damage(readFileSync(file)));
    expect(openAndClose(folder)).toBe(1);
    expect(openAndClose(folder)).toBe(0);
  });

  test("that lacks a table of its own is compiled anew when that is missed", () => {
    const folder = testFolder().path;
    openAndClose(folder);
    const database = new Database(onlyFile(folder));
    database.exec("DROP TABLE procedure_definition");
    database.close();
    const { catalog, compilations } = open(folder);
    expect(catalog.procedureNames()).toHaveLength(small.procedures.length);
    expect(compilations()).toBe(1);
    catalog.close();
  });

  test("that is damaged in pages read only later is compiled anew then", () => {
    const folder = testFolder().path;
    openAndClose(folder);
    const file = onlyFile(folder);
    const bytes = readFileSync(file);
    bytes.fill(0xff, 4096 * 5);
    writeFileSync(file, bytes);
    expect(openAndClose(folder)).toBe(1);
  });

  test("in a folder that cannot be made lives in memory instead", () => {
    const folder = testFolder().path;
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(openAndClose(join(file, "below"))).toBe(1);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  test("that is a folder is left alone, and the catalog lives in memory", () => {
    const folder = testFolder().path;
    openAndClose(folder);
    const file = onlyFile(folder);
    rmSync(file);
    mkdirSync(file);
    expect(openAndClose(folder)).toBe(1);
  });

  test("may be removed while it is open", () => {
    const folder = testFolder().path;
    openAndClose(folder);
    const { catalog } = open(folder);
    rmSync(folder, { recursive: true });
    expect(catalog.tables()).toHaveLength(small.tables.length);
    catalog.close();
  });
});

describe("two processes at once", () => {
  beforeAll(ensureBuilt);

  test("both compile, and leave one whole file", async () => {
    const program = fileURLToPath(new URL("../../dist/store/open-catalog.js", import.meta.url));
    const cachePath = testFolder().path;
    const script = `
      const { openCatalog } = await import(${JSON.stringify(program)});
      process.stdin.once("data", () => {
        const catalog = openCatalog({ cachePath: ${JSON.stringify(cachePath)} });
        process.stdout.write(String(catalog.tables().length));
        catalog.close();
        process.exit(0);
      });
      process.stdout.write("ready ");`;
    const counts = await Promise.all(await startTogether(script));
    expect(counts).toEqual([`ready ${whole.tables.length}`, `ready ${whole.tables.length}`]);
    expect(onlyFile(cachePath)).toMatch(/\.sqlite$/);
  });
});

/** Starts two processes, and lets both begin once both are ready. */
async function startTogether(script: string): Promise<readonly Promise<string>[]> {
  const children = [0, 1].map(() => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    return { child, ready: once(child.stdout, "data"), ended: once(child, "close").then(() => output) };
  });
  await Promise.all(children.map(({ ready }) => ready));
  for (const { child } of children) child.stdin.write("go\n");
  return children.map(({ ended }) => ended);
}
