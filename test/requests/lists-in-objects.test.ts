import { describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 8 });

/** A draft invoice with as many lines. */
async function invoiceOf(lines: number): Promise<string> {
  const { id: customer } = await running.stripe.customers.create({ email: "lines@example.com" });
  const { id } = await running.stripe.invoices.create({ customer, pending_invoice_items_behavior: "exclude" });
  for (let line = 1; line <= lines; line += 1)
    await running.stripe.invoiceItems.create({ customer, invoice: id ?? "", amount: line, currency: "usd" });
  running.sandbox.requests.clear();
  return id ?? "";
}

/** Stripe gives a list within an object up to its first ten rows: sums over it were silently too small. */
describe("a list within an object", () => {
  test("is read to its end where the statement names it", async () => {
    const id = await invoiceOf(25);
    const sql = `SELECT sum((l.value->>'amount')::BIGINT) AS total FROM Invoice i, json_each(i.Lines->'data') l WHERE i.Id = '${id}'`;
    const { rows, notices } = await running.query(sql);
    expect(rows).toEqual([{ total: 325 }]);
    expect(notices).toEqual([]);
    expect(running.sandbox.requests.entries.map(({ path }) => path)).toEqual([
      `/v1/invoices/${id}`,
      `/v1/invoices/${id}/lines`,
    ]);
  });

  test("is read to its end on the direct way too, and says that nothing follows", async () => {
    const id = await invoiceOf(12);
    const [row] = (await running.query(`SELECT Lines FROM Invoice WHERE Id = '${id}'`)).rows;
    const lines = row?.["Lines"] as unknown as { readonly data: readonly unknown[]; readonly has_more: boolean };
    expect([lines.data.length, lines.has_more]).toEqual([12, false]);
  });

  test("costs nothing where the object holds it whole", async () => {
    const id = await invoiceOf(3);
    await running.query(`SELECT Lines FROM Invoice WHERE Id = '${id}'`);
    expect(running.sandbox.requests.entries).toHaveLength(1);
  });

  test.each(["*", "_json"])("is told of where %s takes it along", async (columns) => {
    const id = await invoiceOf(11);
    const { notices } = await running.query(`SELECT ${columns} FROM Invoice WHERE Id = '${id}'`);
    expect(notices).toEqual([
      "Invoice.Lines holds only the first rows of some objects' lists; a statement that names the column has them all",
    ]);
    expect(running.sandbox.requests.entries).toHaveLength(1);
  });

  test("is in EXPLAIN where it may take further requests", async () => {
    const plan = (await running.query("EXPLAIN SELECT Lines FROM Invoice LIMIT 3")).rows.map(
      (row) => row["QUERY PLAN"],
    );
    expect(plan).toContain("    Lists: Lines, read on for each object that holds but the first of its rows");
  });
});
