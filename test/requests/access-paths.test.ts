import { describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 230 });

const rowsOf = async (sql: string) => (await running.query(sql)).rows;
const textOf = async (sql: string) => String(Object.values((await rowsOf(sql))[0] ?? {})[0]);
const pages = (rows: number) => Math.max(1, Math.ceil(rows / 100));
const limits = (sent: readonly string[]) => sent.map((line) => /limit=(\d+)/.exec(line)?.[1]);

describe("LIMIT with something that is left to do here", () => {
  test("reads page by page until there are enough rows, and no page more", async () => {
    const everyone = await rowsOf("SELECT Id, Name FROM Customer");
    const wanted = everyone[149];
    const sent = await running.sent("SELECT Id FROM Customer WHERE Name = ? AND Id >= 'a' LIMIT 1", [
      String(everyone.find((row) => row["Name"] === wanted?.["Name"])?.["Name"]),
    ]);
    expect(sent.length).toBe(Math.floor(everyone.findIndex((row) => row["Name"] === wanted?.["Name"]) / 100) + 1);
    expect(limits(sent)).toEqual(sent.map(() => "100"));
  });

  test("reads everything where there are too few", async () => {
    expect(await running.sent("SELECT Id FROM Customer WHERE Name LIKE 'nobody%' LIMIT 1")).toHaveLength(3);
  });

  test.each([
    "SELECT Id FROM Customer ORDER BY lower(Name) LIMIT 5",
    "SELECT Id, row_number() OVER (ORDER BY Id) FROM Customer LIMIT 5",
    "SELECT Id FROM Customer UNION SELECT Id FROM Customer LIMIT 5",
    "SELECT Id FROM Customer UNION ALL SELECT Id FROM Customer ORDER BY 1 LIMIT 5",
    "SELECT max(Created), count(*) FROM Customer",
    "SELECT count(*) FROM Customer",
    "SELECT AddressCountry, count(*) FROM Customer GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
    "SELECT a.Id FROM Customer a JOIN Customer b ON a.Name = b.Name LIMIT 5",
    "SELECT Id FROM Customer WHERE Name LIKE '%a%' ORDER BY Name LIMIT 5 OFFSET 3",
    "SELECT * FROM (SELECT Id, Name FROM Customer) ORDER BY Name LIMIT 2",
    "WITH c AS (SELECT Id, Name FROM Customer) SELECT * FROM c WHERE Name > 'M' ORDER BY Id LIMIT 2",
    "SELECT Id FROM Customer WHERE Email = 'a@example.com' OR Name > 'M' ORDER BY Name LIMIT 2",
  ])("reads each row of the table once: %s", async (sql) => {
    expect(limits(await running.sent(sql))).toEqual(["100", "100", "100"]);
  });

  test("goes to Stripe beside a condition that always holds, as generated statements have it", async () => {
    expect(await running.sent("SELECT Id FROM Invoice WHERE 1 = 1 AND Status = 'open' AND TRUE LIMIT 3")).toEqual([
      "GET /v1/invoices status=open&limit=3",
    ]);
  });

  test("reads the first rows alone where OFFSET stands on Stripe's own order", async () => {
    expect(limits(await running.sent("SELECT Id FROM Customer ORDER BY Created DESC LIMIT 20 OFFSET 100"))).toEqual([
      "100",
      "20",
    ]);
  });
});

describe("subscriptions", () => {
  const count = async (condition: string) => (await rowsOf(`SELECT Id FROM Subscription ${condition}`)).length;

  test.each([
    ["", "status=all"],
    ["WHERE Status = 'canceled'", "status=canceled"],
    ["WHERE Status <> 'active'", "status=all"],
    ["WHERE Status IS NOT NULL", "status=all"],
  ])("%s are listed with %s", async (condition, parameter) => {
    const sent = await running.sent(`SELECT Id FROM Subscription ${condition}`);
    const rows = parameter === "status=all" ? await count("") : await count(condition);
    expect(sent).toHaveLength(pages(rows));
    expect(sent[0]).toBe(`GET /v1/subscriptions ${parameter}&limit=100`);
  });

  test("of a price are filtered by it, though their rows hold no such field", async () => {
    const price = await textOf("SELECT Price FROM SubscriptionItem LIMIT 1");
    const sent = await running.sent("SELECT Id FROM Subscription WHERE Price = ?", [price]);
    expect(sent[0]).toBe(`GET /v1/subscriptions status=all&price=${price}&limit=100`);
    expect(await count(`WHERE Price = '${price}'`)).toBeGreaterThan(0);
  });
});

describe("objects by id", () => {
  test("that are deleted are no rows, at the cost of the one request", async () => {
    const { id } = await running.stripe.customers.create({ name: "Gone" });
    await running.stripe.customers.del(id);
    expect(await rowsOf(`SELECT Id FROM Customer WHERE Id = '${id}'`)).toEqual([]);
    expect(await running.sent(`SELECT * FROM Customer WHERE Id = '${id}'`)).toEqual([`GET /v1/customers/${id}`]);
  });

  test("are asked for once each, however often they are named", async () => {
    const id = await textOf("SELECT Id FROM Customer LIMIT 1");
    expect(await running.sent(`SELECT Id FROM Customer WHERE Id IN ('${id}', '${id}') OR Id = '${id}'`)).toEqual([
      `GET /v1/customers/${id}`,
    ]);
    expect(
      await running.sent(`SELECT a.Id FROM Customer a JOIN Customer b ON a.Id = b.Id WHERE a.Id = '${id}'`),
    ).toEqual([`GET /v1/customers/${id}`]);
  });
});

describe("of several ORs", () => {
  test("the one whose dearest branch is the cheaper is asked for, not the one with the cheapest branch", async () => {
    const charges = await rowsOf(
      "SELECT Id, Customer, PaymentIntent FROM Charge WHERE PaymentIntent IS NOT NULL LIMIT 1",
    );
    const { Id: id, Customer: customer, PaymentIntent: intent } = charges[0] ?? {};
    const always = "Created >= '2000-01-01'";
    const oneCheap = `(Id = '${id}' OR ${always})`;
    const noneDear = `((Customer = '${customer}' AND ${always}) OR (PaymentIntent = '${intent}' AND ${always}))`;
    for (const condition of [`${noneDear} AND ${oneCheap}`, `${oneCheap} AND ${noneDear}`]) {
      const sent = await running.sent(`SELECT Id FROM Charge WHERE ${condition}`);
      expect([...sent].sort()).toEqual([
        `GET /v1/charges created[gte]=946684800&customer=${customer}&limit=100`,
        `GET /v1/charges created[gte]=946684800&payment_intent=${intent}&limit=100`,
      ]);
    }
  });
});

describe("children of a parent", () => {
  test("are taken from the parent, and paged further from where it ends", async () => {
    const invoices = await rowsOf("SELECT * FROM Invoice");
    const long = invoices.filter((row) => (row["Lines"] as { has_more: boolean }).has_more);
    const sent = await running.sent("SELECT Id FROM InvoiceLineItem");
    const further = sent.filter((line) => line.includes("/lines"));
    expect(sent.length - further.length).toBe(pages(invoices.length));
    expect(further).toHaveLength(long.length);
    for (const row of long) {
      const { data } = row["Lines"] as { data: readonly { id: string }[] };
      expect(further).toContain(`GET /v1/invoices/${row["Id"]}/lines starting_after=${data.at(-1)?.id}&limit=100`);
    }
  });

  test("whose parents the statement reads itself cost no second reading of those", async () => {
    const alone = await running.sent("SELECT Id FROM InvoiceLineItem");
    const sent = await running.sent(
      "SELECT i.Id, count(*) FROM Invoice i LEFT JOIN InvoiceLineItem l ON l.Invoice = i.Id WHERE i.Total > 0 GROUP BY 1",
    );
    expect([...sent].sort()).toEqual([...alone].sort());
  });

  test("are read for the parents of a literal list alone", async () => {
    const [first, second] = (await rowsOf("SELECT Id FROM Invoice LIMIT 2")).map((row) => String(row["Id"]));
    expect(await running.sent(`SELECT Id FROM InvoiceLineItem WHERE Invoice IN ('${first}', '${second}')`)).toEqual([
      `GET /v1/invoices/${first}/lines limit=100`,
      `GET /v1/invoices/${second}/lines limit=100`,
    ]);
  });

  test("get their key from a join, in the direction that loses no row", async () => {
    const id = await textOf("SELECT Id FROM Invoice LIMIT 1");
    const inner = "SELECT l.Id FROM InvoiceLineItem l JOIN Invoice i ON l.Invoice = i.Id WHERE i.Id = ?";
    expect(await running.sent(inner, [id])).toEqual([`GET /v1/invoices/${id}`]);
    const kept = "SELECT l.Id, i.Id FROM InvoiceLineItem l LEFT JOIN Invoice i ON l.Invoice = i.Id AND i.Id = ?";
    const all = (await rowsOf("SELECT Id FROM InvoiceLineItem")).length;
    expect((await running.query(kept, [id])).rows).toHaveLength(all);
  });

  test("that only a parent's key leads to say what they cost", async () => {
    const { notices } = await running.query("SELECT Id FROM CustomerTaxId LIMIT 1");
    expect(notices).toEqual(["CustomerTaxId is read through every Customer; Customer = '…' in WHERE reads one"]);
  });
});

describe("a table that is mentioned twice", () => {
  test("is read once, by what both mentions need", async () => {
    const sent = await running.sent(
      "SELECT (SELECT count(*) FROM Invoice WHERE Status = 'open') AS open, (SELECT count(*) FROM Invoice WHERE Status = 'draft') AS draft",
    );
    expect(new Set(sent).size).toBe(sent.length);
  });
});

describe("nothing is asked for", () => {
  test.each([
    "SELECT Id FROM Customer WHERE Id IN (NULL)",
    "SELECT Id FROM Customer WHERE Created BETWEEN '2026-02-01' AND '2026-01-01'",
    "SELECT Id FROM Charge WHERE Created >= '2026-01-01' AND Created < '2026-01-01'",
    "SELECT Id FROM Customer WHERE Email = 'a@example.com' AND Email = 'b@example.com'",
    "SELECT * FROM Customer WHERE 1 = 0",
    "SELECT * FROM Customer WHERE 'a' = 'b' OR NULL = 1",
    "SELECT 1 AS one",
    "SELECT * FROM sys_tables LIMIT 1",
    "SHOW TABLES",
    "DESCRIBE Customer",
    "EXPLAIN SELECT * FROM Customer",
    "EXPLAIN DELETE FROM Customer WHERE Id = 'cus_1'",
    "EXPLAIN EXEC CancelQuote QuoteId = 'qt_1'",
  ])("by %s", async (sql) => {
    expect(await running.sent(sql)).toEqual([]);
  });
});
