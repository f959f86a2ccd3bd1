// How long the studio's page takes from a click on Run to the rows in sight, on the sandbox, in Debian's Chromium. Of each
// round the page is new. Run with `node test/bench/studio.mjs` after `npm run build`; ROUNDS=20 takes more rounds.

import { chromium } from "playwright-core";
import { connect } from "../../dist/driver/connect.js";
import { studioQueries } from "../../dist/repl/run-studio.js";
import { openStudio } from "../../dist/studio/open-studio.js";
import { temporaryFolder } from "../support/temporary-folder.mjs";
import { median, withSandbox } from "./with-sandbox.mjs";

const rounds = Number(process.env.ROUNDS ?? 10);
const folder = temporaryFolder("stripe-sql-bench-");
const { url, stop } = await withSandbox({ customers: 300 });
const connection = await connect({ apiBase: url, apiKey: "sk_test_sandbox", testClocks: false, cachePath: folder });
const studio = await openStudio({ connection, isReadOnly: true, queries: studioQueries(folder), folder });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });

const statements = [
  ["one page of a list", "SELECT Id, Name, Email, Created FROM Customer ORDER BY Created DESC LIMIT 50"],
  ["a list, grouped", "SELECT Currency, count(*) AS customers FROM Customer GROUP BY 1"],
];
console.log(
  `from Run to rows in sight, ms, ${rounds} rounds\n\n| statement | first | median | worst |\n|---|---|---|---|`,
);
for (const [name, sql] of statements) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) times.push(await firstRows(sql));
  const [first] = times;
  console.log(
    `| ${[name, first, median(times), Math.max(...times)].map((cell) => (cell.toFixed ? cell.toFixed(0) : cell)).join(" | ")} |`,
  );
}

await browser.close();
await studio.close();
await connection.close();
stop();

/** As the page itself sees it: no way to and from this process is in the time. */
async function firstRows(sql) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(studio.url);
  await page.getByRole("textbox", { name: "SQL" }).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(sql);
  const time = await page.evaluate(async () => {
    const begun = performance.now();
    document.querySelector("button.primary").click();
    const isShown = () => document.querySelector(".grid tbody td:not(.pending):not(.row-number)") !== null;
    while (!isShown()) await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - begun;
  });
  await page.close();
  return time;
}
