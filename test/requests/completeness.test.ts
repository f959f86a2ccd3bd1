import { afterEach, describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

let elapsed = 0;
const running = connectSandbox({ customers: 30, nowSeconds: () => Date.UTC(2026, 10, 1) / 1000 + elapsed });

const noticesOf = async (sql: string) => (await running.query(sql)).notices;
const explained = async (sql: string) =>
  (await running.query(`EXPLAIN ${sql}`)).rows.map((row) => String(row["QUERY PLAN"]));

const closedReviews = "Stripe's list of Review has no rows whose Open is false; Id = '…' in WHERE reads one";
const inlinePrices =
  "Stripe's list of Price has no prices that were made inline (price_data); Id = '…' in WHERE reads one";
const oldEvents = "Stripe lists Event of the last 30 days only";
const recentAccounts =
  "rows of v2.Account that were written moments ago may be missing, as Stripe lists them late; Id = '…' in WHERE reads one";

describe("closed reviews", () => {
  test.each([
    "SELECT Id FROM Review",
    "SELECT count(*) FROM Review WHERE Open = false",
    "SELECT Id FROM Review WHERE NOT Open",
    "SELECT Id FROM Review WHERE Reason = 'rule'",
    "SELECT Id FROM Review ORDER BY Created DESC LIMIT 1",
    "SELECT a.Id FROM Review a, Review b WHERE a.Open = true AND b.Open = false",
    "SELECT Id FROM Review WHERE Open = true UNION ALL SELECT Id FROM Review WHERE Open = false",
  ])("are told of: %s", async (sql) => {
    expect(await noticesOf(sql)).toEqual([closedReviews]);
    expect(await explained(sql)).toContain(`Notice: ${closedReviews}`);
  });

  test.each([
    "SELECT Id FROM Review WHERE Open = true",
    "SELECT Id FROM Review WHERE Open",
    "SELECT Id FROM Review WHERE Id = 'prv_1'",
    "SELECT Id FROM Review LIMIT 1",
  ])("are not where none could be meant: %s", async (sql) => {
    expect(await noticesOf(sql)).toEqual([]);
  });

  test("are found by their id", async () => {
    const [review] = (await running.stripe.reviews.list({ limit: 1 })).data;
    await running.stripe.reviews.approve(review?.id ?? "");
    const { rows, notices } = await running.query("SELECT Open FROM Review WHERE Id = ?", [review?.id ?? ""]);
    expect({ rows, notices }).toEqual({ rows: [{ Open: false }], notices: [] });
  });
});

describe("inline prices", () => {
  test.each([
    "SELECT Id FROM Price",
    "SELECT Id FROM Price WHERE Active = false",
    "SELECT count(*) FROM Price WHERE Currency = 'usd'",
    "SELECT si.Id, p.Nickname FROM SubscriptionItem si FULL JOIN Price p ON p.Id = si.Price",
  ])("are told of: %s", async (sql) => {
    expect(await noticesOf(sql)).toContain(inlinePrices);
    expect(await explained(sql)).toContain(`Notice: ${inlinePrices}`);
  });

  test.each([
    "SELECT Id FROM Price WHERE Active = true",
    "SELECT Id FROM Price WHERE Id = 'price_1'",
    "SELECT Id FROM Price LIMIT 2",
  ])("are not where none could be meant, as they are inactive: %s", async (sql) => {
    expect(await noticesOf(sql)).toEqual([]);
  });
});

describe("events of more than thirty days ago", () => {
  test.each([
    "SELECT Id FROM Event WHERE Type = 'charge.succeeded'",
    "SELECT count(*) FROM Event WHERE Created < now()",
    "SELECT Id FROM Event WHERE Created >= now() - INTERVAL 31 DAY",
    "SELECT Id FROM Event WHERE Created = '2020-01-01'",
    "SELECT Id FROM Event ORDER BY Created DESC LIMIT 100000",
    "UPDATE Customer SET Phone = '1' WHERE Id IN (SELECT Account FROM Event)",
  ])("are told of: %s", async (sql) => {
    expect(await noticesOf(sql)).toContain(oldEvents);
    expect(await explained(sql)).toContain(`Notice: ${oldEvents}`);
  });

  test.each([
    "SELECT Id FROM Event WHERE Created >= now() - INTERVAL 7 DAY",
    "SELECT Id FROM Event ORDER BY Created DESC LIMIT 5",
    "SELECT Id FROM Event WHERE Type = 'charge.succeeded' LIMIT 1",
    "SELECT Id FROM Event WHERE Id = 'evt_1'",
  ])("are not where none could be meant: %s", async (sql) => {
    expect(await noticesOf(sql)).toEqual([]);
  });

  test("of API v2 too", async () => {
    expect(await noticesOf("SELECT Id FROM v2.Event")).toContain("Stripe lists v2.Event of the last 30 days only");
  });
});

describe("what was written moments ago", () => {
  test.each(["SELECT Id FROM v2.Account", "SELECT count(*) FROM v2.Account WHERE Closed = false"])(
    "is told of in lists of API v2: %s",
    async (sql) => {
      expect(await noticesOf(sql)).toEqual([recentAccounts]);
      expect(await explained(sql)).toContain(`Notice: ${recentAccounts}`);
    },
  );

  test("is told of in Search", async () => {
    const sql = "SELECT Id FROM Customer WHERE SearchQuery = 'email:\"customer7@example.com\"'";
    const notice =
      "rows of Customer that were written moments ago may be missing, as Stripe lists them late; Id = '…' in WHERE reads one";
    expect(await noticesOf(sql)).toEqual([notice]);
    expect(await explained(sql)).toContain(`Notice: ${notice}`);
  });

  test.each([
    "SELECT Id FROM v2.Account WHERE Id = 'acct_1'",
    "SELECT Id FROM v2.Account LIMIT 1",
    "SELECT Id FROM Customer WHERE Email = 'customer7@example.com'",
  ])("is not where an answer is up to date, or enough: %s", async (sql) => {
    expect(await noticesOf(sql)).toEqual([]);
  });
});

describe("a list within an object", () => {
  test("that is cut is told of where it comes along with *", async () => {
    const customer = await running.stripe.customers.create({});
    const invoice = await running.stripe.invoices.create({ customer: customer.id });
    for (let index = 0; index < 12; index++)
      await running.stripe.invoiceItems.create({
        customer: customer.id,
        invoice: invoice.id,
        amount: 100,
        currency: "usd",
      });
    const notice =
      "Invoice.Lines holds only the first rows of some objects' lists; a statement that names the column has them all";
    expect((await running.query("SELECT * FROM Invoice WHERE Id = ?", [invoice.id])).notices).toEqual([notice]);
    expect((await running.query("SELECT Lines FROM Invoice WHERE Id = ?", [invoice.id])).notices).toEqual([]);
  });
});

const clocksRequest = "GET /v1/test_helpers/test_clocks limit=100";

describe("rows on test clocks", () => {
  const clocks: string[] = [];

  afterEach(async () => {
    for (const clock of clocks.splice(0)) await running.stripe.testHelpers.testClocks.del(clock);
  });

  async function clock(): Promise<string> {
    const { id } = await running.stripe.testHelpers.testClocks.create({ frozen_time: 1_790_000_000 });
    clocks.push(id);
    return id;
  }

  const customerOn = async (test_clock: string, email: string) =>
    (await running.stripe.customers.create({ email, test_clock })).id;

  /** A connection that has asked for nothing yet, and what its statements send. */
  async function fresh(properties = {}) {
    const connection = await running.open(properties);
    return {
      sent: async (sql: string) => {
        running.sandbox.requests.clear();
        const { rows, notices } = await connection.query(sql);
        return { ids: rows.map((row) => row["Id"]), notices, requests: requestLines(running.sandbox) };
      },
      connection,
    };
  }

  test("are found by listing each clock too, and which there are is asked once", async () => {
    const [first, second] = [await clock(), await clock()];
    const id = await customerOn(first, "clocked@example.com");
    const { sent } = await fresh();
    const lists = [
      "GET /v1/customers email=clocked%40example.com&limit=100",
      `GET /v1/customers email=clocked%40example.com&test_clock=${second}&limit=100`,
      `GET /v1/customers email=clocked%40example.com&test_clock=${first}&limit=100`,
    ].map(decodeURIComponent);
    const [main = "", ...others] = lists;
    expect(await sent("SELECT Id FROM Customer WHERE Email = 'clocked@example.com'")).toEqual({
      ids: [id],
      notices: [],
      requests: [main, clocksRequest, ...others],
    });
    expect((await sent("SELECT Id FROM Customer WHERE Email = 'clocked@example.com'")).requests).toEqual(lists);
  });

  test("are counted, grouped and joined, each once", async () => {
    const one = await clock();
    const id = await customerOn(one, "clocked@example.com");
    const { connection } = await fresh();
    const { data } = await running.stripe.customers.list({ limit: 100 });
    expect((await connection.query("SELECT count(*) AS n FROM Customer")).rows).toEqual([{ n: data.length + 1 }]);
    const [price] = (await running.stripe.prices.list({ type: "recurring", currency: "usd", limit: 1 })).data;
    const { id: subscription } = await running.stripe.subscriptions.create({
      customer: id,
      items: [{ price: price?.id ?? "" }],
      payment_behavior: "default_incomplete",
    });
    const { rows } = await connection.query(
      "SELECT s.Id FROM Subscription s JOIN Customer c ON c.Id = s.Customer WHERE c.Email = 'clocked@example.com'",
    );
    expect(rows).toEqual([{ Id: subscription }]);
    const items = "SELECT i.Subscription FROM SubscriptionItem i WHERE i.Subscription = ?";
    expect((await connection.query(items, [subscription])).rows).toEqual([{ Subscription: subscription }]);
  });

  test("stand among the newest", async () => {
    const one = await clock();
    const created: string[] = [];
    for (const test_clock of [undefined, one, undefined]) {
      elapsed++;
      created.unshift((await running.stripe.customers.create(test_clock === undefined ? {} : { test_clock })).id);
    }
    const { sent } = await fresh();
    const sql = "SELECT Id FROM Customer ORDER BY Created DESC LIMIT 3";
    const { ids, requests } = await sent(sql);
    expect(requests).toEqual([
      "GET /v1/customers limit=10",
      clocksRequest,
      `GET /v1/customers test_clock=${one}&limit=10`,
    ]);
    expect(ids).toEqual(created);
    expect((await sent(`${sql} OFFSET 1`)).ids).toEqual([...created.slice(1), expect.any(String)]);
    expect((await sent("SELECT upper(Id) AS Id FROM Customer ORDER BY Created DESC LIMIT 3")).ids).toEqual(
      created.map((id) => id.toUpperCase()),
    );
  });

  test("are written to", async () => {
    const id = await customerOn(await clock(), "clocked@example.com");
    const { connection } = await fresh();
    const { outcomes } = await connection.query("UPDATE Customer SET Phone = '1' WHERE Email = 'clocked@example.com'");
    expect(outcomes).toEqual([expect.objectContaining({ state: "written", id })]);
  });

  test.each([
    ["SELECT Id FROM Customer LIMIT 3", "rows enough"],
    ["SELECT Id FROM Customer WHERE Id = 'cus_1'", "an id"],
    ["SELECT Id FROM Customer WHERE TestClock = 'clock_1'", "a clock"],
    ["SELECT Id FROM Subscription WHERE Customer = 'cus_1'", "a customer"],
    ["SELECT Id FROM Invoice", "a list that has them"],
  ])("take no more requests where they are not missing: %s has %s", async (sql) => {
    await clock();
    const { requests } = await (await fresh()).sent(sql);
    expect(requests.filter((line) => line.includes("clock") && !line.includes("test_clock=clock_1"))).toEqual([]);
  });

  test("that this connection makes are known at once, and EXPLAIN counts their lists", async () => {
    const { connection, sent } = await fresh();
    const sql = "SELECT Id FROM Customer WHERE Email = 'clocked@example.com'";
    const plan = async () => (await connection.query(`EXPLAIN ${sql}`)).rows.map((row) => String(row["QUERY PLAN"]));
    expect(await plan()).toContain(
      "    Test clocks: asked for by GET /v1/test_helpers/test_clocks, then one more list for each of them, by test_clock",
    );
    expect((await sent(sql)).requests).toHaveLength(2);
    expect((await plan()).filter((line) => line.includes("Test clocks"))).toEqual([]);
    await connection.query("INSERT INTO TestHelpersTestClock (FrozenTime) VALUES ('2026-10-01')");
    const [made] = (await connection.query("SELECT Id FROM TestHelpersTestClock")).rows;
    clocks.push(String(made?.["Id"]));
    const id = await customerOn(String(made?.["Id"]), "clocked@example.com");
    expect((await sent(sql)).ids).toEqual([id]);
    expect(await plan()).toEqual(
      expect.arrayContaining(["    Test clocks: one more list for each of 1, by test_clock", "    Requests: about 2"]),
    );
  });

  test("are told of where no parameter gives them", async () => {
    const { sent } = await fresh();
    expect((await sent("SELECT Id FROM SubscriptionSchedule")).notices).toEqual([]);
    await clock();
    const { notices } = await (await fresh()).sent("SELECT Id FROM SubscriptionSchedule");
    expect(notices).toEqual([
      "Stripe leaves SubscriptionSchedule rows on test clocks out of its list; Customer = '…' in WHERE reads them",
    ]);
  });

  test.each([403, 404])("are told of where the clocks cannot be asked for: %d", async (status) => {
    const id = await customerOn(await clock(), "clocked@example.com");
    running.sandbox.faults.add({
      method: "GET",
      path: "/v1/test_helpers/test_clocks",
      effect: { kind: "status", status, body: { error: { type: "invalid_request_error", message: "No." } } },
    });
    const { sent } = await fresh();
    const { ids, notices } = await sent("SELECT Id FROM Customer WHERE Email = 'clocked@example.com'");
    expect({ ids, notices }).toEqual({
      ids: [],
      notices: ["Stripe leaves Customer rows on test clocks out of its list; TestClock = '…' in WHERE reads them"],
    });
    expect((await sent(`SELECT Id FROM Customer WHERE TestClock = '${clocks.at(-1)}'`)).ids).toEqual([id]);
  });

  test("are not read beyond MaxRequests", async () => {
    await customerOn(await clock(), "clocked@example.com");
    const sql = "SELECT Id FROM Customer WHERE Email = 'clocked@example.com'";
    const one = await (await fresh({ maxRequests: 1 })).sent(sql);
    expect(one.notices).toHaveLength(1);
    const two = await fresh({ maxRequests: 2 });
    await expect(two.sent(sql)).rejects.toMatchObject({ sqlState: "53400" });
  });

  test("are left out where the connection says so", async () => {
    await customerOn(await clock(), "clocked@example.com");
    const sql = "SELECT Id FROM Customer WHERE Email = 'clocked@example.com'";
    expect((await (await fresh({ testClocks: false })).sent(sql)).requests).toHaveLength(1);
  });
});
