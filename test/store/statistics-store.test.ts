import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { openStatistics } from "../../src/store/statistics-store.js";
import { testFolder } from "../support/folder.js";

const table = (name: string, account = "", schema = "stripe") => ({ schema, table: name, account });

describe("statistics", () => {
  test("remember the rows last seen, by table and account, from one opening to the next", () => {
    const folder = testFolder().path;
    const first = openStatistics(folder);
    expect(first.rowsSeen(table("Customer"))).toBeUndefined();
    first.record(table("Customer"), 10);
    first.record(table("Customer"), 12);
    first.record(table("Customer", "acct_1"), 3);
    first.close();
    const second = openStatistics(folder);
    expect(second.rowsSeen(table("Customer"))).toBe(12);
    expect(second.rowsSeen(table("Customer", "acct_1"))).toBe(3);
    expect(second.rowsSeen(table("Charge"))).toBeUndefined();
    second.close();
  });

  test("keep tables of one name in two schemas apart: the Events of v1 and v2 once shared one count", () => {
    const statistics = openStatistics(testFolder().path);
    statistics.record(table("Event"), 900);
    statistics.record(table("Event", "", "v2"), 3);
    expect(statistics.rowsSeen(table("Event"))).toBe(900);
    expect(statistics.rowsSeen(table("Event", "", "v2"))).toBe(3);
    statistics.close();
  });

  test("begin anew beside those that an older version keeps in the same file", () => {
    const folder = testFolder().path;
    const older = new Database(join(folder, "statistics.sqlite"));
    older.exec("CREATE TABLE rows_seen (table_name TEXT, account TEXT, row_count INTEGER)");
    older.exec("INSERT INTO rows_seen VALUES ('Charge', '', 5)");
    older.close();
    const statistics = openStatistics(folder);
    expect(statistics.rowsSeen(table("Charge"))).toBeUndefined();
    statistics.record(table("Charge"), 7);
    expect(statistics.rowsSeen(table("Charge"))).toBe(7);
    statistics.close();
  });

  test("are shared by two that are open at once", () => {
    const folder = testFolder().path;
    const [one, other] = [openStatistics(folder), openStatistics(folder)];
    one.record(table("Charge"), 7);
    expect(other.rowsSeen(table("Charge"))).toBe(7);
    one.close();
    other.close();
  });

  test("never fail a statement: a damaged file is set aside for memory", () => {
    const folder = testFolder().path;
    writeFileSync(join(folder, "statistics.sqlite"), "this is not a database ".repeat(500));
    const statistics = openStatistics(folder);
    statistics.record(table("Charge"), 7);
    expect(statistics.rowsSeen(table("Charge"))).toBe(7);
    statistics.close();
  });

  test("live in memory where the folder cannot be made", () => {
    const file = join(testFolder().path, "file");
    writeFileSync(file, "");
    const statistics = openStatistics(join(file, "below"));
    statistics.record(table("Charge"), 7);
    expect(statistics.rowsSeen(table("Charge"))).toBe(7);
    statistics.close();
  });
});
