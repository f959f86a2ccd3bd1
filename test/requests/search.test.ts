import { describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

/** Search knows of an object an hour after it was created. */
const running = connectSandbox(
  { customers: 60, searchLagSeconds: 3600, nowSeconds: () => Date.now() / 1000 },
  { search: "always" },
);

const searches = (sent: readonly string[]): readonly string[] => sent.filter((line) => line.includes("/search "));
const queries = (sent: readonly string[]): readonly string[] =>
  searches(sent).map((line) => /query=([^&]*)/.exec(line)?.[1] ?? "");

describe("rows that Search finds are those that the list gives", () => {
  test.each([
    ["by metadata", "SELECT Id FROM Customer WHERE Metadata->>'segment' = 'enterprise'"],
    ["by a part of a text", "SELECT Id FROM Customer WHERE Email LIKE '%example%' AND Name LIKE 'A%a%'"],
    ["by a part in any case", "SELECT Id FROM Customer WHERE Email ILIKE '%EXAMPLE%'"],
    ["by a value", "SELECT Id FROM Charge WHERE Currency = 'eur' AND Status = 'succeeded'"],
    ["by several values", "SELECT Id FROM Charge WHERE Currency IN ('eur', 'gbp')"],
    ["by a number", "SELECT Id FROM Charge WHERE Amount BETWEEN 1000 AND 5000"],
    ["by a truth value", "SELECT Id FROM Product WHERE Active"],
    ["by time and status", "SELECT Id FROM Subscription WHERE Status = 'active' AND Created < '2026-09-01'"],
    ["by either of two", "SELECT Id FROM Customer WHERE Name LIKE '%ann%' OR Phone LIKE '%555%'"],
    ["under a limit", "SELECT Id FROM Customer WHERE Email LIKE '%example%' ORDER BY Created DESC, Id LIMIT 3"],
  ])("%s", async (_, sql) => {
    const off = await running.open({ search: "off" });
    const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
    const [found, listed] = [await running.query(sql), await off.query(sql)];
    expect(sorted(found.rows)).toEqual(sorted(listed.rows));
    expect(searches(await running.sent(sql))).not.toEqual([]);
  });

  test("also those of the last hour, which it does not know of yet", async () => {
    const { id } = await running.stripe.customers.create({ name: 'Zoe "Z" \\ Quoted', metadata: { batch: "new" } });
    const sql = "SELECT Id FROM Customer WHERE Name = ? AND Metadata->>'batch' = 'new'";
    const { rows, notices } = await running.query(sql, ['Zoe "Z" \\ Quoted']);
    expect(rows).toEqual([{ Id: id }]);
    expect(notices.join()).toContain("rows of Customer were found by Stripe's Search, which learns of changes late");
    expect(queries(await running.sent(sql, ['Zoe "Z" \\ Quoted']))).toEqual([
      'metadata["batch"]:"new" AND name:"Zoe \\"Z\\" \\\\ Quoted"',
    ]);
  });
});

describe("where Stripe refuses to search", () => {
  const refuse = (body: object, status = 400) =>
    running.sandbox.faults.add({
      path: /\/search$/,
      times: 9,
      effect: { kind: "status", status, body: { error: { type: "invalid_request_error", ...body } } },
    });

  test("the list is read, and the next statement does not ask again", async () => {
    const connection = await running.open({ search: "always" });
    const sql = "SELECT count(*) n FROM Price WHERE LookupKey = 'none'";
    refuse({ message: "Search is not supported on api requests for accounts in India." });
    const { rows, notices } = await connection.query(sql);
    expect(rows).toEqual([{ n: 0 }]);
    expect(notices.join()).toContain("Stripe refused to search Price");
    running.sandbox.requests.clear();
    expect((await connection.query(sql)).notices.join()).toContain("Stripe refused to search Price");
    expect(running.sandbox.requests.entries.some(({ path }) => path.includes("search"))).toBe(false);
  });

  test("one query, other statements ask again", async () => {
    const connection = await running.open({ search: "always" });
    refuse({ message: "We were unable to parse your search query.", param: "query" });
    await connection.query("SELECT Id FROM Invoice WHERE Number = 'A'");
    running.sandbox.faults.clear();
    running.sandbox.requests.clear();
    await connection.query("SELECT Id FROM Invoice WHERE Number = 'A'");
    expect(running.sandbox.requests.entries.some(({ path }) => path.includes("search"))).toBe(true);
  });

  test("a search that the statement asks for fails with it", async () => {
    refuse({ message: "Search is not supported on api requests for accounts in India." });
    expect((await running.failure("SELECT Id FROM Customer WHERE SearchQuery = 'name:\"a\"'")).message).toContain(
      "India",
    );
  });
});

test("a write chooses its objects by Search only where that is demanded", async () => {
  const update = "UPDATE Customer SET Description = 'x' WHERE Name = 'Nobody Atall'";
  expect(searches(await running.sent(update))).toHaveLength(1);
});
