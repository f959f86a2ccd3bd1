import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/driver/sandbox.js";
import { ensureBuilt, programEnvironment } from "../support/built-program.js";
import { runClient } from "../support/client-program.js";
import { testFolder } from "../support/folder.js";
import { serveBusiness } from "../support/served-business.js";
import { ServingProgram } from "../support/serving-program.js";

const program = fileURLToPath(new URL("../../dist/repl/start.cjs", import.meta.url));
const folder = testFolder();
const shop = serveBusiness({ customers: 50 });

beforeAll(ensureBuilt);

/** Runs a program of this folder as its first lines say: on the embedded sandbox where it is given no connection. */
function run(name: string, args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const environment = { ...programEnvironment(), XDG_CACHE_HOME: `${folder.path}/cache`, ...more };
  return runClient({ program: process.execPath, install: "Node" }, [file, ...args], {
    environment,
    folder: folder.path,
  });
}

const succeeded = (...lines: readonly string[]) => ({
  status: 0,
  output: lines.map((line) => `${line}\n`).join(""),
  errors: "",
});

describe("the sample programs of the driver", () => {
  it("stream-to-csv writes a month's charges", async () => {
    expect(await run("stream-to-csv.mjs", ["charges.csv"])).toEqual(succeeded("288 charges in 3 requests"));
    const lines = readFileSync(`${folder.path}/charges.csv`, "utf8").split("\r\n");
    expect(lines[0]).toBe("Id,Created,Amount,Currency,Status,Description");
    expect(lines[1]).toMatch(/^ch_\w+,2026-10-31T23:59:01Z,2700,usd,failed,Subscription creation$/);
    expect(lines.length).toBe(1 + 288 + 1);
  });

  it("bulk-insert goes on where it was cut off, and makes each customer once", async () => {
    const sandbox = await startSandbox({ customers: 5 });
    folder.write("customers.csv", "Email,Name\nada@example.com,Ada\nbob@example.com,Bob\ncyd@example.com,Cyd\n");
    const args = ["customers.csv", `ApiKey=${sandbox.apiKey};ApiBase=${sandbox.url}`];
    const path = "/v1/customers";
    sandbox.faults.add({ method: "POST", path, after: 1, times: 3, effect: { kind: "lose-reply" } });
    expect(await run("bulk-insert.mjs", args)).toMatchObject({
      status: 1,
      output: expect.stringMatching(/^1 written, 1 in doubt, 1 not tried\nNot done: .*\n$/),
    });
    expect(await run("bulk-insert.mjs", args)).toEqual(succeeded("3 written"));
    const answer = await fetch(`${sandbox.url}${path}?limit=3`, {
      headers: { authorization: `Bearer ${sandbox.apiKey}` },
    });
    const { data } = (await answer.json()) as { data: readonly { readonly name: string }[] };
    expect(data.map(({ name }) => name).sort()).toEqual(["Ada", "Bob", "Cyd"]);
    await sandbox.close();
  });

  it("temp-tables reads a quarter's invoices once", async () => {
    expect(await run("temp-tables.mjs")).toEqual(
      succeeded(
        "Reading took requests: true",
        ...["By status (0 requests)", "  paid  541", "  open  48", "  uncollectible  4", "  void  4", "  draft  3"],
        "Largest (0 requests)",
        ...["  Linus Wirth  16901.78  usd", "  Niklaus Perlman  14523.08  usd", "  Linus Turing  13490.51  usd"],
        ...["Owed (0 requests)", "  eur  9714.6", "  usd  21538.01"],
      ),
    );
  });

  it("cost-limits tells what statements take, and has one refused", async () => {
    expect(await run("cost-limits.mjs")).toEqual(
      succeeded(
        "SELECT Email FROM Customer WHERE Id IN ('cus_1', 'cus_2'): 2",
        "SELECT sum(Amount) FROM Charge WHERE Created >= '2026-10-01': unknown",
        "SELECT Name FROM Customer LIMIT 5: 5 rows in 1 requests",
        "SELECT sum(Amount) FROM Charge: more than 3 requests",
      ),
    );
  });

  it("reminders names who owes for more than thirty days, the longest first", async () => {
    const { status, output } = await run("reminders.mjs");
    expect(status).toBe(0);
    const lines = output.trimEnd().split("\n");
    const debtors = lines.map((line) => JSON.parse(line));
    // Since when something is due goes by today, not by the sandbox's clock.
    const { days, ...first } = debtors[0];
    expect(first).toEqual({
      ...{ email: "customer37@example.com", name: "Radia Tanaka" },
      currency: "usd",
      invoices: 2,
      owed: "8992",
    });
    const waiting = debtors.map((debtor) => debtor.days);
    expect(waiting).toEqual([...waiting].sort((one, other) => other - one));
    expect(Math.min(...waiting)).toBeGreaterThan(30);
    expect(days).toBeGreaterThanOrEqual(599);
  });

  it("mrr-report prints a month's movements as Markdown", async () => {
    const { status, output } = await run("mrr-report.mjs", ["2026-10"]);
    expect(status).toBe(0);
    expect(output).toContain(
      "## USD: 67 subscribers\n\n| | amount |\n|---|---:|\n| starting | 22090.3 |\n| new | 32 |\n",
    );
    expect(await run("mrr-report.mjs", ["2016-10"])).toEqual(
      succeeded("# MRR of 2016-10", "", "No subscriptions in that month."),
    );
  });
});

describe("the sample program of the gateway", () => {
  it("gateway-node-postgres groups invoices, and has a statement refused", async () => {
    const { status, output, errors } = await run("gateway-node-postgres.mjs", [shop.url("reader")]);
    expect({ status, errors }).toEqual({ status: 0, errors: "" });
    const rows = [...output.matchAll(/│ '(\d{4}-\d\d)' │ '(\w+)' +│ '(\d+)' +│ '(\d+)' +│/g)].map(
      ([, ...cells]) => cells,
    );
    const own = await shop.driver(
      `SELECT strftime(Created, '%Y-%m') AS m, Currency AS c, count(*)::VARCHAR AS n, sum(AmountPaid)::VARCHAR AS paid
       FROM Invoice WHERE Status = 'paid' AND Created >= '2026-09-01' GROUP BY ALL ORDER BY m, c`,
    );
    expect(rows).toEqual(own.map((row) => Object.values(row)));
    expect(rows.length).toBeGreaterThan(2);
    expect(output).toMatch(/\nRefused: 53400\n$/);
  });
});

describe("the sample program of the connector", () => {
  it("connector-fetch lists, creates once, asks and meets an error", async () => {
    const file = folder.write("shop.yaml", "name: shop\nsandbox: {customers: 50}\n");
    const token = { STRIPE_SQL_TOKEN: "token-of-the-test" };
    const server = new ServingProgram(program, ["serve", "--http", "0", "--connection", file], token);
    const [, url] = await server.printed(/ on (http:\S+)\n/);
    const address = `${url}/v2/projects/my-project/locations/global/connections/shop`;
    expect(await run("connector-fetch.mjs", [address], token)).toEqual(
      succeeded(
        ...["Owing: true", "Made once: true", "[ { Name: 'Ada', Email: 'ada@example.com' } ]"],
        '404 NOT_FOUND: Customer "cus_none" does not exist',
      ),
    );
    server.child.kill("SIGTERM");
    await server.ended;
  });
});
