import { join } from "node:path";
import type { AxeResults } from "axe-core";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import type { Sandbox } from "../../src/driver/sandbox.js";
import { startSandbox } from "../../src/driver/sandbox.js";
import { studioQueries } from "../../src/repl/run-studio.js";
import type { Studio } from "../../src/studio/open-studio.js";
import { testFolder } from "../support/folder.js";
import { builtStudio } from "./built-studio.js";

let sandbox: Sandbox;
let connection: Connection;
let studio: Studio;
let browser: Browser;
let page: Page;
/** What the page asked elsewhere, and what it told on the console. */
let strays: string[];

beforeAll(async () => {
  sandbox = await startSandbox({ customers: 300 });
  const { connect, openStudio } = await builtStudio();
  connection = await connect({ apiBase: sandbox.url, apiKey: sandbox.apiKey, testClocks: false });
  studio = await openStudio({
    connection,
    isReadOnly: false,
    queries: studioQueries(join(testFolder().path, "queries")),
  });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
});

afterAll(async () => {
  await browser.close();
  await studio.close();
  await connection.close();
  await sandbox.close();
});

beforeEach(async () => {
  strays = [];
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(240_000);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) strays.push(message.text());
  });
  page.on("pageerror", (error) => strays.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(studio.url).origin && !request.url().startsWith("data:"))
      strays.push(request.url());
  });
  await page.goto(studio.url);
  await page.getByRole("textbox", { name: "SQL" }).waitFor();
});

afterEach(async () => {
  await page.close();
  expect(strays).toEqual([]);
});

const run = () => page.getByRole("button", { name: /^Run/ });
const status = () => page.locator("output.status");

async function type(sql: string): Promise<void> {
  await page.getByRole("textbox", { name: "SQL" }).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(sql);
}

async function ask(sql: string): Promise<void> {
  await type(sql);
  await page.keyboard.press("Control+Enter");
}

describe("the page", () => {
  test("runs a statement, and shows its rows and what it took", async () => {
    await run().click();
    await page.getByText("customer300@example.com").waitFor();
    await expect.poll(() => status().textContent()).toMatch(/^SELECT: 50 rows, 1 request, /);
  });

  test("shows what a statement would take before it runs, and asks where that is much", async () => {
    await type("SELECT Id FROM Customer LIMIT 5");
    await expect.poll(() => page.locator(".prediction").textContent()).toBe("1 request");
    const ids = Array.from({ length: 150 }, (_, number) => `'cus_${number}'`).join(", ");
    sandbox.requests.clear();
    await ask(`SELECT Id FROM Customer WHERE Id IN (${ids})`);
    await page.getByRole("dialog", { name: "Many requests" }).waitFor();
    expect(sandbox.requests.total).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(sandbox.requests.total).toBe(0);
  });

  test("shows a failure with its hint", async () => {
    await ask("SELECT Emial FROM Customer");
    const alert = page.getByRole("alert");
    await expect.poll(() => alert.textContent()).toMatch(/column "Emial" does not exist.*42703.*Email/s);
  });

  test("completes columns by their alias", async () => {
    await type("SELECT c. FROM Customer c");
    for (let step = 0; step < " FROM Customer c".length; step += 1) await page.keyboard.press("ArrowLeft");
    await page.keyboard.type("em");
    await page.getByRole("option", { name: /Email/ }).click();
    await expect
      .poll(() => page.getByRole("textbox", { name: "SQL" }).textContent())
      .toBe("SELECT c.Email FROM Customer c");
  });

  test("cancels: no further page is asked for", async () => {
    sandbox.faults.add({
      method: "GET",
      path: "/v1/customers",
      times: 100,
      effect: { kind: "delay", milliseconds: 500 },
    });
    await ask("SELECT Id FROM Customer");
    await expect.poll(() => page.getByRole("button", { name: "Cancel", exact: true }).isEnabled()).toBe(true);
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await expect.poll(() => page.getByRole("alert").textContent()).toMatch(/57014/);
    sandbox.faults.clear();
    await expect.poll(() => run().isEnabled()).toBe(true);
  });

  test("asks before a write, and sends none that is not confirmed", async () => {
    sandbox.requests.clear();
    const update = "UPDATE Customer SET Description = 'seen' WHERE Email = 'customer300@example.com'";
    await ask(update);
    await page.getByRole("dialog", { name: "Write" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => run().isEnabled()).toBe(true);
    expect(sandbox.requests.entries.filter(({ method }) => method === "POST")).toEqual([]);
    await ask(update);
    await page.getByRole("button", { name: "Write" }).click();
    await expect.poll(() => status().textContent()).toMatch(/^UPDATE: 1 row/);
  });

  test("scrolls through a million rows, of which it holds few", async () => {
    await ask("SELECT i AS number, 'row ' || i AS text FROM range(1000000) AS t(i)");
    await expect.poll(() => status().textContent()).toMatch(/^SELECT: 1,000,000 rows/);
    const scrollTo = (share: number) =>
      page.evaluate(
        `document.querySelector(".grid").scrollTo({ top: document.querySelector(".grid").scrollHeight * ${share} })`,
      );
    await scrollTo(1);
    await page.getByRole("cell", { name: "row 999999", exact: true }).waitFor();
    for (const part of [0.1, 0.5, 0.9, 0.3]) {
      await scrollTo(part);
      await expect.poll(() => page.locator("td.pending").count()).toBe(0);
    }
    const session = await page.context().newCDPSession(page);
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    expect(usedSize).toBeLessThan(100_000_000);
    expect(await page.locator(".grid tbody tr").count()).toBeLessThan(100);
  });

  test("fills a procedure's form into a statement, which is tried without being sent", async () => {
    await page.getByRole("searchbox").fill("CancelPaymentIntent");
    await page.getByRole("button", { name: "CancelPaymentIntent", exact: true }).click();
    const form = page.getByRole("dialog", { name: "CancelPaymentIntent" });
    expect(await form.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
    await form.getByLabel(/PaymentIntentId/).fill("pi_1");
    sandbox.requests.clear();
    await form.getByRole("button", { name: "Dry run" }).click();
    await page.getByText("/v1/payment_intents/pi_1/cancel").first().waitFor();
    expect(sandbox.requests.total).toBe(0);
  });

  test("opens a table of the schema, and writes a statement for it", async () => {
    await page.getByRole("searchbox").fill("Refund");
    await page.getByRole("button", { name: "Refund", exact: true }).click();
    await page.getByText("→ Charge.Id").waitFor();
    await page.getByRole("button", { name: "First 100 rows" }).click();
    await expect
      .poll(() => page.getByRole("textbox", { name: "SQL" }).textContent())
      .toBe("SELECT * FROM Refund LIMIT 100");
  });

  test("saves a query and opens it again", async () => {
    await type("SELECT 42 AS answer");
    await page.getByLabel("Name of the query").fill("the_answer");
    await page.getByRole("button", { name: "Save" }).click();
    await type("SELECT 1");
    await page.getByRole("button", { name: "the_answer", exact: true }).click();
    await expect.poll(() => page.getByRole("textbox", { name: "SQL" }).textContent()).toBe("SELECT 42 AS answer;");
    await page.getByRole("button", { name: "Remove the_answer" }).click();
    await page.getByRole("button", { name: "the_answer", exact: true }).waitFor({ state: "detached" });
  });
});

describe("for everybody", () => {
  /** Findings that keep somebody from using the page. */
  async function findings(): Promise<readonly string[]> {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<AxeResults>("axe.run()");
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }

  test("nothing serious is found by axe, in light and dark, on a desk and on a phone", async () => {
    await run().click();
    await page.getByText("customer300@example.com").waitFor();
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of [1280, 390]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        expect(await findings(), `${colorScheme}, ${width}`).toEqual([]);
      }
  });

  test("a phone shows the schema on demand, and nothing is wider than it", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await expect.poll(() => page.getByRole("searchbox").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Schema" }).click();
    await page.getByRole("searchbox").waitFor();
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });

  const focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent";

  test("the keyboard alone reaches the rows, the schema and the buttons", async () => {
    await page.keyboard.press("Control+Enter");
    await page.getByText("customer300@example.com").waitFor();
    const reached = new Set<string>();
    for (let step = 0; step < 400 && !reached.has("Rows"); step += 1) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate<string>(focused));
    }
    expect([...reached]).toEqual(expect.arrayContaining(["Run Ctrl ⏎", "Rows"]));
  });

  test("a screen reader hears headings, regions, and the table's rows", async () => {
    await run().click();
    await page.getByText("customer300@example.com").waitFor();
    const tree = await page.locator("body").ariaSnapshot();
    expect(tree).toContain('heading "stripe-sql studio"');
    expect(tree).toContain('textbox "SQL"');
    expect(tree).toMatch(/columnheader "Email"/);
    expect(tree).toMatch(/status: "SELECT: 50 rows/);
  });
});
