import { describe, expect, test } from "vitest";
import { browserPage } from "./browser-page.js";

const shown = browserPage();

describe("the page", () => {
  test("runs a statement, and shows its rows and what it took", async () => {
    await shown.run.click();
    await shown.page.getByText("customer300@example.com").waitFor();
    await expect.poll(() => shown.status.textContent()).toMatch(/^SELECT: 50 rows, 1 request, /);
  });

  test("shows what a statement would take before it runs, and asks where that is much", async () => {
    await shown.type("SELECT Id FROM Customer LIMIT 5");
    await expect.poll(() => shown.page.locator(".prediction").textContent()).toBe("1 request");
    const ids = Array.from({ length: 150 }, (_, number) => `'cus_${number}'`).join(", ");
    shown.sandbox.requests.clear();
    await shown.ask(`SELECT Id FROM Customer WHERE Id IN (${ids})`);
    await shown.page.getByRole("dialog", { name: "Many requests" }).waitFor();
    expect(shown.sandbox.requests.total).toBe(0);
    await shown.page.keyboard.press("Escape");
    await shown.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(shown.sandbox.requests.total).toBe(0);
  });

  test("shows a failure with its hint", async () => {
    await shown.ask("SELECT Emial FROM Customer");
    const alert = shown.page.getByRole("alert");
    await expect.poll(() => alert.textContent()).toMatch(/column "Emial" does not exist.*42703.*Email/s);
  });

  test("completes columns by their alias", async () => {
    await shown.type("SELECT c. FROM Customer c");
    for (let step = 0; step < " FROM Customer c".length; step += 1) await shown.page.keyboard.press("ArrowLeft");
    await shown.page.keyboard.type("em");
    await shown.page.getByRole("option", { name: /Email/ }).click();
    await expect
      .poll(() => shown.page.getByRole("textbox", { name: "SQL" }).textContent())
      .toBe("SELECT c.Email FROM Customer c");
  });

  test("cancels: no further page is asked for", async () => {
    shown.sandbox.faults.add({
      method: "GET",
      path: "/v1/customers",
      times: 100,
      effect: { kind: "delay", milliseconds: 500 },
    });
    await shown.ask("SELECT Id FROM Customer");
    await expect.poll(() => shown.page.getByRole("button", { name: "Cancel", exact: true }).isEnabled()).toBe(true);
    await shown.page.getByRole("button", { name: "Cancel", exact: true }).click();
    await expect.poll(() => shown.page.getByRole("alert").textContent()).toMatch(/57014/);
    shown.sandbox.faults.clear();
    await expect.poll(() => shown.run.isEnabled()).toBe(true);
  });

  test("asks before a write, and sends none that is not confirmed", async () => {
    shown.sandbox.requests.clear();
    const update = "UPDATE Customer SET Description = 'seen' WHERE Email = 'customer300@example.com'";
    await shown.ask(update);
    await shown.page.getByRole("dialog", { name: "Write" }).waitFor();
    await shown.page.keyboard.press("Escape");
    await expect.poll(() => shown.run.isEnabled()).toBe(true);
    expect(shown.sandbox.requests.entries.filter(({ method }) => method === "POST")).toEqual([]);
    await shown.ask(update);
    await shown.page.getByRole("button", { name: "Write" }).click();
    await expect.poll(() => shown.status.textContent()).toMatch(/^UPDATE: 1 row/);
  });

  test("scrolls through a million rows, of which it holds few", async () => {
    await shown.ask("SELECT i AS number, 'row ' || i AS text FROM range(1000000) AS t(i)");
    await expect.poll(() => shown.status.textContent()).toMatch(/^SELECT: 1,000,000 rows/);
    const scrollTo = (share: number) =>
      shown.page.evaluate(
        `document.querySelector(".grid").scrollTo({ top: document.querySelector(".grid").scrollHeight * ${share} })`,
      );
    await scrollTo(1);
    await shown.page.getByRole("cell", { name: "row 999999", exact: true }).waitFor();
    for (const part of [0.1, 0.5, 0.9, 0.3]) {
      await scrollTo(part);
      await expect.poll(() => shown.page.locator("td.pending").count()).toBe(0);
    }
    const session = await shown.page.context().newCDPSession(shown.page);
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    expect(usedSize).toBeLessThan(100_000_000);
    expect(await shown.page.locator(".grid tbody tr").count()).toBeLessThan(100);
  });

  test("fills a procedure's form into a statement, which is tried without being sent", async () => {
    await shown.page.getByRole("searchbox").fill("CancelPaymentIntent");
    await shown.page.getByRole("button", { name: "CancelPaymentIntent", exact: true }).click();
    const form = shown.page.getByRole("dialog", { name: "CancelPaymentIntent" });
    expect(await form.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
    await form.getByLabel(/PaymentIntentId/).fill("pi_1");
    shown.sandbox.requests.clear();
    await form.getByRole("button", { name: "Dry run" }).click();
    await shown.page.getByText("/v1/payment_intents/pi_1/cancel").first().waitFor();
    expect(shown.sandbox.requests.total).toBe(0);
  });

  test("opens a table of the schema, and writes a statement for it", async () => {
    await shown.page.getByRole("searchbox").fill("Refund");
    await shown.page.getByRole("button", { name: "Refund", exact: true }).click();
    await shown.page.getByText("→ Charge.Id").waitFor();
    await shown.page.getByRole("button", { name: "First 100 rows" }).click();
    await expect
      .poll(() => shown.page.getByRole("textbox", { name: "SQL" }).textContent())
      .toBe("SELECT * FROM Refund LIMIT 100");
  });

  test("saves a query and opens it again", async () => {
    await shown.type("SELECT 42 AS answer");
    await shown.page.getByLabel("Name of the query").fill("the_answer");
    await shown.page.getByRole("button", { name: "Save" }).click();
    await shown.type("SELECT 1");
    await shown.page.getByRole("button", { name: "the_answer", exact: true }).click();
    await expect
      .poll(() => shown.page.getByRole("textbox", { name: "SQL" }).textContent())
      .toBe("SELECT 42 AS answer;");
    await shown.page.getByRole("button", { name: "Remove the_answer" }).click();
    await shown.page.getByRole("button", { name: "the_answer", exact: true }).waitFor({ state: "detached" });
  });
});

describe("for everybody", () => {
  test("nothing serious is found by axe, in light and dark, on a desk and on a phone", async () => {
    await shown.run.click();
    await shown.page.getByText("customer300@example.com").waitFor();
    expect(await shown.findings()).toEqual([]);
  });

  test("a phone shows the schema on demand, and nothing is wider than it", async () => {
    await shown.page.setViewportSize({ width: 390, height: 800 });
    await expect.poll(() => shown.page.getByRole("searchbox").isVisible()).toBe(false);
    await shown.page.getByRole("button", { name: "Schema" }).click();
    await shown.page.getByRole("searchbox").waitFor();
    expect(await shown.page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });

  const focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent";

  test("the keyboard alone reaches the rows, the schema and the buttons", async () => {
    await shown.page.keyboard.press("Control+Enter");
    await shown.page.getByText("customer300@example.com").waitFor();
    const reached = new Set<string>();
    for (let step = 0; step < 400 && !reached.has("Rows"); step += 1) {
      await shown.page.keyboard.press("Tab");
      reached.add(await shown.page.evaluate<string>(focused));
    }
    expect([...reached]).toEqual(expect.arrayContaining(["Run Ctrl ⏎", "Rows"]));
  });

  test("a screen reader hears headings, regions, and the table's rows", async () => {
    await shown.run.click();
    await shown.page.getByText("customer300@example.com").waitFor();
    const tree = await shown.page.locator("body").ariaSnapshot();
    expect(tree).toContain('heading "stripe-sql studio"');
    expect(tree).toContain('textbox "SQL"');
    expect(tree).toMatch(/columnheader "Email"/);
    expect(tree).toMatch(/status: "SELECT: 50 rows/);
  });
});
