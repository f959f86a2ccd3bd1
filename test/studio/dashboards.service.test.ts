import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { browserPage } from "./browser-page.js";

const shown = browserPage();

const file = (name: string) => join(shown.folder, `${name}.dashboard.yaml`);

function place(name: string, text: string): void {
  mkdirSync(shown.folder, { recursive: true });
  writeFileSync(file(name), text);
}

const overview = `title: Overview
tiles:
  - title: Balance
    sql: SELECT 1234500 AS balance
    view: number
  - title: Customers by month
    sql: SELECT date_trunc('month', Created) AS month, count(*) AS customers FROM Customer GROUP BY 1 ORDER BY 1
    view: chart
  - title: Newest
    sql: SELECT Id, Email FROM Customer ORDER BY Created DESC LIMIT 20
    width: 2
  - title: Change
    sql: DELETE FROM Customer WHERE Id = 'cus_1'
`;

const button = (name: string) => shown.page.getByRole("button", { name, exact: true });
const tile = (name: string) => shown.page.getByRole("region", { name, exact: true });

/** A new page lists what files there are. */
async function openNew(name: string, text: string): Promise<void> {
  place(name, text);
  await shown.page.reload();
  await button(name).click();
}

describe("a dashboard", () => {
  test("tells what its tiles take, runs them all, and none that writes", async () => {
    await openNew("overview", overview);
    await expect.poll(() => tile("Newest").textContent()).toContain("1 request");
    shown.sandbox.requests.clear();
    await button("Run all").click();
    await expect.poll(() => tile("Balance").textContent()).toContain("1,234,500");
    await tile("Customers by month")
      .getByRole("img", { name: /chart of customers by month/ })
      .waitFor();
    await tile("Newest").getByText("customer300@example.com").waitFor();
    await expect.poll(() => tile("Change").textContent()).toContain("A tile only reads");
    expect(await button("Run Change").isDisabled()).toBe(true);
    expect(shown.sandbox.requests.entries.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("has a tile refreshed on demand, and opened in the editor", async () => {
    await openNew("refreshed", overview);
    await button("Run Balance").click();
    await button("Refresh Balance").click();
    await expect.poll(() => tile("Balance").textContent()).toContain("1,234,500");
    await button("Open Balance in the editor").click();
    await expect
      .poll(() => shown.page.getByRole("textbox", { name: "SQL" }).textContent())
      .toBe("SELECT 1234500 AS balance");
  });

  test("asks before tiles that take many requests together", async () => {
    const ids = (from: number) => Array.from({ length: 60 }, (_, number) => `'ch_${from + number}'`).join(", ");
    await openNew(
      "costly",
      `tiles:\n  - sql: SELECT Id FROM Charge WHERE Id IN (${ids(0)})\n  - sql: SELECT Id FROM Charge WHERE Id IN (${ids(60)})\n`,
    );
    await expect.poll(() => tile("Tile 2").textContent()).toContain("60 requests");
    shown.sandbox.requests.clear();
    await button("Run all").click();
    const question = shown.page.getByRole("dialog", { name: "Many requests" });
    await expect.poll(() => question.textContent()).toContain("These tiles take about 120 requests.");
    await shown.page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    expect(shown.sandbox.requests.total).toBe(0);
  });

  test("is made of the editor's statement, changed and saved by keyboard alone", async () => {
    await shown.type("SELECT 7 AS seven");
    await shown.page.getByLabel("Name of a new dashboard").focus();
    await shown.page.keyboard.type("made");
    await shown.page.keyboard.press("Enter");
    const text = shown.page.getByRole("textbox", { name: "Text of made.dashboard.yaml" });
    await expect.poll(() => text.inputValue()).toContain("SELECT 7 AS seven");
    await shown.page.keyboard.press("Tab");
    await shown.page.keyboard.press("Enter");
    await tile("First tile").waitFor();
    expect(readFileSync(file("made"), "utf8")).toContain("      SELECT 7 AS seven\n");
    await button("made").waitFor();
  });

  test("that is wrong is shown with the lines of its mistakes, and mended", async () => {
    await openNew("wrong", "tiles:\n  - sql: SELECT 1\n    view: pie\n");
    await shown.page.getByText("wrong.dashboard.yaml:3:11: tiles[0].view must be one of").waitFor();
    await shown.page.getByRole("textbox", { name: /^Text of/ }).fill("tiles:\n  - title: Mended\n    sql: SELECT 1\n");
    await shown.page.locator(".dashboard").getByRole("button", { name: "Save" }).click();
    await tile("Mended").waitFor();
  });

  test("is not saved over what somebody else has saved meanwhile", async () => {
    await openNew("shared", "tiles:\n  - title: Ours\n    sql: SELECT 1\n");
    await button("Edit").click();
    place("shared", "tiles:\n  - title: Theirs\n    sql: SELECT 1\n");
    await shown.page.locator(".dashboard").getByRole("button", { name: "Save" }).click();
    await shown.page.getByText("shared.dashboard.yaml was changed meanwhile").waitFor();
    expect(readFileSync(file("shared"), "utf8")).toContain("Theirs");
  });

  test("has nothing serious that axe finds, is no wider than a phone, and is heard as regions", async () => {
    await openNew("everybody", overview);
    await button("Run all").click();
    await tile("Newest").getByText("customer300@example.com").waitFor();
    await tile("Customers by month").getByRole("img").waitFor();
    const tree = await shown.page.locator(".dashboard").ariaSnapshot();
    expect(tree).toContain('region "Customers by month"');
    expect(tree).toContain('heading "Overview" [level=2]');
    expect(await shown.findings()).toEqual([]);
    expect(await shown.page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await button("Edit").click();
    expect(await shown.findings()).toEqual([]);
  });
});

describe("the chart of a result", () => {
  const months =
    "SELECT date_trunc('month', Created) AS month, count(*) AS customers FROM Customer GROUP BY 1 ORDER BY 1";
  const picture = () => shown.page.getByRole("img");

  test("is of the columns that are chosen, in words too, and is saved", async () => {
    await shown.ask(months);
    await button("Chart").click();
    await expect.poll(() => picture().getAttribute("alt")).toBe("Line chart of customers by month");
    await shown.page.getByLabel("Chart", { exact: true }).selectOption("bar");
    await expect.poll(() => picture().getAttribute("alt")).toBe("Bar chart of customers by month");
    const [download] = await Promise.all([shown.page.waitForEvent("download"), button("Save PNG").click()]);
    expect(download.suggestedFilename()).toMatch(/^result-\d+\.png$/);
    expect(
      readFileSync(await download.path())
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    await button("Table").click();
    await shown.page.getByRole("columnheader", { name: "customers" }).waitFor();
  });

  test("follows the dark scheme, and has nothing serious that axe finds", async () => {
    await shown.ask(months);
    await button("Chart").click();
    await picture().waitFor();
    const light = await picture().getAttribute("src");
    await shown.page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(() => picture().getAttribute("src")).not.toBe(light);
    expect(await shown.findings()).toEqual([]);
    expect(await shown.page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });
});
