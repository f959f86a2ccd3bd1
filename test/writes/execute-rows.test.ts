import { describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

/** New draft invoices' ids, in the order of their making. */
async function drafts(count: number): Promise<readonly string[]> {
  const { id: customer } = await running.stripe.customers.create({ email: "drafts@example.com" });
  const made: string[] = [];
  for (let index = 0; index < count; index += 1)
    made.push((await running.stripe.invoices.create({ customer, description: `draft ${index}` })).id ?? "");
  running.sandbox.requests.clear();
  return made;
}

describe("what EXEC … FROM cannot mean", () => {
  test.each([
    ["EXEC FinalizeInvoice InvoiceId = Id", "42703"],
    ["EXEC FinalizeInvoice InvoiceId = Id FROM Invoic", "42P01"],
    ["EXEC FinalizeInvoice InvoiceId = Nope FROM Invoice", "42703"],
    ["EXEC FinalizeInvoice FROM Invoice", "22023"],
    ["EXEC FinalizeInvoice InvoiceId = Id FROM Invoice UNION SELECT Id FROM Invoice", "0A000"],
    ["EXEC FinalizeInvoice InvoiceId = Id FROM (DELETE FROM Customer)", "0A000"],
    ["EXEC Finalize InvoiceId = Id FROM Invoice", "42883"],
  ])("%s", async (sql, sqlState) => {
    expect(await running.failure(sql)).toMatchObject({ sqlState });
    expect(requestLines(running.sandbox).filter((line) => !line.startsWith("GET"))).toEqual([]);
  });

  test("an input that is NULL in a row is refused before any call", async () => {
    await drafts(2);
    const error = await running.failure(
      "EXEC FinalizeInvoice InvoiceId = CASE WHEN Description = 'draft 1' THEN Id END FROM Invoice WHERE Status = 'draft'",
    );
    expect(error).toMatchObject({ sqlState: "22023", message: '"InvoiceId" takes an id, not NULL' });
    expect(requestLines(running.sandbox).filter((line) => line.startsWith("POST"))).toEqual([]);
  });
});

describe("EXEC … FROM", () => {
  test("calls once for each row, in the rows' order, and tells which row a result is of", async () => {
    const ids = await drafts(3);
    const { rows, outcomes, columns, write } = await running.query(
      `EXEC FinalizeInvoice InvoiceId = i.Id FROM Invoice i JOIN Customer c ON c.Id = i.Customer
       WHERE i.Status = 'draft' AND c.Email = 'drafts@example.com' AND i.Id IN (?, ?, ?) ORDER BY i.Description DESC LIMIT 2`,
      [...ids],
    );
    expect(columns[0]?.name).toBe("InvoiceId");
    expect(rows.map((row) => [row["InvoiceId"], row["Id"], row["Status"]])).toEqual([
      [ids[2], ids[2], "paid"],
      [ids[1], ids[1], "paid"],
    ]);
    expect(outcomes).toEqual([ids[2], ids[1]].map((id) => ({ state: "written", id })));
    expect(write?.calls.map(({ state }) => state)).toEqual(["written", "written"]);
    expect(requestLines(running.sandbox).filter((line) => line.startsWith("POST"))).toEqual([
      `POST /v1/invoices/${ids[2]}/finalize`,
      `POST /v1/invoices/${ids[1]}/finalize`,
    ]);
    expect((await running.stripe.invoices.retrieve(ids[0] ?? "")).status).toBe("draft");
  });

  test("a call that fails does not hide the others", async () => {
    const [id = ""] = await drafts(1);
    const { rows, outcomes, error } = await running.query(
      "EXEC FinalizeInvoice InvoiceId = f.id FROM (VALUES ('in_gone'), (?)) f(id)",
      [id],
    );
    expect(rows.map((row) => row["InvoiceId"])).toEqual([id]);
    expect(outcomes.map(({ state }) => state)).toEqual(["failed", "written"]);
    expect(error?.message).toContain("in_gone");
  });

  test("no row is no call, and nobody is asked", async () => {
    const { rows, requests } = await running.query(
      "EXEC FinalizeInvoice InvoiceId = f.id FROM (VALUES ('x')) f(id) WHERE f.id = 'y'",
      [],
      { confirmWrite: () => Promise.reject(new Error("asked")) },
    );
    expect({ rows, requests }).toEqual({ rows: [], requests: 0 });
  });

  test("is asked for before the first call, with the number of calls", async () => {
    const ids = await drafts(2);
    const asked: unknown[] = [];
    const { outcomes } = await running.query(
      "EXEC FinalizeInvoice InvoiceId = f.id FROM (VALUES (?), (?)) f(id)",
      [...ids],
      {
        confirmWrite: (write) => {
          asked.push(write);
          return Promise.resolve(false);
        },
      },
    );
    expect(asked).toMatchObject([{ command: "EXECUTE FinalizeInvoice", objects: 2, live: false }]);
    expect(outcomes).toEqual([{ state: "not tried", id: undefined }]);
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("EXPLAIN tells the rows' requests", async () => {
    const { rows } = await running.query(
      "EXPLAIN EXEC FinalizeInvoice InvoiceId = Id FROM Invoice WHERE Status = 'draft'",
    );
    expect(rows.map((row) => row["QUERY PLAN"])).toEqual(
      expect.arrayContaining([
        "Execute FinalizeInvoice: POST /v1/invoices/{invoice}/finalize for each row",
        "    List: GET /v1/invoices  status=draft",
      ]),
    );
  });
});
