import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { ClientReport } from "../support/client-report.js";
import { reportOf } from "../support/client-report.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();
let report: ClientReport;

beforeAll(async () => {
  shop.sandbox.faults.add({ path: "/v1/charges", effect: { kind: "stall" } });
  const fileAt = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const classes = fileAt("../../.clients/java/*");
  const url = `jdbc:postgresql://${shop.host}:${shop.port}/${shop.database}`;
  const java = { program: "java", install: "apt-get install openjdk-17-jdk-headless" };
  const args = ["-cp", classes, fileAt("java/PgjdbcClient.java"), url, "writer", shop.password];
  report = await reportOf(java, args, {});
});

const tablesOfV1 = "FROM sys_tables WHERE SchemaName = 'stripe'";
const ids = async (sql: string) => (await shop.driver(sql)).map((row) => row["Id"]);
const count = async (sql: string) => Number((await shop.driver(`SELECT count(*) AS Count ${sql}`))[0]?.["Count"]);

describe("pgjdbc's DatabaseMetaData", () => {
  it("lists schemas and tables", async () => {
    expect(report.get("schemas")).toEqual([
      "information_schema",
      "metrics",
      "pg_catalog",
      "public",
      "sql",
      "stripe",
      "v2",
    ]);
    const tables = report.get("tables");
    expect(tables).toHaveLength(await count(tablesOfV1));
    expect(tables).toContain("payment_intents");
  });

  it("lists columns with their types and comments", async () => {
    const own = await shop.driver(
      "SELECT ColumnName FROM sys_tablecolumns WHERE TableName = 'Customer' AND NOT IsHidden ORDER BY Ordinal",
    );
    // What the other client sees of each: name, type, whether NULL may be there.
    const columns = report.get("columns") as readonly (readonly [string, string, string])[];
    expect(columns.map(([name]) => name.replaceAll("_", ""))).toEqual(
      own.map((column) => String(column["ColumnName"]).toLowerCase()),
    );
    expect(columns).toEqual(
      expect.arrayContaining([
        ...[
          ["id", "text", "NO"],
          ["balance", "int8", "YES"],
          ["created", "timestamptz", "YES"],
        ],
        ...[
          ["livemode", "bool", "YES"],
          ["metadata", "jsonb", "YES"],
        ],
      ]),
    );
    expect(report.get("comment")).toEqual(["Unique identifier for the object."]);
    expect(report.get("every column")).toBe(
      await count("FROM sys_tablecolumns WHERE SchemaName = 'stripe' AND NOT IsHidden"),
    );
  });

  it("finds keys, and what refers to them on both sides", () => {
    expect(report.get("primary key")).toEqual(["id"]);
    expect(report.get("indexes")).toEqual(["id"]);
    expect(report.get("imported keys")).toContainEqual(["customer", "customers", "id"]);
    expect(report.get("exported keys")).toEqual(expect.arrayContaining(["charges", "invoices", "subscriptions"]));
  });

  it("lists procedures as functions, with what they take", async () => {
    const functions = report.get("functions");
    const names = new Set(functions as readonly string[]);
    // Those of ours stand beside them.
    for (const own of ["writes", "write_calls", "resume_write", "forget_write"]) expect(names.delete(own)).toBe(true);
    expect(names.size).toBe(
      Number((await shop.driver("SELECT count(DISTINCT ProcedureName) AS Count FROM sys_procedures"))[0]?.["Count"]),
    );
    expect(functions).toContain("accept_quote");
    expect(report.get("function columns")).toBe("text");
  });

  it("tells what a user may do, and all else that it is asked", () => {
    expect(report.get("privileges")).toEqual(expect.arrayContaining(["SELECT", "INSERT", "UPDATE", "DELETE"]));
    expect(report.get("others")).toEqual({
      ...{ catalogs: true, types: true, "table types": true, keywords: true, "best row": true },
      "client properties": true,
    });
  });
});

describe("pgjdbc", () => {
  it("gets the rows that the driver gives, as values of Java's types", async () => {
    const own = await shop.driver(
      "SELECT Id, Created, Balance, Livemode, Metadata, Email FROM Customer ORDER BY Id LIMIT 20",
    );
    const rows = report.get("rows") as readonly (readonly unknown[])[];
    expect(rows.map((row) => row.map((value, index) => (index === 4 ? JSON.parse(String(value)) : value)))).toEqual(
      own.map((row) =>
        Object.values(row).map((value) => (value instanceof Date ? value.toISOString().replace(".000Z", "Z") : value)),
      ),
    );
    expect(report.get("described")).toEqual([
      ...[
        ["id", "text", "customers"],
        ["balance", "int8", "customers"],
        ["created", "timestamptz", "customers"],
      ],
      ...[
        ["metadata", "jsonb", "customers"],
        ["?column?", "numeric", ""],
      ],
    ]);
  });

  it("gets the same of a prepared statement each time, as text and then in binary", async () => {
    const [own] = await shop.driver(
      "SELECT count(*) AS Count, strftime(max(Created), '%Y-%m-%dT%H:%M:%SZ') AS Newest FROM Customer WHERE Balance >= 0",
    );
    expect(report.get("prepared")).toEqual(Array.from({ length: 8 }, () => Object.values(own ?? {})));
    const products = await count("FROM Product WHERE Active");
    expect(report.get("after DISCARD ALL")).toEqual(Array.from({ length: 7 }, () => products));
    expect(report.get("parameter types")).toEqual(["timestamptz", "int8"]);
    expect(report.get("array")).toEqual([await count("FROM Product")]);
  });

  it("reads in portions without autocommit, scrolls, and stops at the most rows", async () => {
    expect(report.get("in portions")).toEqual(await ids("SELECT Id FROM Customer"));
    const [, second] = await ids("SELECT Id FROM Customer ORDER BY Id LIMIT 2");
    expect(report.get("scrolled")).toEqual([5, second]);
    expect(report.get("at most")).toBe(7);
  });

  it("runs several statements of one text, its own escapes, and COPY", async () => {
    expect(report.get("several results")).toEqual([1, await count("FROM Product"), 3]);
    expect(report.get("escapes")).toEqual([[3, "2026-01-31"]]);
    expect(report.get("copied")).toEqual(await ids("SELECT Id FROM Customer ORDER BY Id LIMIT 3"));
  });

  it("writes, with generated keys, in batches, and through rows that it has read", () => {
    expect(report.get("generated keys")).toEqual([1, ["cus_"]]);
    expect(report.get("batch")).toEqual([1, 1, 1]);
    expect(report.get("updatable rows")).toEqual(["B", "C", "Z", null]);
    expect(report.get("deleted")).toBe(4);
  });

  it("is told what is wrong, by SQLSTATE and place", () => {
    expect(report.get("errors")).toEqual([
      ...[
        ["42703", 8],
        ["42601", 13],
        ["22012", 0],
        ["0A000", 0],
      ],
    ]);
    expect(report.get("wrong password")).toEqual(["28P01", 0]);
  });

  it("goes back to a savepoint, and writes nothing while it only reads", async () => {
    expect(report.get("savepoint")).toEqual([["22012", 0], ["25P02", 0], [await count("FROM Product")]]);
    expect(report.get("read only")).toEqual(["25006", 0]);
    expect(report.get("isolation")).toBe(true);
  });

  it("gives a statement up at its time limit, and goes on", () => {
    expect(report.get("time limit")).toEqual([["57014", 0], true]);
  });

  it("gets times in the session's time zone", async () => {
    const [own] = await shop.driver(
      "SELECT strftime(Created AT TIME ZONE 'Asia/Tokyo', '%Y-%m-%d %H:%M:%S+09') AS Tokyo FROM Customer ORDER BY Id LIMIT 1",
    );
    expect(report.get("time zone")).toEqual([own?.["Tokyo"]]);
    expect(report.get("schema")).toBe("stripe");
  });
});
