import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { connect } from "../../src/driver/connect.js";
import { openCatalog } from "../../src/store/open-catalog.js";
import { openReadCounts } from "../../src/store/read-counts.js";
import { openStatistics } from "../../src/store/statistics-store.js";
import { testFolder } from "../support/folder.js";

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe("what is kept of an account", () => {
  test("is its owner's alone to read, in a folder that is too", () => {
    const folder = join(testFolder().path, "not", "there");
    const statistics = openStatistics(folder);
    statistics.record({ schema: "stripe", table: "Customer", account: "a" }, 1);
    const reads = openReadCounts(folder);
    reads.count("a");
    reads.close();
    openCatalog({ cachePath: folder }).close();
    expect(modeOf(folder)).toBe("700");
    const modes = readdirSync(folder).map((name) => [name.replace(/-.*\./, "."), modeOf(join(folder, name))]);
    expect(Object.fromEntries(modes)).toEqual({
      "catalog.sqlite": "600",
      "reads.sqlite": "600",
      "statistics.sqlite": "600",
    });
    statistics.close();
  });

  test("by an earlier version for all to read is closed to others", () => {
    const { path, write } = testFolder();
    for (const name of ["statistics.sqlite", "reads.sqlite"]) chmodSync(write(name, ""), 0o644);
    openStatistics(path).close();
    openReadCounts(path).close();
    expect(readdirSync(path).map((name) => modeOf(join(path, name)))).toEqual(["600", "600"]);
  });

  test("does not close a folder of the user's own to others", () => {
    const folder = join(testFolder().path, "shared");
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    openStatistics(folder).close();
    expect(modeOf(folder)).toBe("755");
  });
});

describe("a cache folder that cannot be written", () => {
  const unfit: readonly (readonly [string, () => string])[] = [
    ["of the system's", () => "/proc"],
    ["beneath one of the system's", () => "/proc/nothing/here"],
    ["that is a file", () => testFolder().write("file", "")],
    ["beneath a file", () => join(testFolder().write("file", ""), "folder")],
    ["that is a device", () => "/dev/null"],
    ["whose name is too long", () => join(testFolder().path, "a".repeat(300))],
    ["on a full disk", () => "/dev/full"],
  ];

  test.each(unfit)("%s is told of once, and statements run", async (_, folderOf) => {
    const cachePath = folderOf();
    const connection = await connect({ sandbox: { customers: 3 }, cachePath });
    const first = await connection.query("SELECT count(*) AS n FROM Customer");
    expect(first.rows).toEqual([{ n: 3 }]);
    expect(first.notices).toEqual([
      expect.stringMatching(
        /^the cache folder .* cannot be written \((E[A-Z]+|SQLITE_[A-Z]+)\): the schema is compiled at each start, and nothing is remembered$/,
      ),
    ]);
    expect(first.notices[0]).toContain(cachePath);
    expect((await connection.query("SELECT 1 AS one")).notices).toEqual([]);
    await connection.close();
  });

  test("is no business of who sends statements from elsewhere", async () => {
    const connection = await connect({ sandbox: { customers: 3 }, cachePath: "/proc", fileAccess: false });
    expect((await connection.query("SELECT 1 AS one")).notices).toEqual([]);
    await connection.close();
  });

  test("but that holds what was compiled before is read", async () => {
    const { path } = testFolder();
    openCatalog({ cachePath: path }).close();
    writeFileSync(join(path, "statistics.sqlite"), "no database");
    const connection = await connect({ sandbox: { customers: 3 }, cachePath: path });
    expect((await connection.query("SELECT 1 AS one")).notices).toEqual([]);
    await connection.close();
  });
});
