import { describe, expect, it } from "vitest";
import { accessesOf, waitsFor } from "../../../src/plan/scan/scan.js";
import { scanRelations } from "../../../src/plan/select/select-plan.js";
import { requestsOf } from "../../support/planning.js";
import { planOf, scanOf } from "../../support/statement-planning.js";

const strategyOf = (sql: string, parameters: readonly unknown[] = []) => planOf(sql, parameters).strategy;
const limitOf = (sql: string, parameters: readonly unknown[] = []): number | undefined => {
  const { scan } = scanOf(planOf(sql, parameters), "Customer");
  return scan.kind === "exact" ? scan.limit : undefined;
};
const columnsOf = (sql: string, table: string): readonly string[] =>
  scanOf(planOf(sql), table).columns.map(({ name }) => name);

describe("an order", () => {
  it("is Stripe's own where it is the creation time, newest first", () => {
    expect(limitOf("SELECT Id FROM Customer ORDER BY Created DESC LIMIT 3")).toBe(3);
    expect(limitOf("SELECT Id FROM Customer ORDER BY Customer.Created DESC NULLS LAST LIMIT 3")).toBe(3);
    expect(limitOf("SELECT Id FROM Customer c ORDER BY c.created DESC LIMIT 3")).toBe(3);
    expect(limitOf("SELECT Created FROM Customer ORDER BY 1 DESC LIMIT 3")).toBe(3);
    expect(limitOf("SELECT Created AS made FROM Customer ORDER BY made DESC LIMIT 3")).toBe(3);
  });

  it.each([
    ["oldest first", "SELECT Id FROM Customer ORDER BY Created LIMIT 3"],
    ["another column", "SELECT Id FROM Customer ORDER BY Name DESC LIMIT 3"],
    ["an output of that name", "SELECT Name AS Created FROM Customer ORDER BY Created DESC LIMIT 3"],
    ["an expression", "SELECT Id FROM Customer ORDER BY Created + INTERVAL 1 DAY DESC LIMIT 3"],
    ["every output", "SELECT Created FROM Customer ORDER BY ALL DESC LIMIT 3"],
  ])("is the local engine's where it is %s, and no limit is sent", (_, sql) => {
    expect(limitOf(sql)).toBeUndefined();
    expect(strategyOf(sql)).toEqual({ kind: "load" });
  });
});

describe("LIMIT and OFFSET", () => {
  it.each([
    ["a text", ["5"]],
    ["NULL", [null]],
    ["below zero", [-1]],
    ["a fraction", [2.5]],
    ["a truth value", [true]],
  ])("that is a parameter of %s is DuckDB's to judge", (_, parameters) => {
    expect(limitOf("SELECT Id FROM Customer LIMIT $1", parameters)).toBeUndefined();
    expect(strategyOf("SELECT Id FROM Customer LIMIT $1", parameters)).toEqual({ kind: "load" });
    expect(strategyOf("SELECT Id FROM Customer LIMIT 5 OFFSET $1", parameters)).toEqual({ kind: "load" });
  });

  it("that is no whole number is DuckDB's to judge", () => {
    expect(strategyOf("SELECT Id FROM Customer LIMIT 10.5")).toEqual({ kind: "load" });
  });

  it("count together towards what Stripe is asked for", () => {
    expect(limitOf("SELECT Id FROM Customer LIMIT $1 OFFSET $2", [10n, 2])).toBe(12);
    expect(strategyOf("SELECT Id FROM Customer LIMIT $1 OFFSET $2", [10n, 2])).toMatchObject({ limit: 10, offset: 2 });
    expect(limitOf("SELECT Id FROM Customer LIMIT 0")).toBe(0);
  });

  it("of OFFSET alone is no limit", () => {
    expect(limitOf("SELECT Id FROM Customer OFFSET 3")).toBeUndefined();
    expect(strategyOf("SELECT Id FROM Customer OFFSET 3")).toMatchObject({
      kind: "direct",
      limit: undefined,
      offset: 3,
    });
  });

  it("never reach Stripe past a condition that is left, a join, an aggregate or a set operation", () => {
    for (const sql of [
      "SELECT Id FROM Customer WHERE Name = 'a' LIMIT 3",
      "SELECT Customer.Id FROM Customer JOIN Charge ON Charge.Customer = Customer.Id LIMIT 3",
      "SELECT count(*) FROM Customer LIMIT 3",
      "SELECT DISTINCT Name FROM Customer LIMIT 3",
      "SELECT Id FROM Customer UNION SELECT Id FROM Customer LIMIT 3",
      "SELECT Id FROM (SELECT DISTINCT Id FROM Customer) x LIMIT 3",
      "SELECT Id FROM (SELECT Id FROM Customer) x WHERE upper(Id) = 'A' LIMIT 3",
      "SELECT Id FROM Customer WHERE Id IN (SELECT Customer FROM Charge) LIMIT 3",
    ])
      expect(limitOf(sql)).toBeUndefined();
  });
});

describe("the way of a SELECT", () => {
  it("is direct where nothing is left to do locally", () => {
    expect(strategyOf("SELECT Id, Email AS Address FROM Customer c WHERE c.Email = 'a'")).toMatchObject({
      kind: "direct",
      columns: [{ name: "Id" }, { name: "Address" }],
    });
    expect(strategyOf("SELECT Id FROM Product WHERE Active = 'true'")).toMatchObject({ kind: "direct" });
    expect(strategyOf("SELECT Id, Id FROM Customer")).toMatchObject({
      kind: "direct",
      columns: [{ name: "Id" }, { name: "Id" }],
    });
  });

  it("is a stream where each row stands alone and something is left", () => {
    expect(strategyOf("SELECT upper(Email) FROM Customer LIMIT 3")).toEqual({ kind: "stream", limit: 3 });
    expect(strategyOf("SELECT Id FROM Customer WHERE Name = 'a'")).toEqual({ kind: "stream", limit: undefined });
    expect(planOf("SELECT Id FROM Customer", [], { directWay: false }).strategy).toEqual({
      kind: "stream",
      limit: undefined,
    });
  });

  it("grows page by page where rows are counted over more than one batch, or those of one time are sorted", () => {
    expect(strategyOf("SELECT upper(Email) FROM Customer LIMIT 3 OFFSET 1")).toMatchObject({ kind: "grow", limit: 3 });
    expect(strategyOf("SELECT Id FROM Customer ORDER BY Created DESC, Id LIMIT 3")).toMatchObject({
      kind: "grow",
      wholeTimes: ["created"],
    });
    expect(scanOf(planOf("SELECT Id FROM Customer ORDER BY Created DESC, Id LIMIT 3"), "Customer").scan).toMatchObject({
      limit: 3,
      ties: true,
    });
    expect(strategyOf("SELECT * FROM (SELECT * FROM Charge) q LIMIT 5")).toMatchObject({ kind: "grow" });
    expect(strategyOf("SELECT 1 FROM Charge h LEFT JOIN Customer c ON c.Id = h.Customer LIMIT 5")).toMatchObject({
      kind: "grow",
    });
  });

  it("is a load where all rows are needed", () => {
    expect(strategyOf("SELECT count(*) FROM Customer")).toEqual({ kind: "load" });
    expect(strategyOf("SELECT 1")).toEqual({ kind: "load" });
  });
});

describe("the columns that a scan reads", () => {
  it("are those that the statement names, anywhere", () => {
    expect(columnsOf("SELECT upper(Email) FROM Customer WHERE Name = 'a' ORDER BY Phone", "Customer")).toEqual(
      expect.arrayContaining(["Email", "Name", "Phone"]),
    );
    expect(columnsOf("SELECT Email FROM Customer", "Customer")).toEqual(["Email"]);
  });

  it("are one where rows are only counted", () => {
    expect(columnsOf("SELECT count(*) FROM Customer", "Customer")).toHaveLength(1);
  });

  it("are all that are shown where the row as a whole is asked for", () => {
    const all = columnsOf("SELECT * FROM Customer", "Customer");
    expect(all.length).toBeGreaterThan(20);
    expect(all).not.toContain("_json");
    expect(columnsOf("SELECT c FROM Customer c", "Customer")).toEqual(all);
    expect(columnsOf("SELECT COLUMNS('E.*') FROM Customer", "Customer")).toEqual(all);
    expect(
      columnsOf("SELECT b.Id FROM Customer b, Charge c WHERE c.Id IN (SELECT Id FROM Refund)", "Customer"),
    ).toEqual(["Id"]);
  });

  it("hold the column of a key that is read out of JSON", () => {
    expect(columnsOf("SELECT Id FROM Customer WHERE Metadata.order_id = 'x'", "Customer")).toContain("Metadata");
    expect(columnsOf("SELECT c.Metadata.order_id FROM Customer c", "Customer")).toContain("Metadata");
  });

  it("go by the name that the table's spelling gives them", () => {
    expect(columnsOf("SELECT invoice_prefix FROM customers", "customers")).toEqual(["invoice_prefix"]);
    expect(() => planOf("SELECT invoice_prefix FROM Customer")).toThrow('column "invoice_prefix" does not exist');
  });

  it("are asked for by name where Stripe sends them on request only, and not for *", () => {
    const included = (sql: string, table: string) => requestsOf(scanOf(planOf(sql), table).scan)[0];
    expect(included("SELECT Sources FROM Customer", "Customer")).toBe('GET /v1/customers?expand=["data.sources"]');
    expect(included("SELECT * FROM Customer", "Customer")).toBe("GET /v1/customers");
  });
});

describe("columns that * does not mean", () => {
  const hidden = (sql: string) => [...planOf(sql).hiddenOutput];

  it("are those that the statement names elsewhere only", () => {
    expect(hidden("SELECT * FROM Customer WHERE AccountId = 'acct_1'")).toEqual(["accountid"]);
    expect(hidden("SELECT * FROM Customer WHERE _json IS NOT NULL")).toEqual(["_json"]);
    expect(hidden("SELECT *, AccountId FROM Customer WHERE AccountId = 'acct_1'")).toEqual([]);
  });

  it("are none that an output is named after: SELECT 'po_1' AS Payout once came without its column", () => {
    expect(hidden("SELECT 'po_1' AS Payout, sum(Amount) FROM BalanceTransaction WHERE Payout = 'po_1'")).toEqual([]);
  });

  it("are none that another table shows under the same name", () => {
    expect(
      hidden("SELECT * FROM InvoiceItem i JOIN Invoice v ON i.Invoice = v.Id WHERE v.Subscription = 'sub_1'"),
    ).not.toContain("id");
    expect(
      hidden(
        "SELECT * FROM Invoice v JOIN Discount d ON d.Id = v.Id WHERE v.Subscription = 'sub_1'".replace(
          /Discount/,
          "SubscriptionItem",
        ),
      ),
    ).toEqual([]);
  });
});

describe("relations that others take values from", () => {
  const ids = (sql: string) => {
    const plan = planOf(sql);
    return { read: scanRelations(plan).map(({ id }) => id), fed: plan.feeds.map(({ id }) => id) };
  };

  it("are beside those that the SQL reads, once for all", () => {
    const plan = planOf("SELECT 1 FROM CustomerTaxId t, CustomerBalanceTransaction b");
    expect(plan.feeds.map(({ table }) => table.name)).toEqual(["Customer"]);
    const [feed] = plan.feeds;
    expect(scanRelations(plan).map(({ scan }) => waitsFor(scan))).toEqual([[feed?.id], [feed?.id]]);
  });

  it("are those that the SQL reads where it reads them whole, and others where it does not", () => {
    const whole = planOf("SELECT 1 FROM Invoice i, InvoiceLineItem l WHERE i.Total > 5");
    expect(whole.feeds).toEqual([]);
    expect(waitsFor(scanOf(whole, "InvoiceLineItem").scan)).toEqual([scanOf(whole, "Invoice").id]);
    const { read, fed } = ids("SELECT 1 FROM Invoice i, InvoiceLineItem l WHERE i.Customer = 'cus_1'");
    expect(fed).toHaveLength(1);
    expect(read).not.toContain(fed[0]);
  });

  it("are asked for what each of those needs that take values from them", () => {
    const plan = planOf("SELECT 1 FROM CustomerTaxId t, CustomerSource s, (SELECT count(*) FROM Customer) c");
    expect(plan.feeds).toEqual([]);
    expect(accessesOf(scanOf(plan, "Customer").scan)[0]?.parameters).toEqual({
      expand: ["data.tax_ids", "data.sources"],
    });
  });

  it("are each account's own", () => {
    const { feeds } = planOf("SELECT Id FROM CustomerBalanceTransaction WHERE AccountId IN ('acct_1', 'acct_2')");
    expect(feeds.map(({ scan }) => requestsOf(scan))).toEqual([
      ["GET /v1/customers as acct_1"],
      ["GET /v1/customers as acct_2"],
    ]);
  });
});

describe("several mentions of a table", () => {
  const requests = (sql: string) => requestsOf(scanOf(planOf(sql), "Customer").scan);

  it("that want the same rows are one scan", () => {
    expect(requests("SELECT 1 FROM Customer a JOIN Customer b ON a.Id = b.Id WHERE a.Id = 'x'")).toEqual([
      "GET /v1/customers/x",
    ]);
    expect(requests("SELECT Id FROM Customer UNION ALL SELECT Id FROM Customer")).toEqual(["GET /v1/customers"]);
  });

  it("that want different rows are read side by side, each predicate checked again", () => {
    const { scan } = scanOf(
      planOf("SELECT 1 FROM Customer a, Customer b WHERE a.Id = 'x' AND b.Email = 'y'"),
      "Customer",
    );
    expect(scan.kind).toBe("inexact");
    expect(requestsOf(scan)).toEqual(["GET /v1/customers/x", "GET /v1/customers?email=y"]);
  });

  it("of which one wants the whole table are the whole table once", () => {
    expect(requests("SELECT 1 FROM Customer a, Customer b WHERE a.Id = 'x'")).toEqual(["GET /v1/customers"]);
    expect(
      requests("SELECT Id FROM Customer WHERE Email = 'y' UNION SELECT Id FROM Customer WHERE Name = 'z'"),
    ).toEqual(["GET /v1/customers"]);
  });

  it("of which one can match nothing are what the others want", () => {
    expect(requests("SELECT Id FROM Customer WHERE FALSE UNION SELECT Id FROM Customer WHERE Email = 'y'")).toEqual([
      "GET /v1/customers?email=y",
    ]);
  });

  it("with and without a filter that only Stripe can judge are refused", () => {
    expect(() => planOf("SELECT 1 FROM BalanceTransaction a, BalanceTransaction b WHERE a.Payout = 'po_1'")).toThrow(
      'table "BalanceTransaction" is read both with and without Payout in one statement',
    );
  });

  it("under two spellings are two scans", () => {
    const plan = planOf("SELECT a.Id, b.email FROM Customer a JOIN customers b ON a.Id = b.id WHERE a.Id = 'x'");
    expect(requestsOf(scanOf(plan, "Customer").scan)).toEqual(["GET /v1/customers/x"]);
    expect(requestsOf(scanOf(plan, "customers").scan)).toEqual(["GET /v1/customers/x"]);
  });
});
