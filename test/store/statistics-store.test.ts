import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openStatistics } from "../../src/store/statistics-store.js";
import { testFolder } from "../support/folder.js";

describe("statistics", () => {
  test("remember the rows last seen, by table and account, from one opening to the next", () => {
    const folder = testFolder().path;
    const first = openStatistics(folder);
    expect(first.rowsSeen("Customer", "")).toBeUndefined();
    first.record("Customer", "", 10);
    first.record("Customer", "", 12);
    first.record("Customer", "acct_1", 3);
    first.close();
    const second = openStatistics(folder);
    expect(second.rowsSeen("Customer", "")).toBe(12);
    expect(second.rowsSeen("Customer", "acct_1")).toBe(3);
    expect(second.rowsSeen("Charge", "")).toBeUndefined();
    second.close();
  });

  test("are shared by two that are open at once", () => {
    const folder = testFolder().path;
    const [one, other] = [openStatistics(folder), openStatistics(folder)];
    one.record("Charge", "", 7);
    expect(other.rowsSeen("Charge", "")).toBe(7);
    one.close();
    other.close();
  });

  test("never fail a statement: a damaged file is set aside for memory", () => {
    const folder = testFolder().path;
    writeFileSync(join(folder, "statistics.sqlite"), "this is not a database ".repeat(500));
    const statistics = openStatistics(folder);
    statistics.record("Charge", "", 7);
    expect(statistics.rowsSeen("Charge", "")).toBe(7);
    statistics.close();
  });

  test("live in memory where the folder cannot be made", () => {
    const file = join(testFolder().path, "file");
    writeFileSync(file, "");
    const statistics = openStatistics(join(file, "below"));
    statistics.record("Charge", "", 7);
    expect(statistics.rowsSeen("Charge", "")).toBe(7);
    statistics.close();
  });
});
