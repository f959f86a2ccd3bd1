import { describe, expect, it } from "vitest";
import type { Statistics } from "../../src/plan/cost/statistics.js";
import { noStatistics } from "../../src/plan/cost/statistics.js";
import { explainJson } from "../../src/plan/explain-json.js";
import { explainText } from "../../src/plan/explain-text.js";
import type { ExplainContext } from "../../src/plan/explained-plan.js";
import { knownRequests, relationCost } from "../../src/plan/plan-cost.js";
import { planInsert } from "../../src/plan/write/plan-insert.js";
import { planProcedure } from "../../src/plan/write/plan-procedure.js";
import { planUpdate } from "../../src/plan/write/plan-update.js";
import { planEnvironment, planOf, scanOf, statementOf } from "../support/statement-planning.js";

const seen: ReadonlyMap<string, number> = new Map([
  ["Customer", 950],
  ["Charge", 0],
]);
const statistics: Statistics = { ...noStatistics, testClocks: () => 0, rows: ({ table }) => seen.get(table) };
const context: ExplainContext = { statistics, requestsPerSecond: 25, nowMs: 0 };

const text = (sql: string): readonly string[] => explainText(planOf(sql), context);

describe("EXPLAIN of a SELECT", () => {
  it("gives each condition's verdict, what is left, and the requests", () => {
    expect(text("SELECT Id FROM Customer WHERE Email = 'a' AND Name = 'b' LIMIT 3")).toEqual([
      "Select, each page through the local engine",
      "  Scan Customer",
      "    List: GET /v1/customers  email=a",
      "    Pushed (exact): Email = 'a'",
      "    Local: Name = 'b'",
      "    Requests: unknown",
      "Requests: unknown",
    ]);
  });

  it("gives the limit that reaches Stripe, and an exact count where there is one", () => {
    expect(text("SELECT Id FROM Customer ORDER BY Created DESC LIMIT 5")).toEqual([
      "Select, rows straight from Stripe's pages",
      "  Scan Customer",
      "    List: GET /v1/customers",
      "    Limit: 5",
      "    Requests: 1",
      "Requests: 1, 0.0 s at 25 a second",
    ]);
  });

  it("shows the first few of many requests, and their account", () => {
    expect(text("SELECT Id FROM Customer WHERE AccountId = 'acct_1' AND Id IN ('a','b','c','d','e','f','g')")).toEqual([
      "Select, rows straight from Stripe's pages",
      "  Scan Customer",
      ...["a", "b", "c", "d", "e"].map((id) => `    Retrieve: GET /v1/customers/${id} as acct_1`),
      "    … and 2 more like these",
      "    Pushed (exact): AccountId = 'acct_1'",
      "    Pushed (exact): Id IN ('a', 'b', 'c', 'd', 'e', 'f', 'g')",
      "    Rejected: List: GET /v1/customers as acct_1, requests: about 10",
      "    Requests: 7",
      "Requests: 7, 0.3 s at 25 a second",
    ]);
  });

  it("says why nothing is read", () => {
    expect(text("SELECT Id FROM Customer WHERE Id = NULL")).toEqual([
      "Select, rows straight from Stripe's pages",
      "  Scan Customer: nothing to read, no row can satisfy the conditions",
      "    Pushed (exact): FALSE",
      "    Requests: 0",
      "Requests: 0",
    ]);
  });

  // A range that a function of the time implies may be the condition itself.
  it("gives a condition once that is there twice", () => {
    const lines = text("SELECT Id FROM Customer WHERE Created >= date_trunc('month', now())");
    expect(lines.filter((line) => /Pushed/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /Local/.test(line))).toHaveLength(1);
  });

  it("says through what a nested list is read", () => {
    expect(text("SELECT Id FROM InvoiceLineItem")).toEqual([
      "Select, rows straight from Stripe's pages",
      "  Scan InvoiceLineItem",
      "    Nested list: GET /v1/invoices/{invoice}/lines, for each of List: GET /v1/invoices (first rows from the parent)",
      "    Requests: unknown",
      "Requests: unknown",
      "Notice: InvoiceLineItem is read through every Invoice; Invoice = '…' in WHERE reads one",
    ]);
  });

  it("counts parents once that the statement reads and that lead to its other rows", () => {
    const lines = text("SELECT 1 FROM Customer c JOIN CustomerBalanceTransaction t ON t.Customer = c.Id");
    expect(lines.filter((line) => /Scan|List|Requests/.test(line))).toEqual([
      "  Scan Customer",
      "    List: GET /v1/customers",
      "    Requests: about 10",
      "  Scan CustomerBalanceTransaction",
      "    Nested list: GET /v1/customers/{customer}/balance_transactions, for each of List: GET /v1/customers",
      "    Requests: unknown",
      "Requests: unknown, at least about 10",
    ]);
  });

  it("leaves the time out where no rate is known", () => {
    expect(explainText(planOf("SELECT 1"), { ...context, requestsPerSecond: undefined }).at(-1)).toBe("Requests: 0");
  });

  it("tells the time that pages take which wait for each other, and a large part of a month's reads", () => {
    const large = { ...context, requestsPerSecond: 80, statistics: { ...noStatistics, rows: () => 1_000_000 } };
    const lines = (more: object) => explainText(planOf("SELECT count(DISTINCT Id) FROM Charge"), { ...large, ...more });
    expect(lines({}).slice(-2)).toEqual([
      "Requests: about 10000, about 3000.0 s: 10000 pages one after the other, 0.30 s each (assumed)",
      "Reads: about 100 % of the 10000 a month that Stripe allots at least",
    ]);
    expect(lines({ latencyMs: 250, readsThisMonth: 1234 }).slice(-2)).toEqual([
      "Requests: about 10000, about 2500.0 s: 10000 pages one after the other, 0.25 s each (as of late)",
      "Reads: about 100 % of the 10000 a month that Stripe allots at least; 1234 were counted this month (sys_reads)",
    ]);
    expect(explainJson(planOf("SELECT count(DISTINCT Id) FROM Charge"), { ...large, latencyMs: 250 })).toMatchObject({
      secondsAtRateLimit: 125,
      secondsAtLatency: 2500,
      reads: { allottedAMonth: 10000, share: 1 },
    });
  });

  describe("whose list is read in ranges", () => {
    const pace = { requestsPerSecond: 20, latencyMs: 200, parallelRequests: undefined };
    const large = {
      statistics: { ...noStatistics, testClocks: () => 0, rows: () => 20_000 },
      requestsPerSecond: 80,
      nowMs: 0,
    };
    const facts = { ...large, latencyMs: 200, pace };
    const linesOf = (sql: string, more: object = {}) => explainText(planOf(sql), { ...facts, ...more });
    const ranges = "    Ranges: of Created, up to 5 side by side where the list is long";

    it("says so, with how many at a time, and by which rate", () => {
      expect(linesOf("SELECT Id FROM Charge WHERE Amount > 5")).toEqual([
        "Select, each page through the local engine",
        "  Scan Charge",
        "    List: GET /v1/charges",
        "    Local: Amount > 5",
        ranges,
        "    Requests: about 200",
        "Requests: about 200, 10.0 s at 20 a second for one list",
      ]);
      expect(linesOf("SELECT Id FROM Charge", { pace: { ...pace, parallelRequests: 2 } }).at(-1)).toBe(
        "Requests: about 200, about 20.0 s: 200 pages 2 at once, 0.20 s each (as of late)",
      );
      const json = explainJson(planOf("SELECT Id FROM Charge"), facts);
      expect(json).toMatchObject({
        scans: [{ ranges: { of: "Created", sideBySide: 5 } }],
        secondsAtRateLimit: 2.5,
        secondsAtEndpointRate: 10,
      });
    });

    it.each([
      ["with a LIMIT that ends it", "SELECT Id FROM Charge WHERE Amount > 5 LIMIT 3"],
      ["with the newest rows", "SELECT Id FROM Charge ORDER BY Created DESC LIMIT 150"],
      ["that Stripe does not filter by its times", "SELECT Id FROM PaymentLink"],
      ["of API v2", "SELECT Id FROM v2.Event"],
      ["of one second", "SELECT Id FROM Charge WHERE Created = '2026-01-01'"],
    ])("is not one %s", (_, sql) => {
      expect(linesOf(sql).join("\n")).not.toContain("Ranges");
    });

    it("is not one that answers faster than Stripe's rate, nor one that is known to be short", () => {
      expect(linesOf("SELECT Id FROM Charge", { pace: { ...pace, latencyMs: 30 } })).not.toContain(ranges);
      expect(linesOf("SELECT Id FROM Charge", { pace: { ...pace, parallelRequests: 1 } })).not.toContain(ranges);
      expect(linesOf("SELECT Id FROM Charge", { pace: { ...pace, requestsPerSecond: undefined } })).not.toContain(
        ranges,
      );
    });
  });

  it("is the same facts as JSON", () => {
    expect(explainJson(planOf("SELECT Id FROM Customer WHERE Email = 'a' AND Name = 'b'"), context)).toEqual({
      statement: "select",
      way: "stream",
      scans: [
        {
          table: "Customer",
          scan: "inexact",
          accesses: [
            {
              access: "list",
              method: "GET",
              path: "/v1/customers",
              call: "customers.list",
              parameters: { email: "a" },
            },
          ],
          accessCount: 1,
          columns: ["Id", "Email", "Name"],
          pushed: [{ predicate: "Email = 'a'", verdict: "exact" }],
          local: ["Name = 'b'"],
          requests: 10,
          requestsExact: false,
          requestsBasis: "at most",
        },
      ],
      requests: 10,
      requestsExact: false,
      requestsBasis: "at most",
      secondsAtRateLimit: 0.4,
      secondsAtLatency: 3,
      latencyMs: 300,
      notices: [],
    });
  });
});

describe("EXPLAIN of a write", () => {
  it("gives the call, once for each object", () => {
    const sql = "INSERT INTO Customer (Email) VALUES ('a'), ('b')";
    expect(explainText(planInsert(statementOf(sql, "insert"), planEnvironment()), context)).toEqual([
      "Insert Customer: POST /v1/customers for each object",
      "Requests: 2, 0.1 s at 25 a second",
    ]);
  });

  it("gives the reads that find its objects", () => {
    const sql = "UPDATE Customer SET Name = 'x' WHERE Email = 'a'";
    const plan = planUpdate(statementOf(sql, "update"), planEnvironment());
    expect(explainText(plan, context)).toEqual([
      "Update Customer: POST /v1/customers/{customer} for each object",
      "  Scan Customer",
      "    List: GET /v1/customers  email=a",
      "    Pushed (exact): Email = 'a'",
      "    Requests: at most 10",
      "Requests: unknown",
    ]);
    expect(explainJson(plan, context)).toMatchObject({
      statement: "update",
      call: { method: "POST", path: "/v1/customers/{customer}", call: "customers.update" },
      requests: null,
      requestsExact: false,
    });
  });

  it("gives a procedure's call", () => {
    const sql = "EXEC CapturePaymentIntent PaymentIntentId = 'pi_1'";
    expect(explainText(planProcedure(statementOf(sql, "execute"), planEnvironment()), context)).toEqual([
      "Execute CapturePaymentIntent: POST /v1/payment_intents/{payment_intent}/capture",
      "Requests: 1, 0.0 s at 25 a second",
    ]);
  });
});

describe("the requests of a scan", () => {
  const estimate = (sql: string, table: string) => {
    const plan = planOf(sql);
    const { requests, basis } = relationCost(scanOf(plan, table), plan, statistics);
    return { requests, exact: basis === "exact" };
  };

  it("are pages of what the table was last seen to hold, at least one", () => {
    expect(estimate("SELECT Id FROM Customer", "Customer")).toEqual({ requests: 10, exact: false });
    expect(estimate("SELECT Id FROM Charge", "Charge")).toEqual({ requests: 1, exact: false });
    expect(estimate("SELECT Id FROM Refund", "Refund")).toEqual({ requests: 1, exact: false });
  });

  it("are no more than a limit needs", () => {
    expect(estimate("SELECT Id FROM Customer LIMIT 250", "Customer")).toEqual({ requests: 3, exact: false });
    expect(estimate("SELECT Id FROM Customer LIMIT 100", "Customer")).toEqual({ requests: 1, exact: true });
    expect(estimate("SELECT Id FROM Customer LIMIT 0", "Customer")).toEqual({ requests: 0, exact: true });
  });

  it("are exact by id, and none where nothing can match", () => {
    expect(estimate("SELECT Id FROM Customer WHERE Id IN ('a', 'b')", "Customer")).toEqual({
      requests: 2,
      exact: true,
    });
    expect(estimate("SELECT Id FROM Customer WHERE FALSE", "Customer")).toEqual({ requests: 0, exact: true });
  });

  it("are the parent's and one for each parent where the parent does not hold the children", () => {
    expect(estimate("SELECT Id FROM CustomerBalanceTransaction", "CustomerBalanceTransaction")).toEqual({
      requests: 960,
      exact: false,
    });
  });

  it("are known in all only where each table was seen", () => {
    expect(knownRequests(planOf("SELECT Id FROM Customer"), statistics)).toBe(10);
    expect(knownRequests(planOf("SELECT Id FROM Refund"), statistics)).toBeUndefined();
    expect(knownRequests(planOf("SELECT c.Id FROM Customer c, Refund r"), statistics)).toBeUndefined();
    expect(knownRequests(planOf("SELECT c.Id FROM Customer c, Refund r WHERE r.Id = 'x'"), statistics)).toBe(11);
  });
});
