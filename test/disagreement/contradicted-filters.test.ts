import { describe, expect, test } from "vitest";
import type { Row } from "../../src/driver/api.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";
import { disagreeingConnections } from "./disagreeing-connection.js";

const running = connectSandbox({ customers: 60 });
const disagreeing = disagreeingConnections(running);

const sorted = (rows: readonly Row[]): readonly string[] => rows.map((row) => JSON.stringify(row)).sort();
const honest = async (sql: string) => sorted((await running.query(sql)).rows);

const statusDoubt =
  'Stripe answered with rows that the filter "status" of Invoice excludes: it is not sent, and the rows are chosen here';

describe("rows that a filter excludes", () => {
  test("are left out, the list is read without it, and a notice says so", async () => {
    const sql = "SELECT Id FROM Invoice WHERE Status = 'draft'";
    const { server, connection } = await disagreeing([{ kind: "ignores-filter", table: "Invoice" }]);
    const { rows, notices } = await connection.query(sql);
    expect(rows.length).toBeGreaterThan(0);
    expect(sorted(rows)).toEqual(await honest(sql));
    expect(notices).toEqual([statusDoubt]);
    expect(server.requests[0]).toBe("GET /v1/invoices status=draft&limit=100");
    expect(server.requests[1]).toBe("GET /v1/invoices limit=100");
  });

  test("lift the LIMIT of the request", async () => {
    const { connection } = await disagreeing([{ kind: "ignores-filter", table: "Invoice" }]);
    const { rows } = await connection.query("SELECT Status FROM Invoice WHERE Status = 'open' LIMIT 2");
    expect(rows).toEqual([{ Status: "open" }, { Status: "open" }]);
  });

  test("mean that others may be missing: they are read too", async () => {
    const sql = "SELECT Id FROM Invoice WHERE Status = 'paid'";
    const { connection } = await disagreeing([{ kind: "inverts-filter", table: "Invoice" }]);
    expect(sorted((await connection.query(sql)).rows)).toEqual(await honest(sql));
  });

  test("are found on the local engine's ways as well", async () => {
    const { connection } = await disagreeing([{ kind: "inverts-filter" }]);
    for (const sql of [
      "SELECT count(*) AS n FROM Charge WHERE Status = 'failed' AND Customer IS NOT NULL AND Created >= '2026-03-01'",
      "SELECT upper(Id) AS id FROM Invoice WHERE Status = 'paid'",
      "SELECT c.Email, i.Id FROM Customer c JOIN Invoice i ON i.Customer = c.Id WHERE i.Status = 'open'",
      "SELECT Id FROM Subscription WHERE Status IN ('canceled', 'past_due')",
      "SELECT Id FROM Customer WHERE Created >= now() - INTERVAL 100 DAY",
    ]) {
      const { rows, notices } = await connection.query(sql);
      expect([sql, sorted(rows)]).toEqual([sql, await honest(sql)]);
      expect(notices.join()).toContain("Stripe answered with rows that the filter");
    }
  });

  test("on a later page do not repeat what has gone out", async () => {
    const { rows: newest } = await running.query("SELECT Id, Created FROM Charge ORDER BY Created DESC LIMIT 130");
    const since = newest.at(-1)?.["Created"];
    if (!(since instanceof Date)) throw new Error("the sandbox has too few charges");
    const { connection, server } = await disagreeing([{ kind: "ignores-filter", table: "Charge" }]);
    const ids: unknown[] = [];
    const stream = connection.stream("SELECT Id FROM Charge WHERE Created >= ?", [since]);
    for await (const row of stream) ids.push(row["Id"]);
    const { rows: expected } = await running.query("SELECT Id FROM Charge WHERE Created >= ?", [since]);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(expected.map((row) => row["Id"]).sort());
    expect(server.requests.filter((line) => line.includes("created[gte]")).length).toBe(2);
    expect((await stream.summary()).notices).toHaveLength(1);
  });

  test("leave OFFSET and LIMIT as they are", async () => {
    const { rows: newest } = await running.query("SELECT Created FROM Charge ORDER BY Created DESC LIMIT 130");
    const since = newest.at(-1)?.["Created"] as Date;
    const { connection } = await disagreeing([{ kind: "ignores-filter", table: "Charge" }]);
    const { rows } = await connection.query("SELECT Id FROM Charge WHERE Created >= ? LIMIT 125 OFFSET 3", [since]);
    expect(new Set(rows.map((row) => row["Id"])).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThanOrEqual(125);
  });

  test("are remembered for the account, and by EXPLAIN", async () => {
    const planted = [{ kind: "ignores-filter", table: "Invoice" }] as const;
    const { server, connection } = await disagreeing(planted);
    const sql = "SELECT Id FROM Invoice WHERE Status = 'draft'";
    await connection.query(sql);
    server.requests.length = 0;
    expect((await connection.query(sql)).notices).toEqual([statusDoubt]);
    expect(server.requests[0]).toBe("GET /v1/invoices limit=100");
    const plan = (await connection.query(`EXPLAIN ${sql}`)).rows.map((row) => String(row["QUERY PLAN"]));
    expect(plan.join("\n")).toContain("Local: Status = 'draft'");
    expect(plan.join("\n")).toContain(`Notice: ${statusDoubt}`);
    // Other filters of the list are still relied on.
    expect(
      (await connection.query("EXPLAIN SELECT Id FROM Invoice WHERE Customer = 'cus_1'")).rows.join(),
    ).not.toContain("Local");
  });

  test("are never written", async () => {
    const { server, connection } = await disagreeing([{ kind: "inverts-filter" }]);
    const { rows } = await running.query("SELECT Id FROM Product WHERE NOT Active ORDER BY Id");
    const written = await connection.query("UPDATE Product SET Description = 'gone' WHERE Active = false");
    expect(rows.length).toBeGreaterThan(0);
    expect(written.rowCount).toBe(rows.length);
    const posts = server.requests.filter((line) => line.startsWith("POST"));
    expect(posts.map((line) => line.split(" ")[1]).sort()).toEqual(rows.map((row) => `/v1/products/${row["Id"]}`));
    expect(written.notices.join()).toContain('the filter "active" of Product');
  });

  test("of a parameter that must be sent are an error", async () => {
    const [first] = (await running.query("SELECT Subscription FROM SubscriptionItem LIMIT 1")).rows;
    const { connection } = await disagreeing([
      {
        kind: "rewrites-answer",
        method: "GET",
        path: /^\/v1\/subscription_items$/,
        rewrite: (answer) => ({
          body: {
            ...answer,
            data: (answer["data"] as readonly object[]).map((item) => ({ ...item, subscription: "sub_other" })),
          },
        }),
      },
    ]);
    const sql = "SELECT Id FROM SubscriptionItem WHERE Subscription = ?";
    expect(await errorOf(connection.query(sql, [String(first?.["Subscription"])]))).toMatchObject({
      sqlState: "58030",
      message: "Stripe answered something else than was asked for",
    });
  });
});

describe("a list that is not newest first", () => {
  test("is read whole and sorted, even for one row", async () => {
    const { connection, server } = await disagreeing([{ kind: "oldest-first" }]);
    for (const limit of [1, 3, 150]) {
      const sql = `SELECT Created FROM Charge ORDER BY Created DESC LIMIT ${limit}`;
      const { rows, notices } = await connection.query(sql);
      expect(rows).toEqual((await running.query(sql)).rows);
      expect(notices).toEqual(["Stripe did not give Charge newest first: all rows are read, and sorted here"]);
    }
    expect(server.requests[0]).toBe("GET /v1/charges limit=10");
  });

  test("matters only where the order was asked for", async () => {
    const { connection } = await disagreeing([{ kind: "oldest-first" }]);
    expect((await connection.query("SELECT Id FROM Charge LIMIT 3")).notices).toEqual([]);
  });
});

describe("a filter that Stripe refuses", () => {
  const refused = 'Stripe refused the filter "status" of Invoice: it is not sent, and the rows are chosen here';

  test("is left out, with a notice, and remembered", async () => {
    const sql = "SELECT Id FROM Invoice WHERE Status = 'draft'";
    const { server, connection } = await disagreeing([{ kind: "refuses-filter" }]);
    const { rows, notices } = await connection.query(sql);
    expect(sorted(rows)).toEqual(await honest(sql));
    expect(notices).toEqual([refused]);
    server.requests.length = 0;
    await connection.query(sql);
    expect(server.requests[0]).toBe("GET /v1/invoices limit=100");
  });

  test("leaves the others in force", async () => {
    const { connection, server } = await disagreeing([{ kind: "refuses-filter", parameter: "status" }]);
    await connection.query("SELECT Id FROM Invoice WHERE Status = 'draft' AND Created >= '2026-06-01'");
    expect(server.requests[1]).toMatch(/^GET \/v1\/invoices created\[gte\]=\d+&limit=100$/);
  });

  test("is an error where nothing else can apply the condition", async () => {
    const { connection } = await disagreeing([{ kind: "refuses-filter", parameter: "payout" }]);
    const sql = "SELECT Id FROM BalanceTransaction WHERE Payout = 'po_1'";
    expect(await errorOf(connection.query(sql))).toMatchObject({ sqlState: "22023" });
  });

  test("for its value is refused for that statement alone", async () => {
    const { connection, server } = await disagreeing([
      {
        kind: "rewrites-answer",
        method: "GET",
        path: /^\/v1\/customers$/,
        rewrite: (answer, { query }) =>
          query.get("email") === "long"
            ? {
                status: 400,
                body: {
                  error: {
                    type: "invalid_request_error",
                    code: "parameter_invalid_string_long",
                    message: "Too long",
                    param: "email",
                  },
                },
              }
            : { body: answer },
      },
    ]);
    expect((await connection.query("SELECT Id FROM Customer WHERE Email = 'long'")).rows).toEqual([]);
    server.requests.length = 0;
    await connection.query("SELECT Id FROM Customer WHERE Email = 'short'");
    expect(server.requests).toEqual(["GET /v1/customers email=short&limit=100"]);
  });
});
