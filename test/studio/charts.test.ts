import { describe, expect, test } from "vitest";
import type { ChartPicture } from "../../src/studio/messages.js";
import { testFolder } from "../support/folder.js";
import { ServedStudio } from "./served-studio.js";

const studio = new ServedStudio({ customers: 10, isReadOnly: true, folder: testFolder().path });

const chart = async (result: string, query: string) =>
  (await studio.page.ask("GET", `/api/results/${result}/chart?${query}`)) as ChartPicture;

const plans = "SELECT plan, n, n * 2 AS twice FROM (VALUES ('basic', 3), ('pro', 5), ('pro', 1)) AS t(plan, n)";

describe("a chart", () => {
  test("of a result is drawn by its columns, without a request", async () => {
    const result = await studio.resultOf(plans);
    studio.sandbox.requests.clear();
    const drawn = await chart(result, "");
    expect(drawn).toMatchObject({ description: "Bar chart of n by plan", notes: [expect.stringContaining("1 row")] });
    expect(drawn.svg).toMatch(/^<svg .*basic.*pro.*<\/svg>/s);
    expect(studio.sandbox.requests.total).toBe(0);
  });

  test("is of the kind and the columns that were chosen", async () => {
    const result = await studio.resultOf(plans);
    expect(await chart(result, "kind=line&x=n&y=twice")).toMatchObject({ description: "Line chart of twice by n" });
    expect((await chart(result, "theme=dark")).svg).not.toBe((await chart(result, "theme=light")).svg);
  });

  test("that there cannot be says why", async () => {
    const result = await studio.resultOf(plans);
    expect(await chart(result, "y=nothing")).toMatchObject({
      error: { message: 'the result has no column "nothing"', sqlState: "42703" },
    });
    expect(await chart(await studio.resultOf("SELECT 'a' AS one WHERE false"), "")).toMatchObject({
      error: { sqlState: expect.any(String) },
    });
    expect(await chart("99", "")).toMatchObject({ error: { message: expect.stringContaining("no longer kept") } });
    expect(await studio.page.send("GET", `/api/results/${result}/chart?kind=pie`)).toMatchObject({ status: 400 });
  });

  test("of a result that was cut off says so", async () => {
    const refusal = { kind: "status", status: 400 } as const;
    studio.sandbox.faults.add({ method: "GET", path: "/v1/events", after: 0, times: 100, effect: refusal });
    const events = await studio.page.events("SELECT i AS x, i AS y FROM range(3) AS t(i); SELECT Id FROM Event");
    studio.sandbox.faults.clear();
    const failed = events.find((event) => event.kind === "columns" && event.text.includes("Event"));
    const whole = events.find((event) => event.kind === "columns");
    if (failed?.kind !== "columns" || whole?.kind !== "columns") throw new Error("no columns");
    expect((await chart(whole.result, "")).notes).toEqual([]);
    expect(await studio.page.ask("GET", `/api/results/${failed.result}`)).toMatchObject({
      missing: expect.any(String),
    });
  });

  test("is saved as SVG", async () => {
    const result = await studio.resultOf(plans);
    const picture = (format: string) =>
      studio.page.send("GET", `/api/results/${result}/picture?format=${format}&kind=bar`);
    const svg = await picture("svg");
    expect(svg.headers.get("content-disposition")).toBe(`attachment; filename="result-${result}.svg"`);
    expect(await svg.text()).toMatch(/^<svg /);
  });
});
