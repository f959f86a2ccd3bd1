import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appendHistory, historyEntry, historyPath, readHistory } from "../../src/repl/history-file.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stripe-sql-history-"));
  path = join(folder, "state", "history");
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("the history", () => {
  it("is kept in the user's state folder", () => {
    expect(historyPath({ XDG_STATE_HOME: "/state" })).toBe("/state/stripe-sql/history");
    expect(historyPath({})).toMatch(/\.local\/state\/stripe-sql\/history$/);
  });

  it("is undefined before the first statement, and then what was entered", () => {
    expect(readHistory(path)).toBeUndefined();
    appendHistory(path, "SELECT 1;");
    appendHistory(path, "SELECT 2;");
    expect(readHistory(path)).toEqual(["SELECT 1;", "SELECT 2;"]);
  });

  it("keeps no keys, client secrets or card numbers", () => {
    appendHistory(path, "EXEC X Key='rk_test_abc123', Secret='pi_1_secret_xyz', Card='4242 4242 4242 4242';");
    expect(readFileSync(path, "utf8")).toBe(
      "EXEC X Key='rk_test_***', Secret='pi_1_secret_***', Card='[card number]';\n",
    );
  });

  it("keeps line breaks within a quotation", () => {
    appendHistory(path, "SELECT 'a\nb';");
    appendHistory(path, "SELECT 2;");
    expect(readHistory(path)).toEqual(["SELECT 'a\nb';", "SELECT 2;"]);
  });

  it("is for its owner's eyes", () => {
    appendHistory(path, "SELECT 1;");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("is shortened to its newest entries once it has grown", () => {
    appendHistory(path, "SELECT 0;");
    writeFileSync(path, Array.from({ length: 2_001 }, (_, index) => `SELECT ${index};\n`).join(""));
    expect(readHistory(path)).toHaveLength(1_000);
    expect(readFileSync(path, "utf8").split("\n")[0]).toBe("SELECT 1001;");
  });

  it.each([
    ["SELECT 1;", "SELECT 1;"],
    ["SELECT 1 -- one\n  FROM x;", "SELECT 1 FROM x;"],
    ["SELECT 'a--b',\n 2;", "SELECT 'a--b', 2;"],
    ["SELECT /* a\n -- b */ 1,\n\n  2 ;", "SELECT /* a -- b */ 1, 2;"],
    ["SELECT 1;\nSELECT 2;", "SELECT 1; SELECT 2;"],
    [
      "UPDATE Customer\nSET Description = 'two\n  lines' -- or so\nWHERE Id = 'x';",
      "UPDATE Customer SET Description = 'two\n  lines' WHERE Id = 'x';",
    ],
  ])("makes one line of %j", (text, entry) => expect(historyEntry(text)).toBe(entry));
});
