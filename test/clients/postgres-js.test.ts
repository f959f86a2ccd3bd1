import postgres from "postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();

function connect(options: postgres.Options<Record<string, postgres.PostgresType>> = {}): postgres.Sql {
  const sql = postgres(shop.url(), { max: 4, ...options });
  onTestFinished(() => sql.end({ timeout: 5 }));
  return sql;
}

describe("postgres.js", () => {
  it("gets the rows that the driver gives, as values of JavaScript's types", async () => {
    const sql = connect();
    const own = await shop.driver(
      "SELECT Id AS id, Created AS created, Metadata AS metadata, Delinquent AS delinquent FROM Customer WHERE Balance >= 0 ORDER BY Id LIMIT 50",
    );
    const rows =
      await sql`SELECT id, created, metadata, delinquent FROM customers WHERE balance >= ${0} ORDER BY id LIMIT ${50}`;
    expect([...rows]).toEqual(own);
    expect(rows.columns.map(({ name, type }) => [name, type])).toEqual([
      ...[
        ["id", 25],
        ["created", 1184],
        ["metadata", 3802],
        ["delinquent", 16],
      ],
    ]);
    expect([rows.command, rows.count]).toEqual(["SELECT", 50]);
  });

  it("binds lists, fragments and names that it puts together", async () => {
    const sql = connect();
    const own = await shop.driver("SELECT Id AS id FROM Customer ORDER BY Id LIMIT 3");
    const ids = own.map((row) => String(row["id"]));
    expect([...(await sql`SELECT id FROM customers WHERE id IN ${sql(ids)} ORDER BY ${sql("id")}`)]).toEqual(own);
    expect([...(await sql`SELECT id FROM customers WHERE id = ANY(${ids}) ORDER BY id`)]).toEqual(own);
    const condition = sql`id = ${ids[0] ?? ""}`;
    expect([...(await sql`SELECT ${sql(["id"])} FROM ${sql("stripe.customers")} WHERE ${condition}`)]).toEqual([
      own[0],
    ]);
  });

  it("reads by a cursor, to the end or not, and goes on", async () => {
    const sql = connect({ max: 1 });
    const own = await shop.driver("SELECT Id FROM Customer");
    const ids: string[] = [];
    for await (const rows of sql`SELECT id FROM customers`.cursor(64)) ids.push(...rows.map((row) => row["id"]));
    expect(ids).toEqual(own.map((row) => row["Id"]));
    for await (const [row] of sql`SELECT id FROM customers`.cursor(10)) {
      expect(row?.["id"]).toBe(ids[0]);
      break;
    }
    const each: string[] = [];
    await sql`SELECT id FROM customers`.forEach((row) => {
      each.push(row["id"]);
    });
    expect(each).toEqual(ids);
  });

  it("describes a statement before it runs", async () => {
    const sql = connect();
    const { types, columns } =
      await sql`SELECT id, amount FROM charges WHERE created > ${new Date()} AND amount > ${1}`.describe();
    expect(types).toEqual([1184, 20]);
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ...[
        ["id", 25],
        ["amount", 20],
      ],
    ]);
  });

  it("writes objects that it is given, and updates by them", async () => {
    const sql = connect();
    const given = [
      { email: "js@example.com", name: "J" },
      { email: "js@example.com", name: "K" },
    ];
    const inserted = await sql`INSERT INTO customers ${sql(given)} RETURNING email, name`;
    expect(new Set(inserted.map(({ name }) => name))).toEqual(new Set(["J", "K"]));
    const updated =
      await sql`UPDATE customers SET ${sql({ name: "L" })} WHERE email = ${"js@example.com"} RETURNING name`;
    expect([...updated]).toEqual([{ name: "L" }, { name: "L" }]);
    expect((await sql`DELETE FROM customers WHERE email = ${"js@example.com"}`).count).toBe(2);
  });

  it("carries on after a savepoint, and pipelines within a transaction", async () => {
    const sql = connect();
    const [own] = await shop.driver("SELECT count(*) AS Count FROM Product");
    const answers = await sql.begin("read only", async (transaction) => {
      const failed = transaction.savepoint((inner) => inner`SELECT 1 / 0`);
      await expect(failed).rejects.toMatchObject({ code: "22012" });
      return Promise.all([transaction`SELECT 1 AS one`, transaction`SELECT count(*)::int AS n FROM products`]);
    });
    expect(answers.map((rows) => rows[0])).toEqual([{ one: 1 }, { n: own?.["Count"] }]);
  });

  it("copies a query's rows into a stream", async () => {
    const sql = connect();
    const readable = await sql`COPY (SELECT id, email FROM customers ORDER BY id LIMIT 5) TO STDOUT`.readable();
    let copied = "";
    for await (const chunk of readable) copied += String(chunk);
    const own = await shop.driver("SELECT Id, Email FROM Customer ORDER BY Id LIMIT 5");
    expect(copied).toBe(own.map((row) => `${row["Id"]}\t${row["Email"] ?? "\\N"}\n`).join(""));
  });

  it("cancels a query that runs", async () => {
    const sql = connect();
    shop.sandbox.faults.add({ path: "/v1/charges", effect: { kind: "stall" } });
    const query = sql`SELECT count(*) FROM charges`;
    const ended = expect(query).rejects.toMatchObject({ code: "57014" });
    await shop.stalls("/v1/charges");
    query.cancel();
    await ended;
    expect([...(await sql`SELECT 1 AS one`)]).toEqual([{ one: 1 }]);
  });

  it("runs several statements of one text", async () => {
    const sql = connect();
    const [own] = await shop.driver("SELECT count(*) AS Count FROM Product");
    const results = await sql`SELECT 1 AS a; SELECT count(*)::int AS n FROM products; SELECT 'x' AS b`.simple();
    expect(results.map((rows) => [...(rows as unknown as object[])])).toEqual([
      ...[[{ a: 1 }], [{ n: own?.["Count"] }], [{ b: "x" }]],
    ]);
  });

  it("is told what is wrong, by SQLSTATE and place", async () => {
    const sql = connect();
    await expect(sql`SELECT emial FROM customers`).rejects.toMatchObject({ code: "42703", position: "8" });
    await expect(sql`SELECT id FROM customers WHERE`).rejects.toMatchObject({ code: "42601" });
  });
});
