import { describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 230 });

const textOf = async (sql: string): Promise<string> =>
  String(Object.values((await running.query(sql)).rows[0] ?? {})[0]);
const pathsOf = (sent: readonly string[]): readonly string[] => sent.map((line) => line.split(" ")[1] ?? "");
const countOf = async (table: string, where = ""): Promise<number> =>
  Number(await textOf(`SELECT count(*) FROM ${table} ${where}`));
const pages = (rows: number): number => Math.max(1, Math.ceil(rows / 100));

describe("a table that a reference of another's rows leads to", () => {
  test.each([
    ["JOIN", "SELECT d.Id, h.Amount FROM Dispute d JOIN Charge h ON h.Id = d.Charge"],
    ["LEFT JOIN", "SELECT d.Id, h.Amount FROM Dispute d LEFT JOIN Charge h ON h.Id = d.Charge"],
    ["SEMI JOIN", "SELECT d.Id FROM Dispute d SEMI JOIN Charge h ON h.Id = d.Charge"],
    ["a subquery for each row", "SELECT d.Id, (SELECT h.Amount FROM Charge h WHERE h.Id = d.Charge) FROM Dispute d"],
    ["EXISTS", "SELECT d.Id FROM Dispute d WHERE EXISTS (SELECT 1 FROM Charge h WHERE h.Id = d.Charge)"],
    [
      "a common table",
      "WITH q AS (SELECT Charge AS k FROM Dispute) SELECT h.Amount FROM q JOIN Charge h ON h.Id = q.k",
    ],
  ])("comes along with them, by %s", async (_, sql) => {
    const sent = await running.sent(sql);
    expect(new Set(pathsOf(sent))).toEqual(new Set(["/v1/disputes"]));
    expect(sent[0]).toContain("expand[0]=data.charge");
  });

  test("comes along through several tables", async () => {
    const sent = await running.sent(
      "SELECT c.Email, h.Amount FROM Dispute d JOIN Charge h ON h.Id = d.Charge JOIN Customer c ON c.Id = h.Customer",
    );
    expect(new Set(pathsOf(sent))).toEqual(new Set(["/v1/disputes"]));
    expect(sent[0]).toContain("data.charge.customer");
  });

  // Once the object stood there instead of its id.
  test.each([
    ["of all of it", "SELECT d._json->>'charge' AS r, h.Amount FROM Dispute d JOIN Charge h ON h.Id = d.Charge"],
    [
      "of what holds it",
      "SELECT i.Lines->'data'->0->>'subscription' AS r, s.Status FROM Invoice i JOIN InvoiceLineItem l ON l.Invoice = i.Id JOIN Subscription s ON s.Id = l.Subscription",
    ],
  ])("leaves a reference in JSON an id: %s", async (_, sql) => {
    const { rows } = await running.query(sql);
    expect(rows.length).toBeGreaterThan(0);
    for (const { r } of rows) expect(r).toMatch(/^(ch|sub)_\w+$/);
  });

  test("is there already where Stripe sends the object at all times", async () => {
    const sent = await running.sent("SELECT r.Currency FROM SubscriptionItem i JOIN Price r ON r.Id = i.Price");
    expect(new Set(pathsOf(sent))).toEqual(new Set(["/v1/subscriptions"]));
    expect(sent.join()).not.toContain("expand");
  });

  test.each(["RIGHT JOIN", "FULL JOIN"])("is read whole where its other rows count: %s", async (join) => {
    const sent = await running.sent(`SELECT d.Id, h.Id FROM Dispute d ${join} Charge h ON h.Id = d.Charge`);
    expect(pathsOf(sent).filter((path) => path === "/v1/charges")).toHaveLength(pages(await countOf("Charge")));
  });

  test("is read by its ids where it is read for what only a request of its own gives", async () => {
    const dispute = await textOf("SELECT Id FROM Dispute");
    const sent = await running.sent(
      `SELECT b.Net FROM Dispute d JOIN Charge h ON h.Id = d.Charge JOIN BalanceTransaction b ON b.Id = h.BalanceTransaction WHERE d.Id = '${dispute}'`,
    );
    expect(pathsOf(sent)).toEqual([`/v1/disputes/${dispute}`]);
  });

  test("gives no row for an object that was deleted since", async () => {
    const customer = await running.stripe.customers.create({ email: "gone@example.com" });
    await running.stripe.paymentIntents.create({ amount: 500, currency: "usd", customer: customer.id });
    await running.stripe.customers.del(customer.id);
    const sql = `SELECT p.Id, c.Id AS who FROM PaymentIntent p LEFT JOIN Customer c ON c.Id = p.Customer WHERE p.Customer = '${customer.id}'`;
    const { rows } = await running.query(sql);
    expect(rows.map(({ who }) => who)).toEqual(rows.map(() => null));
  });
});

describe("a table that is read by the keys of another", () => {
  test("is asked for once for each key", async () => {
    const email = await textOf("SELECT c.Email FROM Customer c JOIN PaymentIntent p ON p.Customer = c.Id LIMIT 1");
    const sent = await running.sent(
      "SELECT p.Id FROM Customer c LEFT JOIN PaymentIntent p ON p.Customer = c.Id WHERE c.Email = ?",
      [email],
    );
    expect(pathsOf(sent)).toEqual(["/v1/customers", "/v1/payment_intents"]);
    expect(sent[1]).toContain("customer=");
  });

  test("is asked for so in a join that both sides must match, whatever is known of the tables", async () => {
    const connection = await running.open();
    const sql = "SELECT i.Id FROM Customer c JOIN Invoice i ON i.Customer = c.Id WHERE c.Email = 'nobody@example.com'";
    for (const known of ["SELECT 1", "SELECT count(*) FROM Customer", "SELECT count(*) FROM Invoice"]) {
      await connection.query(known);
      running.sandbox.requests.clear();
      await connection.query(sql);
      const paths = running.sandbox.requests.entries.map(({ path }) => path);
      expect(paths, known).not.toContain("/v1/invoices");
    }
  });

  test.each([
    "SELECT Id FROM Invoice WHERE Customer IN (SELECT Id FROM Customer WHERE Email = ?)",
    "SELECT Id FROM Invoice WHERE Customer = (SELECT Id FROM Customer WHERE Email = ?)",
    "WITH c AS (SELECT Id AS k FROM Customer WHERE Email = ?) SELECT Id FROM Invoice JOIN c ON Invoice.Customer = c.k",
    "SELECT i.Id FROM (SELECT * FROM Invoice) i, (SELECT * FROM Customer) c WHERE i.Customer = c.Id AND c.Email = ?",
  ])("from a subquery or a common table too: %s", async (sql) => {
    const email = await textOf("SELECT Email FROM Customer OFFSET 20");
    const sent = await running.sent(sql, [email]);
    expect(pathsOf(sent)).toEqual(["/v1/customers", "/v1/invoices"]);
    expect(sent[1]).toContain("customer=");
  });

  test("is asked for by own rows of VALUES", async () => {
    const ids = (await running.query("SELECT Id FROM BalanceTransaction LIMIT 3")).rows.map(({ Id }) => String(Id));
    const values = ids.map((id) => `('${id}')`).join(", ");
    const sent = await running.sent(
      `SELECT b.Net FROM (VALUES ${values}) v(id) JOIN BalanceTransaction b ON b.Id = v.id`,
    );
    expect([...pathsOf(sent)].sort()).toEqual(ids.map((id) => `/v1/balance_transactions/${id}`).sort());
  });

  test("is read whole instead where that takes fewer requests than its keys", async () => {
    const connection = await running.open({ withoutRules: ["expansion"] });
    await connection.query("SELECT count(*) FROM Customer");
    running.sandbox.requests.clear();
    await connection.query("SELECT count(*) FROM Charge h JOIN Customer c ON c.Id = h.Customer");
    const asked = running.sandbox.requests.entries.map(({ path }) => path);
    expect(asked.filter((path) => path.startsWith("/v1/customers"))).toHaveLength(pages(230));
  });

  test("is not asked for at all where no key has come", async () => {
    const sent = await running.sent(
      "SELECT p.Id FROM Customer c JOIN PaymentIntent p ON p.Customer = c.Id WHERE c.Email = 'nobody@example.com'",
    );
    expect(pathsOf(sent)).toEqual(["/v1/customers"]);
  });
});

describe("the keys of rows", () => {
  test("that fail their own conditions lead to nothing, whether Stripe filters by those or not", async () => {
    const name = await textOf("SELECT Name FROM Customer OFFSET 120");
    const named = (await running.query("SELECT Id FROM Customer WHERE Name = ?", [name])).rows.length;
    const sent = await running.sent(
      "SELECT c.Id, t.Amount FROM Customer c LEFT JOIN CustomerBalanceTransaction t ON t.Customer = c.Id WHERE c.Name = ?",
      [name],
    );
    expect(sent).toHaveLength(pages(230) + named);
  });

  test("lead on where the statement reads them in another place without those conditions", async () => {
    const sql =
      "SELECT count(*) FROM CustomerTaxId t JOIN Customer c ON c.Id = t.Customer WHERE EXISTS (SELECT 1 FROM Customer o WHERE o.Name = c.Name AND o.Balance <= 0)";
    const without = await running.open({ withoutRules: ["keys"], pushdown: false });
    expect((await running.query(sql)).rows).toEqual((await without.query(sql)).rows);
  });
});

describe("children of the parents that a statement reads", () => {
  test("are those of the conditions on the parents", async () => {
    const customer = await textOf("SELECT Customer FROM Invoice");
    const sql = "SELECT l.Id FROM Invoice i JOIN InvoiceLineItem l ON l.Invoice = i.Id WHERE i.Customer = ?";
    expect(pathsOf(await running.sent(sql, [customer]))).toEqual(["/v1/invoices"]);
    const derived = "SELECT l.Id FROM InvoiceLineItem l WHERE l.Invoice IN (SELECT Id FROM Invoice WHERE Customer = ?)";
    expect(pathsOf(await running.sent(derived, [customer]))).toEqual(["/v1/invoices"]);
  });
});

describe("a LIMIT", () => {
  test.each([
    ["of a derived table", "SELECT * FROM (SELECT * FROM Charge) q LIMIT 5"],
    ["of a common table", "WITH q AS (SELECT * FROM Charge) SELECT Id FROM q LIMIT 5"],
    ["over further keys of the order", "SELECT Id FROM Charge ORDER BY Created DESC, Id LIMIT 10"],
    ["over OFFSET", "SELECT upper(Id) FROM Charge ORDER BY Created DESC LIMIT 5 OFFSET 20"],
    ["over an alias", "SELECT Created AS made, upper(Id) FROM Charge ORDER BY made DESC LIMIT 5"],
    [
      "over the kept side of a join",
      "SELECT h.Id, c.Email FROM Charge h LEFT JOIN Customer c ON c.Id = h.Customer ORDER BY h.Created DESC LIMIT 5",
    ],
    ["over a join", "SELECT h.Id, c.Email FROM Charge h JOIN Customer c ON c.Id = h.Customer LIMIT 5"],
    ["within a statement", "SELECT sum(Amount) FROM (SELECT Amount FROM Charge ORDER BY Created DESC LIMIT 50) q"],
  ])("%s is one page", async (_, sql) => {
    expect(pathsOf(await running.sent(sql))).toEqual(["/v1/charges"]);
  });

  test("ends once enough rows have come, whatever they are chosen by", async () => {
    const all = pages(await countOf("Charge"));
    const sql =
      "SELECT h.Id, c.Email FROM Charge h LEFT JOIN Customer c ON c.Id = h.Customer WHERE h.Amount % 7 = 1 ORDER BY h.Created DESC, h.Id LIMIT 5";
    const sent = await running.sent(sql);
    expect(sent.length).toBeLessThan(all);
    const without = await running.open({ withoutRules: ["growth"] });
    expect((await running.query(sql)).rows).toEqual((await without.query(sql)).rows);
  });
});

describe("the oldest rows", () => {
  test.each([
    "SELECT Id FROM Charge ORDER BY Created LIMIT 5",
    "SELECT min(Created) FROM Charge",
    "SELECT min(Created), max(Created) FROM Charge",
    "SELECT Id FROM Charge WHERE Created >= '2026-01-01' ORDER BY Created LIMIT 3 OFFSET 2",
  ])("are found without all the others: %s", async (sql) => {
    const sent = await running.sent(sql);
    expect(sent.length).toBeLessThan(pages(await countOf("Charge")));
    const without = await running.open({ withoutRules: ["ends"] });
    expect((await running.query(sql)).rows).toEqual((await without.query(sql)).rows);
  });

  test("are the newest where there is but a page", async () => {
    expect(await running.sent("SELECT Id FROM Product ORDER BY Created LIMIT 2")).toHaveLength(1);
  });

  test("come with the newest where there is but a page", async () => {
    await running.query("SELECT count(*) FROM Product");
    expect(await running.sent("SELECT min(Created), max(Created) FROM Product")).toHaveLength(1);
  });

  test("are all of a second's where that is more than a page", async () => {
    const sql = "SELECT count(*) FROM (SELECT Id FROM BalanceTransaction ORDER BY Created LIMIT 5)";
    expect(await textOf(sql)).toBe("5");
  });
});

describe("conditions that a function of Created stands in", () => {
  test.each([
    ["Created::DATE = '2026-10-20'", "created[gte]=1792454400&created[lte]=1792540799"],
    ["date_trunc('month', Created) = '2026-10-01'", "created[gte]=1790812800&created[lte]=1793491199"],
    ["year(Created) = 2026", "created[gte]=1767225600&created[lte]=1798761599"],
    ["extract(year FROM Created) >= 2026", "created[gte]=1767225600"],
    ["strftime(Created, '%Y-%m') = '2026-10'", "created[gte]=1790812800&created[lte]=1793491199"],
    ["epoch(Created) < 1790812800", "created[lte]=1790812800"],
    ["Created + INTERVAL 1 HOUR < '2026-10-01'", "created[lte]=1790809200"],
    ["Created >= DATE '2026-10-31' - 30", "created[gte]=1790812800"],
    ["Created::DATE IN ('2026-10-01', '2026-10-03')", "created[gte]=1790812800&created[lte]=1791071999"],
  ])("%s", async (where, range) => {
    const sent = await running.sent(`SELECT Id FROM Charge WHERE ${where}`);
    expect(sent[0]).toContain(range);
  });
});

describe("what is not one value", () => {
  test.each([
    ["Active <> false", ["GET /v1/prices active=true&limit=100"]],
    ["NOT (Active = false)", ["GET /v1/prices active=true&limit=100"]],
    ["Active = 1", ["GET /v1/prices active=true&limit=100"]],
  ])("is the other: %s", async (where, requests) => {
    expect(await running.sent(`SELECT Id FROM Price WHERE ${where}`)).toEqual(requests);
  });
});
