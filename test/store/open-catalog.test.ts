import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import type { CompiledCatalog } from "../../src/catalog/compile/compile-catalog.js";
import { compileCatalog } from "../../src/catalog/compile/compile-catalog.js";
import { locateSdk } from "../../src/catalog/compile/sdk-source.js";
import { writeShippedFile } from "../../src/store/catalog-file.js";
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

describe("the package's own file", () => {
  const origin = { sdkVersion, apiVersion, compilerVersion: 1 };

  function ship(): string {
    const file = join(testFolder().path, "catalog.sqlite");
    writeShippedFile(file, { origin, compile: () => small });
    return file;
  }

  /** What a catalog over it says, how often it had to compile, and what is then in the cache folder. */
  function openShipped(shipped: string, { cachePath = testFolder().path, compilerVersion = 1 } = {}) {
    let compilations = 0;
    const compile = () => {
      compilations++;
      return small;
    };
    const catalog = new SqliteCatalog({ shipped, cachePath, origin: { ...origin, compilerVersion }, compile });
    const tables = catalog.tables().length;
    const procedures = catalog.procedureNames().length;
    catalog.close();
    expect([tables, procedures]).toEqual([small.tables.length, small.procedures.length]);
    return { compilations, cached: readdirSync(cachePath).length };
  }

  test("is read, and nothing is compiled or put into the cache folder", () => {
    const shipped = ship();
    expect(openShipped(shipped)).toEqual({ compilations: 0, cached: 0 });
    expect(readdirSync(dirname(shipped))).toEqual(["catalog.sqlite"]);
  });

  test("can be read by all, and is where nobody may write", () => {
    const shipped = ship();
    expect(statSync(shipped).mode & 0o777).toBe(0o644);
    chmodSync(shipped, 0o444);
    chmodSync(dirname(shipped), 0o555);
    expect(openShipped(shipped)).toEqual({ compilations: 0, cached: 0 });
    chmodSync(dirname(shipped), 0o755);
  });

  test("is read by several at once", () => {
    const shipped = ship();
    const catalogs = [1, 2, 3].map(() => new SqliteCatalog({ shipped, cachePath: "/dev/null", origin, compile: fail }));
    for (const catalog of catalogs) expect(catalog.tables()).toHaveLength(small.tables.length);
    for (const catalog of catalogs) catalog.close();
  });

  test("of another SDK or compiler gives way to one in the cache folder, which is compiled once", () => {
    const shipped = ship();
    const cachePath = testFolder().path;
    expect(openShipped(shipped, { cachePath, compilerVersion: 2 })).toEqual({ compilations: 1, cached: 1 });
    expect(openShipped(shipped, { cachePath, compilerVersion: 2 })).toEqual({ compilations: 0, cached: 1 });
  });

  test.each([
    ["is missing", () => undefined],
    ["is empty", () => Buffer.alloc(0)],
    ["is cut off", (bytes: Buffer) => bytes.subarray(0, 4096 * 3)],
    ["is damaged in pages read only later", (bytes: Buffer) => bytes.fill(0xff, 4096 * 5)],
  ])("that %s gives way too, and is left as it is", (_, damage) => {
    const shipped = ship();
    const damaged = damage(readFileSync(shipped));
    rmSync(shipped);
    if (damaged !== undefined) writeFileSync(shipped, damaged);
    const cachePath = testFolder().path;
    expect(openShipped(shipped, { cachePath })).toEqual({ compilations: 1, cached: 1 });
    expect(openShipped(shipped, { cachePath })).toEqual({ compilations: 0, cached: 1 });
    if (damaged !== undefined) expect(readFileSync(shipped).equals(damaged)).toBe(true);
  });

  function fail(): never {
    throw new Error("compiled");
  }
});

describe("two processes at once", () => {
  beforeAll(ensureBuilt);

  test("both compile, and leave one whole file", async () => {
    const modules = new URL("../../dist/", import.meta.url).href;
    const cachePath = testFolder().path;
    const script = `
      const { SqliteCatalog } = await import("${modules}store/sqlite-catalog.js");
      const { compileCatalog } = await import("${modules}catalog/compile/compile-catalog.js");
      const { locateSdk } = await import("${modules}catalog/compile/sdk-source.js");
      const { root, sdkVersion, apiVersion } = locateSdk();
      process.stdin.once("data", () => {
        const catalog = new SqliteCatalog({
          cachePath: ${JSON.stringify(cachePath)},
          origin: { sdkVersion, apiVersion, compilerVersion: 1 },
          compile: () => compileCatalog(root),
        });
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
