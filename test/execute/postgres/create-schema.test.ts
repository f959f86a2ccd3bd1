import { afterAll, describe, expect, it } from "vitest";
import { createSchema } from "../../../src/execute/postgres/schema/create-schema.js";
import { keptName } from "../../../src/execute/postgres/schema/kept-name.js";
import { keyColumns, tableReferences } from "../../../src/execute/postgres/schema/table-keys.js";
import { openCatalog } from "../../../src/store/open-catalog.js";

const catalog = openCatalog();
afterAll(() => catalog.close());
const statements = createSchema(catalog);

const startingWith = (start: string): string | undefined => statements.find((statement) => statement.startsWith(start));

describe("the catalog as PostgreSQL's", () => {
  it("has no two columns of a table that PostgreSQL, which keeps 63 bytes of a name, would take for one", () => {
    for (const { columns, pseudoColumns } of catalog.tables()) {
      const names = [...columns, ...pseudoColumns].map(({ stripeName }) => keptName(stripeName));
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it("has each table with its visible columns, by Stripe's names", () => {
    const created = startingWith('CREATE TABLE "stripe"."customers" (');
    expect(created).toContain('"id" text, "object" text, "address_city" text');
    expect(created).toContain('"created" timestamptz');
    expect(created).toContain('CONSTRAINT "customers_pkey" PRIMARY KEY ("id")');
    expect(created).not.toContain("_json");
    expect(created).not.toContain("search_query");
  });

  it("tells the values of a column, and what is for WHERE alone", () => {
    expect(startingWith('COMMENT ON COLUMN "stripe"."customers"."tax_exempt"')).toContain(
      "One of exempt, none, reverse.",
    );
    expect(startingWith('COMMENT ON TABLE "stripe"."customers"')).toContain("- search_query: ");
  });

  it("has a key only where no column of it may be NULL", () => {
    const named = (name: string) => catalog.findTable(name)?.table;
    const keys = ["Customer", "InvoiceLineItem", "Balance"].map((name) => {
      const table = named(name);
      return table === undefined ? undefined : keyColumns(table).map(({ name: column }) => column);
    });
    expect(keys).toEqual([["Id"], [], []]);
  });

  it("refers to parents and to what is declared, without enforcing it", () => {
    const items = catalog.findTable("InvoiceLineItem")?.table;
    const references = items === undefined ? [] : tableReferences(items, catalog);
    expect(references.map(({ column, referenced }) => [column.name, referenced.name])).toContainEqual([
      "Invoice",
      "Invoice",
    ]);
    expect(
      startingWith('ALTER TABLE "stripe"."invoice_line_items" ADD CONSTRAINT "invoice_line_items_invoice_fkey"'),
    ).toMatch(/FOREIGN KEY \("invoice"\) REFERENCES "stripe"\."invoices" \("id"\) NOT ENFORCED$/);
  });

  it("has procedures with what they take and give, of which the body only raises", () => {
    const created = startingWith('CREATE FUNCTION "stripe"."accept_quote"');
    expect(created).toContain('("quote_id" text) RETURNS SETOF "stripe"."quotes" LANGUAGE plpgsql');
    expect(created).toContain("RAISE EXCEPTION");
  });

  it("lets a client write what Stripe takes, as far as tools ask", () => {
    expect(statements).toContain('GRANT INSERT, UPDATE, DELETE ON "stripe"."customers" TO "client"');
    expect(statements.filter((statement) => /^GRANT .*"stripe"\."events"/.test(statement))).toEqual([]);
  });
});
