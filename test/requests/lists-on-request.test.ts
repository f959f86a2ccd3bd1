import { beforeAll, describe, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 60 });

const pathsOf = (sent: readonly string[]): readonly string[] => sent.map((line) => line.split(" ")[1] ?? "");

describe("children that their parents hold once they are asked to", () => {
  test.each([
    ["of all parents", "SELECT count(*) AS n FROM CheckoutSessionLineItem"],
    [
      "of parents that a join reads",
      "SELECT k.Id, l.AmountTotal FROM CheckoutSession k JOIN CheckoutSessionLineItem l ON l.CheckoutSession = k.Id ORDER BY k.Id, l.Id",
    ],
    [
      "of parents that a subquery chooses",
      "SELECT Id FROM CheckoutSessionLineItem WHERE CheckoutSession IN (SELECT Id FROM CheckoutSession WHERE Status = 'complete') ORDER BY 1",
    ],
  ])("come along with them: %s", async (_, sql) => {
    const sent = await running.sent(sql);
    expect(new Set(pathsOf(sent))).toEqual(new Set(["/v1/checkout/sessions"]));
    for (const line of sent) expect(line).toContain("expand[0]=data.line_items");
    const plain = await running.open({ pushdown: false, withoutRules: ["keys", "expansion", "growth"] });
    expect((await plain.query(sql)).rows).toEqual((await running.query(sql)).rows);
  });

  test("come along with the newest of them alone", async () => {
    const sql =
      "SELECT k.Id, l.Id AS l FROM CheckoutSession k JOIN CheckoutSessionLineItem l ON l.CheckoutSession = k.Id ORDER BY k.Created DESC LIMIT 5";
    expect(pathsOf(await running.sent(sql))).toEqual(["/v1/checkout/sessions"]);
  });

  test("are asked for one by one where nothing may be expanded", async () => {
    const plain = await running.open({ withoutRules: ["expansion"], testClocks: false });
    const { requests } = await plain.query("SELECT count(*) FROM QuoteLineItem");
    const quotes = Number((await running.query("SELECT count(*) AS n FROM Quote")).rows[0]?.["n"]);
    expect(requests).toBe(quotes + Math.max(1, Math.ceil(quotes / 100)));
  });

  test("bring what they hold themselves, but nothing that is too deep to be asked for", async () => {
    const sql =
      "SELECT l.Id, p.Name FROM CheckoutSessionLineItem l JOIN Price r ON r.Id = l._json->'price'->>'id' JOIN Product p ON p.Id = r.Product";
    const plain = await running.open({ pushdown: false, withoutRules: ["keys", "expansion", "growth"] });
    expect((await running.query(sql)).rows.length).toBe((await plain.query(sql)).rows.length);
  });
});

describe("a list that its object holds but the first of", () => {
  let session: string;
  beforeAll(async () => {
    const price = (await running.stripe.prices.list({ limit: 1, active: true, type: "one_time" })).data[0]?.id ?? "";
    const created = await running.stripe.checkout.sessions.create({
      mode: "payment",
      success_url: "https://example.com/done",
      line_items: Array.from({ length: 14 }, (_, index) => ({ price, quantity: index + 1 })),
    });
    session = created.id;
    running.sandbox.requests.clear();
  });

  test("is read on", async () => {
    const sql = `SELECT count(DISTINCT l.Id) AS n FROM CheckoutSession k JOIN CheckoutSessionLineItem l ON l.CheckoutSession = k.Id WHERE k.Id = '${session}'`;
    const sent = await running.sent(sql);
    expect(pathsOf(sent)).toEqual([`/v1/checkout/sessions/${session}`, `/v1/checkout/sessions/${session}/line_items`]);
    expect(sent[1]).toContain("starting_after=");
    expect((await running.query(sql)).rows).toEqual([{ n: 14 }]);
  });
});

describe("what the objects held once is remembered where they are read without", () => {
  test("so that EXPLAIN tells what it takes", async () => {
    await running.query("SELECT count(*) FROM CheckoutSessionLineItem");
    await running.query("SELECT count(*) FROM CheckoutSession");
    const sql =
      "SELECT l.Id FROM CheckoutSession k JOIN CheckoutSessionLineItem l ON l.CheckoutSession = k.Id WHERE k.Status = 'complete'";
    const { rows } = await running.query(`EXPLAIN (FORMAT JSON) ${sql}`);
    const plan = Object.values(rows[0] ?? {})[0];
    expect(plan).toMatchObject({ requestsBasis: "estimated", requests: (await running.query(sql)).requests });
  });
});
