import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DashboardFile, SavedDashboard } from "../../src/studio/messages.js";
import { testFolder } from "../support/folder.js";
import { ServedStudio } from "./served-studio.js";

const folder = join(testFolder().path, "queries");
const studio = new ServedStudio({ customers: 10, isReadOnly: true, folder });

const open = async (name: string) => (await studio.page.ask("GET", `/api/dashboards/${name}`)) as DashboardFile;

async function save(name: string, text: string, version?: string): Promise<SavedDashboard> {
  return (await studio.page.ask("PUT", `/api/dashboards/${encodeURIComponent(name)}`, {
    text,
    version,
  })) as SavedDashboard;
}

const one = "tiles:\n  - sql: SELECT 1\n";

/** A file that no studio has written. */
function place(name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.dashboard.yaml`), text);
}

describe("a dashboard", () => {
  test("is a file of the folder, beside the queries that its tiles name", async () => {
    expect(await studio.page.ask("GET", "/api/dashboards")).toEqual([]);
    await studio.page.send("PUT", "/api/queries/newest", { sql: "SELECT Id FROM Customer LIMIT 5" });
    const text = `# For Mondays
title: Revenue
columns: 3
tiles:
  - query: newest
    width: 2
  - title: By month
    sql: SELECT 1 AS x, 2 AS y
    view: chart
    chart: { kind: line, x: x }
`;
    expect(await save("revenue", text)).toEqual({ version: expect.any(String) });
    expect(readFileSync(join(folder, "revenue.dashboard.yaml"), "utf8")).toBe(text);
    expect(await studio.page.ask("GET", "/api/dashboards")).toEqual(["revenue"]);
    expect(await studio.page.ask("GET", "/api/queries")).toEqual(["newest"]);
    expect((await open("revenue")).dashboard).toEqual({
      title: "Revenue",
      columns: 3,
      tiles: [
        { title: "newest", sql: "SELECT Id FROM Customer LIMIT 5;\n", view: "table", chart: {}, width: 2 },
        { title: "By month", sql: "SELECT 1 AS x, 2 AS y", view: "chart", chart: { kind: "line", x: "x" }, width: 1 },
      ],
    });
  });

  test("is read of JSON too", async () => {
    place("json", JSON.stringify({ title: "Of JSON", tiles: [{ sql: "SELECT 1", view: "number" }] }));
    expect((await open("json")).dashboard).toMatchObject({ title: "Of JSON", tiles: [{ view: "number" }] });
  });

  test("tells which of its tiles names no saved query, with the nearest", async () => {
    place("lost", "tiles:\n  - query: newst\n  - sql: SELECT 1\n");
    expect((await open("lost")).dashboard?.tiles).toMatchObject([
      { title: "newst", problem: expect.stringContaining('no saved query "newst"') },
      { title: "Tile 2", sql: "SELECT 1" },
    ]);
  });
});

describe("a file that is no dashboard", () => {
  test.each<readonly [string, string, readonly string[]]>([
    [
      "a key that there is not",
      "tiles:\n  - sql: SELECT 1\n    veiw: table\n",
      ['3:5: tiles[0].veiw is no known key. Did you mean "view"?'],
    ],
    [
      "a view that there is not",
      "tiles:\n  - sql: x\n    view: pie\n",
      ["3:11: tiles[0].view must be one of table, number, chart"],
    ],
    ["no tiles", "title: Empty\n", ["1:1: tiles is missing: it must be a list of tiles"]],
    [
      "neither a query nor SQL",
      "tiles:\n  - title: x\n",
      ["2:5: tiles[0] must have either query, the name of a saved query, or sql"],
    ],
    [
      "both",
      "tiles:\n  - sql: x\n    query: y\n",
      ["2:5: tiles[0] must have either query, the name of a saved query, or sql"],
    ],
    ["a chart of a table", "tiles:\n  - sql: x\n    chart: {}\n", ["3:12: tiles[0].chart is for view: chart alone"]],
    [
      "a width",
      "columns: 2.5\ntiles:\n  - sql: x\n    width: 9\n",
      ["1:10: columns must be a whole number from 1 to 4", "4:12: tiles[0].width must be a whole number from 1 to 4"],
    ],
    [
      "a kind of chart",
      "tiles:\n  - sql: x\n    view: chart\n    chart: {kind: pie, z: a}\n",
      [
        "4:19: tiles[0].chart.kind must be one of bar, line, area, hist, heat",
        '4:24: tiles[0].chart.z is no known key. Did you mean "x", "y" or "by"?',
      ],
    ],
    ["no YAML", "tiles: [", ["1:9: this is not YAML"]],
    ["a text", "hello", ["1:1: must be a mapping with title and tiles"]],
  ])("says where %s is wrong, and is neither shown nor saved", async (_what, text, lines) => {
    place("wrong", text);
    const { dashboard, error } = await open("wrong");
    expect(dashboard).toBeUndefined();
    expect(error?.message).toMatch(/^wrong\.dashboard\.yaml has /);
    const detail = error?.detail?.split("\n") ?? [];
    expect(detail).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) expect(detail[index]).toContain(`wrong.dashboard.yaml:${line}`);
    expect(await save("fresh", text)).toMatchObject({ error: { sqlState: "22023" } });
    expect(readdirSync(folder)).not.toContain("fresh.dashboard.yaml");
  });

  test("says so where it is empty or several", async () => {
    place("wrong", "");
    expect((await open("wrong")).error?.message).toMatch(/wrong\.dashboard\.yaml/);
    place("wrong", `${one}---\n${one}`);
    expect((await open("wrong")).error?.message).toBe("wrong.dashboard.yaml holds 2 documents");
  });
});

describe("a dashboard that is saved", () => {
  test("replaces the text that was opened", async () => {
    const { version } = await save("mine", one);
    const again = await save("mine", `title: Again\n${one}`, version);
    expect(again).toEqual({ version: expect.not.stringMatching(String(version)) });
    expect((await open("mine")).version).toBe(again.version);
  });

  test("takes one of several texts that are saved at once, and tells the others", async () => {
    const texts = Array.from({ length: 8 }, (_, index) => `title: Race ${index}\n${one}`);
    const answers = await Promise.all(texts.map((text) => save("race", text)));
    const taken = answers.flatMap(({ error }, place) => (error === undefined ? [place] : []));
    expect(taken).toHaveLength(1);
    expect(readFileSync(join(folder, "race.dashboard.yaml"), "utf8")).toBe(texts[taken[0] ?? -1]);
  });

  test("leaves a file as it is that somebody changed, removed or made meanwhile", async () => {
    place("theirs", one);
    const { version } = await open("theirs");
    place("theirs", `title: Changed\n${one}`);
    for (const known of [version, undefined]) {
      expect(await save("theirs", `title: Mine\n${one}`, known)).toMatchObject({ error: { sqlState: "55000" } });
      expect(readFileSync(join(folder, "theirs.dashboard.yaml"), "utf8")).toContain("Changed");
    }
    expect(await save("removed", one, version)).toMatchObject({
      error: { message: expect.stringContaining("removed") },
    });
    expect(readdirSync(folder).filter((file) => file.includes("partial"))).toEqual([]);
  });

  test.each(["../out", ".hidden", "a/b", "x\u0000y"])("is in no other folder: %j", async (name) => {
    expect(await save(name, one)).toMatchObject({ error: { sqlState: "22023" } });
  });

  test("is found by its name alone", async () => {
    place("revenue", one);
    expect((await open("revenu")).error).toMatchObject({
      message: expect.stringContaining('no dashboard "revenu"'),
      hint: expect.stringContaining("revenue"),
    });
  });
});
