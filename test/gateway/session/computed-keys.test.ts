import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway({}, { customers: 60 });

const email = "email = 'customer5@example.com'";
const keyed = /^GET \/v1\/charges (customer=cus_\w+&|created\[gte\]=\d+&)limit=100$/;

/** Of the charges. */
async function sentFor(sql: string, values?: unknown[]): Promise<readonly string[]> {
  return (await gateway.sent(sql, values)).filter((line) => line.startsWith("GET /v1/charges"));
}

async function counted(sql: string): Promise<number> {
  return (await gateway.query(`SELECT count(*)::int AS n FROM charges ch WHERE ${sql}`)).rows[0]?.n;
}

describe("what a subquery gives that no one column holds", () => {
  it.each([
    ["customer IN", `(SELECT id FROM customers WHERE ${email} UNION SELECT 'cus_none')`],
    ["customer = ANY", `(SELECT substr(id, 1, 18)::char(20) FROM customers WHERE ${email})`],
    ["created >", "(SELECT max(created) FROM payouts)"],
    ["created >=", "((SELECT max(created) FROM payouts))"],
  ])("is asked of PostgreSQL, and bounds what is read: the table was read whole for %s %s", async (is, subquery) => {
    const sent = await sentFor(`/* ü ( */ SELECT 1; SELECT id FROM charges WHERE ${is} ${subquery}`);
    // Its first page may be looked at meanwhile, as a table of one page takes no keys.
    expect(sent.filter((line) => line !== "GET /v1/charges limit=100").every((line) => keyed.test(line))).toBe(true);
    expect(sent.some((line) => keyed.test(line))).toBe(true);
    // The same condition, which nothing is found out of.
    expect(await counted(`${is} ${subquery}`)).toBe(await counted(`(${is} ${subquery}) IS TRUE`));
  });

  it("is left to the statement where it takes something of the queries around it, or of parameters", async () => {
    const outer = "SELECT i.customer FROM invoices i WHERE i.customer = ch.customer UNION SELECT 'cus_none'";
    for (const [sql, values] of [
      [`SELECT id FROM charges ch WHERE customer IN (${outer})`, []],
      ["SELECT id FROM charges WHERE created > (SELECT max(created) FROM payouts WHERE amount > $1)", [0]],
      ["SELECT id FROM charges WHERE created > (SELECT max(created) FROM payouts WHERE random() < 2)", []],
      [
        `WITH c AS (SELECT id FROM customers WHERE ${email}) SELECT id FROM charges WHERE customer IN (SELECT id FROM c UNION SELECT 'x')`,
        [],
      ],
    ] as const)
      expect((await sentFor(sql, [...values]))[0]).toBe("GET /v1/charges limit=100");
  });
});
