import { describe, expect, it } from "vitest";
import { runClient } from "../support/client-program.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();

/** The lines that isql, unixODBC's shell, prints of psqlODBC's answers to each line of a script. */
async function isql(script: string): Promise<{ readonly lines: readonly string[]; readonly errors: string }> {
  const { host, port, database, password } = shop;
  const place = `Driver={PostgreSQL Unicode};Server=${host};Port=${port};Database=${database}`;
  const connection = `${place};Uid=writer;Pwd={${password}};BoolsAsChar=0`;
  const program = { program: "isql", install: "apt-get install unixodbc odbc-postgresql" };
  const run = await runClient(program, ["-k", connection, "-b", "-v", "-d|"], {
    input: `${script}\n`,
    environment: { HOME: shop.folder.path },
  });
  return { lines: run.output.split("\n").filter((line) => line !== ""), errors: `${run.output}${run.errors}` };
}

describe("a program that comes in over ODBC", () => {
  it("reads texts, numbers, times, decimals and NULL", async () => {
    const { lines } = await isql(
      "SELECT id, created, balance, delinquent, phone FROM stripe.customers ORDER BY created DESC LIMIT 2",
    );
    const own = await shop.driver(
      "SELECT Id, Created, Balance, Delinquent, Phone FROM Customer ORDER BY Created DESC LIMIT 2",
    );
    const times = own.map((row) => new Date(String(row["Created"])).toISOString().replace("T", " ").slice(0, 19));
    const flags = own.map((row) => (row["Delinquent"] === true ? "1" : "0"));
    expect(lines).toEqual(
      own.map((row, at) => `${row["Id"]}|${times[at]}|${row["Balance"]}|${flags[at]}|${row["Phone"] ?? ""}`),
    );
    const prices = await isql(
      "SELECT unit_amount_decimal, created::date FROM prices WHERE unit_amount_decimal IS NOT NULL ORDER BY id LIMIT 1",
    );
    // Notices come before.
    expect(prices.lines.at(-1)).toMatch(/^\d+(\.\d+)?\|\d{4}-\d\d-\d\d$/);
  });

  it("is told the tables, and a table's columns with their types", async () => {
    const { lines } = await isql("help");
    expect(
      lines.filter((line) => line.startsWith(`${shop.database}|stripe|`) && line.includes("|TABLE|")),
    ).toHaveLength(
      Number((await shop.driver("SELECT count(*) AS n FROM sys_tables WHERE SchemaName = 'stripe'"))[0]?.["n"]),
    );
    const columns = (await isql("help prices")).lines.map((line) => line.split("|"));
    const types = new Map(columns.map(([, , , name, , type]) => [name, type]));
    expect(
      ["id", "active", "created", "unit_amount", "unit_amount_decimal", "metadata"].map((name) => types.get(name)),
    ).toEqual(["text", "bool", "timestamptz", "int8", "numeric", "jsonb"]);
  });

  it("writes, and reads what it wrote", async () => {
    const { lines, errors } = await isql(
      "INSERT INTO customers (name, email) VALUES ('Ödön', 'odbc@example.com')\nSELECT name FROM customers WHERE email = 'odbc@example.com'",
    );
    expect({ lines, errors }).toMatchObject({ lines: ["Ödön"] });
  });

  it("has ODBC's own forms of times and functions", async () => {
    const { lines } = await isql(
      "SELECT {fn UCASE(email)} FROM customers WHERE created >= {ts '2026-10-16 00:00:00'} AND created < {d '2026-10-17'}",
    );
    const own = await shop.driver(
      "SELECT upper(Email) AS Email FROM Customer WHERE Created >= '2026-10-16' AND Created < '2026-10-17'",
    );
    expect(lines).toEqual(own.map((row) => row["Email"]));
    expect(lines.length).toBeGreaterThan(0);
  });

  it("is told of a mistake with its SQLSTATE", async () => {
    expect((await isql("SELECT emial FROM customers")).errors).toMatch(/\[42703\].*column "emial" does not exist/);
  });
});
