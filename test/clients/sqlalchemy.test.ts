import { beforeAll, describe, expect, it } from "vitest";
import type { ClientReport } from "../support/client-report.js";
import { pythonReport } from "../support/python-client.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();
let report: ClientReport;

beforeAll(async () => {
  report = await pythonReport("sqlalchemy_client.py", [shop.url()], {});
});

/** Customers in the order of their ids, with their invoices' ids. */
async function withInvoices(limit: number): Promise<readonly (readonly unknown[])[]> {
  const rows = await shop.driver(
    `SELECT c.Id, list_sort(array_agg(i.Id) FILTER (i.Id IS NOT NULL)) AS Invoices
     FROM (SELECT Id FROM Customer ORDER BY Id LIMIT ${limit}) c LEFT JOIN Invoice i ON i.Customer = c.Id GROUP BY c.Id ORDER BY c.Id`,
  );
  return rows.map((row) => [row["Id"], row["Invoices"] ?? []]);
}

describe("SQLAlchemy", () => {
  it("finds schemas, tables and views", async () => {
    const [own] = await shop.driver(
      "SELECT count(*) FILTER (SchemaName = 'stripe') AS V1, count(*) FILTER (SchemaName = 'v2') AS V2 FROM sys_tables",
    );
    expect(report.get("schemas")).toEqual(["information_schema", "metrics", "public", "sql", "stripe", "v2"]);
    expect(report.get("tables")).toEqual({ default: own?.["V1"], stripe: own?.["V1"], v2: own?.["V2"], some: true });
    expect(report.get("views")).toEqual([own?.["V1"], " SELECT id,"]);
  });

  it("finds a table's columns with their types and comments, its key and its references", async () => {
    expect(report.get("columns")).toEqual({
      ...{ id: ["TEXT", false], balance: ["BIGINT", true], created: ["TIMESTAMP", true] },
      ...{ livemode: ["BOOLEAN", true], metadata: ["JSONB", true] },
    });
    expect(report.get("comments")).toEqual([
      "Unique identifier for the object.",
      expect.stringMatching(/^Returns a list of your customers\./),
    ]);
    expect(report.get("primary_key")).toEqual(["id"]);
    expect(report.get("foreign_keys")).toContainEqual([["customer"], "customers", ["id"]]);
    const [tables] = await shop.driver("SELECT count(*) AS Count FROM sys_tables WHERE SchemaName = 'stripe'");
    expect(report.get("reflected")).toEqual({
      ...{ tables: tables?.["Count"], key: ["id"], customer: ["stripe.customers.id"] },
    });
  });

  it("selects what the driver does", async () => {
    const own = await shop.driver(
      "SELECT c.Id, count(*) AS Count, sum(Total)::VARCHAR AS Total FROM Customer c JOIN Invoice i ON i.Customer = c.Id WHERE c.Balance >= 0 GROUP BY c.Id ORDER BY c.Id LIMIT 20",
    );
    expect(report.get("selected")).toEqual(own.map((row) => Object.values(row)));
    const customers = await shop.driver("SELECT Id FROM Customer");
    expect(report.get("streamed")).toEqual(customers.map((row) => row["Id"]));
  });

  it("loads what objects refer to, by classes of one's own and by those that it makes of the tables", async () => {
    const own = await withInvoices(5);
    expect(report.get("related")).toEqual(own);
    expect(report.get("automapped")).toEqual(own[0]);
    expect(own.flatMap(([, invoices]) => invoices)).not.toEqual([]);
  });

  it("adds objects, whose keys and defaults come of Stripe, changes and deletes them", () => {
    expect(report.get("written")).toEqual({ inserted: ["cus_", 0], names: ["B", "C", "D"], left: 0 });
  });

  it("raises what is wrong, and goes on after a rollback", () => {
    expect(report.get("failed")).toEqual(["42703", 1]);
  });
});
