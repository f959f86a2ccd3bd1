import { beforeAll, describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 60 });
let ids: readonly string[] = [];

/** Each table is read whole first: how few rows they were seen to have must not turn a request by key into a scan. */
beforeAll(async () => {
  ids = (await running.query("SELECT Id FROM Customer")).rows.map((row) => String(row["Id"]));
  for (const table of ["Charge", "Invoice", "PaymentMethod"]) await running.query(`SELECT Id FROM ${table}`);
});

describe("rows by id", () => {
  test("are asked for by id, though a filter of Stripe's is given too", async () => {
    const [id] = ids;
    expect(await running.sent("SELECT Id FROM Customer WHERE Email = 'a@example.com' AND Id = ?", [`${id}`])).toEqual([
      `GET /v1/customers/${id}`,
    ]);
  });

  test("are asked for one by one, though the table was seen to be one page", async () => {
    const few = ids.slice(0, 7);
    const sent = await running.sent(`SELECT Id FROM Customer WHERE Id IN (${few.map((id) => `'${id}'`).join(", ")})`);
    expect([...sent].sort()).toEqual(few.map((id) => `GET /v1/customers/${id}`).sort());
  });

  test("are asked for once, though alternatives stand beside them", async () => {
    const [id] = ids;
    const sql = `SELECT Id FROM Customer WHERE Id = '${id}' AND (Email = 'a@example.com' OR Created >= '2026-01-01')`;
    expect(await running.sent(sql)).toEqual([`GET /v1/customers/${id}`]);
  });
});

describe("of two lists of one table", () => {
  const customer = () => String(ids[0]);

  test("the one of fewer requests is read", async () => {
    expect(await running.sent("SELECT Id FROM PaymentMethod WHERE Customer = ?", [customer()])).toEqual([
      `GET /v1/customers/${customer()}/payment_methods limit=100`,
    ]);
  });

  test("the one that takes more of the conditions is read", async () => {
    const narrow = "SELECT Id FROM PaymentMethod WHERE Customer = ? AND CustomerAccount = 'acct_1' AND Type = 'card'";
    expect((await running.sent(narrow, [customer()]))[0]).toBe(
      `GET /v1/payment_methods customer=${customer()}&customer_account=acct_1&type=card&limit=100`,
    );
  });

  test("the table's own is read whole, not each customer's, however few customers there were", async () => {
    const sent = await running.sent("SELECT Id FROM PaymentMethod");
    expect(sent.filter((line) => line.includes("/v1/customers"))).toEqual([]);
  });

  test("a parent's key in WHERE reads that parent's alone", async () => {
    const [tax] = (await running.query("SELECT Customer FROM CustomerTaxId LIMIT 1")).rows;
    const sql = "SELECT Id FROM CustomerTaxId WHERE Customer = ?";
    expect(await running.sent(sql, [String(tax?.["Customer"])])).toEqual([
      `GET /v1/customers/${String(tax?.["Customer"])}/tax_ids limit=100`,
    ]);
  });
});

describe("alternatives", () => {
  test("are a request each, though the table was seen to be small", async () => {
    const sql = "SELECT Id FROM Customer WHERE Id = ? OR Email = 'a@example.com'";
    expect([...(await running.sent(sql, [String(ids[0])]))].sort()).toEqual([
      "GET /v1/customers email=a@example.com&limit=100",
      `GET /v1/customers/${ids[0]}`,
    ]);
  });

  test("that a condition beside them narrows are split with it", async () => {
    const sql = "SELECT Id FROM Subscription WHERE Customer = ? AND (Status = 'active' OR Price = 'price_1')";
    expect(await running.sent(sql, [String(ids[0])])).toEqual([
      `GET /v1/subscriptions customer=${ids[0]}&status=active&limit=100`,
      `GET /v1/subscriptions status=all&customer=${ids[0]}&price=price_1&limit=100`,
    ]);
  });

  test("are not split where that condition leaves a page of them", async () => {
    const sql = "SELECT Id FROM Invoice WHERE Customer = ? AND (Status = 'open' OR Created >= '2027-01-01')";
    expect(await running.sent(sql, [String(ids[0])])).toEqual([`GET /v1/invoices customer=${ids[0]}&limit=100`]);
  });

  test("of many values each are read as long as they are fewer requests than the whole table", async () => {
    const few = ids.slice(0, 4).map((id) => `'${id}'`);
    const sent = await running.sent(`SELECT Id FROM Charge WHERE Customer IN (${few.join(", ")}) OR Id = 'ch_none'`);
    expect(sent.filter((line) => line.includes("customer="))).toHaveLength(4);
    expect(sent).toHaveLength(5);
  });
});

test("a search is sent as it is written, whatever else could be asked", async () => {
  const sql = `SELECT Id FROM Customer WHERE SearchQuery = 'email:"a@example.com"' AND Email = 'a@example.com' AND Id = ?`;
  const sent = await running.sent(sql, [String(ids[0])]);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(/^GET \/v1\/customers\/search query=/);
});
