import { readFile } from "node:fs/promises";
import type { Download } from "playwright-core";
import { describe, expect, test } from "vitest";
import { browserPage } from "./browser-page.js";

const shown = browserPage();

const exportButton = () => shown.page.getByRole("button", { name: "Export", exact: true });
const format = () => shown.page.getByLabel("Format of the export");

async function saved(begin: () => Promise<void>): Promise<{ readonly name: string; readonly text: string }> {
  const [download] = await Promise.all([shown.page.waitForEvent("download"), begin()]);
  return { name: download.suggestedFilename(), text: await textOf(download) };
}

const textOf = async (download: Download) => readFile(await download.path(), "utf8");

describe("the export of a result", () => {
  test("saves all of its rows, of which the page holds few", async () => {
    await shown.ask("SELECT i AS number FROM range(50000) AS t(i)");
    await expect.poll(() => shown.status.textContent()).toMatch(/^SELECT: 50,000 rows/);
    const { name, text } = await saved(() => exportButton().click());
    expect(name).toMatch(/^result-\d+\.csv$/);
    expect(text.split("\r\n")).toHaveLength(50_002);
  });

  test("is reached and chosen by keyboard alone", async () => {
    await shown.ask("SELECT 1 AS one, NULL AS nothing");
    await expect.poll(() => shown.status.textContent()).toMatch(/^SELECT: 1 row/);
    await format().focus();
    await shown.page.keyboard.type("jsonl");
    await shown.page.keyboard.press("Tab");
    const { name, text } = await saved(() => shown.page.keyboard.press("Enter"));
    expect(name).toMatch(/\.jsonl$/);
    expect(text).toBe('{"one":1,"nothing":null}\n');
  });

  test("of a statement that failed says what there is, and saves that only where it is wanted", async () => {
    const refusal = { kind: "status", status: 400 } as const;
    shown.sandbox.faults.add({ method: "GET", path: "/v1/customers", after: 1, times: 100, effect: refusal });
    await shown.ask("SELECT Id FROM Customer");
    await shown.page.getByText("Injected fault 400").waitFor();
    shown.sandbox.faults.clear();
    await exportButton().click();
    const question = shown.page.getByRole("dialog", { name: "Not all rows" });
    await expect.poll(() => question.textContent()).toMatch(/The result is not whole: \d+ rows have come before/);
    const { name, text } = await saved(() => question.getByRole("button", { name: "Export these rows" }).click());
    expect(name).toMatch(/\.partial\.csv$/);
    expect(text.split("\r\n").length).toBeGreaterThan(100);
  });

  test("has nothing serious that axe finds, and is no wider than a phone", async () => {
    await shown.run.click();
    await exportButton().waitFor();
    expect(await shown.findings()).toEqual([]);
    expect(await shown.page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });
});
