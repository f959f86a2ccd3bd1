import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { browserPage } from "./browser-page.js";

const shown = browserPage();

const picture = fileURLToPath(new URL("../../src/studio/picture.png", import.meta.url));
const readme = fileURLToPath(new URL("../../README.md", import.meta.url));
const mostBytes = 200_000;

const revenue = `SELECT date_trunc('month', Created) AS month, Currency, sum(Total) AS revenue
FROM Invoice
WHERE Status = 'paid' AND Created >= '2025-11-01'
GROUP BY ALL ORDER BY month`;

/** UPDATE_README=1 has the README's picture taken anew; else nothing is written. */
test("the page is as the README's picture shows it: a statement, what it took, and its chart", async () => {
  await shown.page.setViewportSize({ width: 1120, height: 770 });
  await shown.ask(revenue);
  await expect.poll(() => shown.status.textContent()).toMatch(/^SELECT: \d+ rows/);
  await shown.page.getByRole("button", { name: "Chart", exact: true }).click();
  await shown.page.getByRole("img", { name: /^Line chart of revenue .* by month$/ }).waitFor();
  const taken = await shown.page.screenshot();
  expect(taken.length).toBeLessThan(mostBytes);
  if (process.env["UPDATE_README"] === "1") writeFileSync(picture, taken);
  expect(readFileSync(readme, "utf8")).toContain("](src/studio/picture.png)");
  expect(existsSync(picture)).toBe(true);
});
