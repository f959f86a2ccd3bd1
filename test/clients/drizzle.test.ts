import { symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { and, count, desc, eq, gte, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { getTableConfig, PgTable, pgSchema, text, timestamp } from "drizzle-orm/pg-core";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { runClient } from "../support/client-program.js";
import { testFolder } from "../support/folder.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();
const kitProgram = join(dirname(createRequire(import.meta.url).resolve("drizzle-kit")), "bin.cjs");
const packages = fileURLToPath(new URL("../../node_modules", import.meta.url));

const stripe = pgSchema("stripe");
const customers = stripe.table("customers", {
  id: text().primaryKey(),
  email: text(),
  name: text(),
  created: timestamp({ withTimezone: true }),
});
const invoices = stripe.table("invoices", { id: text().primaryKey(), customer: text(), status: text() });

function open() {
  const pool = new pg.Pool({ connectionString: shop.url(), max: 4 });
  onTestFinished(() => pool.end());
  return drizzle(pool);
}

describe("Drizzle", () => {
  it("selects what the driver does, with joins, groups and subqueries", async () => {
    const database = open();
    const paid = database
      .select({ customer: invoices.customer, paid: count().as("paid") })
      .from(invoices)
      .where(eq(invoices.status, "paid"))
      .groupBy(invoices.customer)
      .as("paid");
    const rows = await database
      .select({ id: customers.id, created: customers.created, paid: paid.paid })
      .from(customers)
      .leftJoin(paid, eq(paid.customer, customers.id))
      .where(and(gte(customers.created, new Date("2026-09-01")), sql`${customers.email} IS NOT NULL`))
      .orderBy(desc(customers.created));
    const own = await shop.driver(
      "SELECT c.Id AS id, c.Created AS created, p.Paid AS paid FROM Customer c LEFT JOIN (SELECT Customer, count(*) AS Paid FROM Invoice WHERE Status = 'paid' GROUP BY Customer) p ON p.Customer = c.Id WHERE c.Created >= '2026-09-01' AND Email IS NOT NULL ORDER BY c.Created DESC",
    );
    expect(rows).toEqual(own);
    expect(rows.length).toBeGreaterThan(5);
  });

  it("inserts with returning, updates and deletes", async () => {
    const database = open();
    const given = { email: "drizzle@example.com", name: "D" };
    const [inserted] = await database
      .insert(customers)
      .values({ id: sql`DEFAULT`, ...given })
      .returning({ id: customers.id, name: customers.name });
    const id = inserted?.id ?? "";
    expect(inserted).toEqual({ id: expect.stringMatching(/^cus_/), name: "D" });
    await database.update(customers).set({ name: "E" }).where(eq(customers.id, id));
    expect(await shop.driver("SELECT Name FROM Customer WHERE Id = ?", [id])).toEqual([{ Name: "E" }]);
    expect(await database.delete(customers).where(eq(customers.id, id)).returning({ id: customers.id })).toEqual([
      { id },
    ]);
  });

  it("has drizzle-kit write a schema of all tables, with their keys and references", async () => {
    const folder = testFolder();
    symlinkSync(packages, join(folder.path, "node_modules"));
    const config = {
      dialect: "postgresql",
      out: "./out",
      schemaFilter: ["stripe"],
      dbCredentials: { url: shop.url() },
    };
    folder.write("drizzle.config.json", JSON.stringify(config));
    const kit = { program: process.execPath, install: "Node.js" };
    const pull = [kitProgram, "pull", "--config", "drizzle.config.json"];
    const run = await runClient(kit, pull, {
      folder: folder.path,
      // The kit's own loader keeps its cache there.
      environment: { TMPDIR: folder.path },
    });
    expect(run).toMatchObject({ status: 0, errors: "" });
    const pulled: Record<string, unknown> = await import(join(folder.path, "out/schema.ts"));
    const tables = Object.values(pulled)
      .filter((value) => value instanceof PgTable)
      .map(getTableConfig);
    const [known] = await shop.driver("SELECT count(*) AS Count FROM sys_tables WHERE SchemaName = 'stripe'");
    expect(tables).toHaveLength(Number(known?.["Count"]));
    const table = tables.find(({ name }) => name === "invoices");
    expect(table?.columns.filter(({ primary }) => primary).map(({ name }) => name)).toEqual(["id"]);
    expect(table?.columns.find(({ name }) => name === "total")?.getSQLType()).toBe("bigint");
    const references = table?.foreignKeys.map((key) => key.reference()) ?? [];
    const named = references.map(({ columns, foreignTable, foreignColumns }) => [
      columns[0]?.name,
      `${getTableConfig(foreignTable).name}.${foreignColumns[0]?.name}`,
    ]);
    expect(named).toContainEqual(["customer", "customers.id"]);
  });
});
