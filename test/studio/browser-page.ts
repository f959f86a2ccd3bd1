import { join } from "node:path";
import type { AxeResults } from "axe-core";
import axe from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import type { Sandbox } from "../../src/driver/sandbox.js";
import { startSandbox } from "../../src/driver/sandbox.js";
import { studioQueries } from "../../src/repl/run-studio.js";
import type { Studio } from "../../src/studio/open-studio.js";
import { testFolder } from "../support/folder.js";
import { builtStudio } from "./built-studio.js";

/** A page of the built studio in Debian's Chromium, a new one for each test. */
export class BrowserPage {
  sandbox!: Sandbox;
  page!: Page;
  /** Of saved queries. */
  folder = "";
  /** What the page asked elsewhere, and what it told on the console. */
  strays: string[] = [];

  get run(): Locator {
    return this.page.getByRole("button", { name: /^Run Ctrl/ });
  }

  get status(): Locator {
    return this.page.locator("output.status");
  }

  async type(sql: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "SQL" }).click();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(sql);
  }

  /** Runs a statement by the keyboard. */
  async ask(sql: string): Promise<void> {
    await this.type(sql);
    await this.page.keyboard.press("Control+Enter");
  }

  /** What axe finds that keeps somebody from using the page, in light and dark, on a desk and on a phone. */
  async findings(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of [1280, 390]) {
        await this.page.emulateMedia({ colorScheme });
        await this.page.setViewportSize({ width, height: 800 });
        await this.page.evaluate(axe.source);
        const { violations } = await this.page.evaluate<AxeResults>("axe.run()");
        for (const { id, impact, nodes } of violations)
          if (impact === "serious" || impact === "critical")
            found.push(`${colorScheme}, ${width}: ${id}: ${nodes[0]?.html}`);
      }
    return found;
  }
}

/** Opens the studio for the tests of a file. A test fails where the page asks elsewhere or tells of an error. */
export function browserPage(): BrowserPage {
  const shown = new BrowserPage();
  shown.folder = join(testFolder().path, "queries");
  let connection: Connection;
  let studio: Studio;
  let browser: Browser;

  beforeAll(async () => {
    shown.sandbox = await startSandbox({ customers: 300 });
    const { connect, openStudio } = await builtStudio();
    connection = await connect({ apiBase: shown.sandbox.url, apiKey: shown.sandbox.apiKey, testClocks: false });
    studio = await openStudio({
      connection,
      isReadOnly: false,
      queries: studioQueries(shown.folder),
      folder: shown.folder,
    });
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  });

  afterAll(async () => {
    await browser.close();
    await studio.close();
    await connection.close();
    await shown.sandbox.close();
  });

  beforeEach(async () => {
    shown.strays = [];
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    shown.page = page;
    page.setDefaultTimeout(240_000);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) shown.strays.push(message.text());
    });
    page.on("pageerror", (error) => shown.strays.push(error.message));
    page.on("request", (request) => {
      const isOwn = request.url().startsWith(`${new URL(studio.url).origin}/`);
      if (!isOwn && !/^(?:data|blob):/.test(request.url())) shown.strays.push(request.url());
    });
    await page.goto(studio.url);
    await page.getByRole("textbox", { name: "SQL" }).waitFor();
  });

  afterEach(async () => {
    await shown.page.close();
    expect(shown.strays).toEqual([]);
  });

  return shown;
}
