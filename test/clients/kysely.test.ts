import type { Generated } from "kysely";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import Cursor from "pg-cursor";
import { describe, expect, it, onTestFinished } from "vitest";
import { serveBusiness } from "../support/served-business.js";

interface Business {
  readonly customers: {
    readonly id: Generated<string>;
    readonly email: string | null;
    readonly name: string | null;
    readonly balance: Generated<string>;
    readonly created: Generated<Date>;
  };
  readonly invoices: { readonly id: Generated<string>; readonly customer: string; readonly total: string };
}

const shop = serveBusiness();

function open(): Kysely<Business> {
  const pool = new pg.Pool({ connectionString: shop.url(), max: 4 });
  const database = new Kysely<Business>({ dialect: new PostgresDialect({ pool, cursor: Cursor }) });
  onTestFinished(() => database.destroy());
  return database;
}

describe("Kysely", () => {
  it("finds every table with its columns, types and comments by introspection", async () => {
    const { introspection } = open();
    const [tables] = await shop.driver("SELECT count(*) AS Count FROM sys_tables WHERE SchemaName IN ('stripe', 'v2')");
    const found = await introspection.getTables();
    const own = found.filter(({ schema, isView }) => !isView && (schema === "stripe" || schema === "v2"));
    expect(own).toHaveLength(Number(tables?.["Count"]));
    const columns = found.find(({ schema, name }) => schema === "stripe" && name === "customers")?.columns ?? [];
    expect(columns.find(({ name }) => name === "id")).toEqual({
      ...{ name: "id", dataType: "text", dataTypeSchema: "pg_catalog", isNullable: false },
      ...{ isAutoIncrementing: false, hasDefaultValue: false, comment: "Unique identifier for the object." },
    });
    const types = Object.fromEntries(columns.map(({ name, dataType }) => [name, dataType]));
    expect(types).toMatchObject({ balance: "int8", created: "timestamptz", livemode: "bool", metadata: "jsonb" });
    expect((await introspection.getSchemas()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["stripe", "v2", "sql", "public"]),
    );
  });

  it("joins, groups and orders as the driver does", async () => {
    const rows = await open()
      .selectFrom("customers")
      .innerJoin("invoices", "invoices.customer", "customers.id")
      .select(({ fn }) => [
        "customers.id",
        fn.count<string>("invoices.id").as("invoices"),
        fn.sum<string>("total").as("total"),
      ])
      .where("customers.balance", ">=", "0")
      .groupBy("customers.id")
      .orderBy("customers.id")
      .limit(20)
      .execute();
    const own = await shop.driver(
      "SELECT c.Id AS id, count(*)::VARCHAR AS invoices, sum(Total)::VARCHAR AS total FROM Customer c JOIN Invoice i ON i.Customer = c.Id WHERE c.Balance >= 0 GROUP BY c.Id ORDER BY c.Id LIMIT 20",
    );
    expect(rows).toEqual(own);
  });

  it("streams rows by a cursor", async () => {
    const ids: string[] = [];
    for await (const { id } of open().selectFrom("customers").select("id").stream(50)) ids.push(id);
    expect(ids).toEqual((await shop.driver("SELECT Id FROM Customer")).map((row) => row["Id"]));
  });

  it("inserts with RETURNING, updates and deletes", async () => {
    const database = open();
    const inserted = await database
      .insertInto("customers")
      .values({ email: "kysely@example.com", name: "K" })
      .returningAll()
      .executeTakeFirstOrThrow();
    expect(inserted).toMatchObject({ email: "kysely@example.com", name: "K", balance: "0" });
    const updated = await database.updateTable("customers").set({ name: "L" }).where("id", "=", inserted.id).execute();
    expect(updated.map(({ numUpdatedRows }) => numUpdatedRows)).toEqual([1n]);
    expect(await shop.driver("SELECT Name FROM Customer WHERE Id = ?", [inserted.id])).toEqual([{ Name: "L" }]);
    const removed = await database.deleteFrom("customers").where("id", "=", inserted.id).execute();
    expect(removed.map(({ numDeletedRows }) => numDeletedRows)).toEqual([1n]);
  });

  it("keeps a transaction that only reads from writing", async () => {
    const writing = open()
      .transaction()
      .setIsolationLevel("serializable")
      .setAccessMode("read only")
      .execute(async (transaction) => {
        const { rows } = await sql<{ mode: string }>`SELECT current_setting('transaction_isolation') AS mode`.execute(
          transaction,
        );
        expect(rows).toEqual([{ mode: "serializable" }]);
        await transaction
          .updateTable("customers")
          .set({ name: "x" })
          .where("email", "=", "nobody@example.com")
          .execute();
      });
    await expect(writing).rejects.toMatchObject({ code: "25006" });
  });
});
