import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { Sandbox } from "../../src/driver/sandbox.js";
import { startSandbox } from "../../src/driver/sandbox.js";
import { studioQueries } from "../../src/repl/run-studio.js";
import type { ChartPicture } from "../../src/studio/messages.js";
import type { Studio } from "../../src/studio/open-studio.js";
import { openStudio } from "../../src/studio/open-studio.js";
import { testFolder } from "../support/folder.js";
import { StudioPage } from "./studio-page.js";

let sandbox: Sandbox;
let connection: Connection;
let studio: Studio;
let page: StudioPage;
const folder = testFolder().path;

beforeAll(async () => {
  sandbox = await startSandbox({ customers: 10 });
  connection = await connect({ apiBase: sandbox.url, apiKey: sandbox.apiKey, testClocks: false });
  studio = await openStudio({ connection, isReadOnly: true, queries: studioQueries(folder), folder });
  page = new StudioPage(studio.url);
});

afterAll(async () => {
  await studio.close();
  await connection.close();
  await sandbox.close();
});

async function resultOf(sql: string): Promise<string> {
  const [begin] = await page.events(sql);
  if (begin?.kind !== "columns") throw new Error("no columns");
  return begin.result;
}

const chart = async (result: string, query: string) =>
  (await page.ask("GET", `/api/results/${result}/chart?${query}`)) as ChartPicture;

const plans = "SELECT plan, n, n * 2 AS twice FROM (VALUES ('basic', 3), ('pro', 5), ('pro', 1)) AS t(plan, n)";

describe("a chart", () => {
  test("of a result is drawn by its columns, without a request", async () => {
    const result = await resultOf(plans);
    sandbox.requests.clear();
    const drawn = await chart(result, "");
    expect(drawn).toMatchObject({ description: "Bar chart of n by plan", notes: [expect.stringContaining("1 row")] });
    expect(drawn.svg).toMatch(/^<svg .*basic.*pro.*<\/svg>/s);
    expect(sandbox.requests.total).toBe(0);
  });

  test("is of the kind and the columns that were chosen", async () => {
    const result = await resultOf(plans);
    expect(await chart(result, "kind=line&x=n&y=twice")).toMatchObject({ description: "Line chart of twice by n" });
    expect((await chart(result, "theme=dark")).svg).not.toBe((await chart(result, "theme=light")).svg);
  });

  test("that there cannot be says why", async () => {
    const result = await resultOf(plans);
    expect(await chart(result, "y=nothing")).toMatchObject({
      error: { message: 'the result has no column "nothing"', sqlState: "42703" },
    });
    expect(await chart(await resultOf("SELECT 'a' AS one WHERE false"), "")).toMatchObject({
      error: { sqlState: expect.any(String) },
    });
    expect(await chart("99", "")).toMatchObject({ error: { message: expect.stringContaining("no longer kept") } });
    expect(await page.send("GET", `/api/results/${result}/chart?kind=pie`)).toMatchObject({ status: 400 });
  });

  test("of a result that was cut off says so", async () => {
    const refusal = { kind: "status", status: 400 } as const;
    sandbox.faults.add({ method: "GET", path: "/v1/events", after: 0, times: 100, effect: refusal });
    const events = await page.events("SELECT i AS x, i AS y FROM range(3) AS t(i); SELECT Id FROM Event");
    sandbox.faults.clear();
    const failed = events.find((event) => event.kind === "columns" && event.text.includes("Event"));
    const whole = events.find((event) => event.kind === "columns");
    if (failed?.kind !== "columns" || whole?.kind !== "columns") throw new Error("no columns");
    expect((await chart(whole.result, "")).notes).toEqual([]);
    expect(await page.ask("GET", `/api/results/${failed.result}`)).toMatchObject({ missing: expect.any(String) });
  });

  test("is saved as SVG", async () => {
    const result = await resultOf(plans);
    const picture = (format: string) => page.send("GET", `/api/results/${result}/picture?format=${format}&kind=bar`);
    const svg = await picture("svg");
    expect(svg.headers.get("content-disposition")).toBe(`attachment; filename="result-${result}.svg"`);
    expect(await svg.text()).toMatch(/^<svg /);
  });
});
