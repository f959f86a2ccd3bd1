import { beforeAll, describe, expect, it } from "vitest";
import type { ClientReport } from "../support/client-report.js";
import { pythonReport } from "../support/python-client.js";
import { serveBusiness } from "../support/served-business.js";

const shop = serveBusiness();
let report: ClientReport;

beforeAll(async () => {
  shop.sandbox.faults.add({ path: "/v1/charges/ch_unanswered", times: 20, effect: { kind: "stall" } });
  report = await pythonReport("psycopg_client.py", [], shop.environment());
});

const ids = async (sql: string) => (await shop.driver(sql)).map((row) => row["Id"]);

/** Times as Python spells them. */
const spelled = (value: unknown) => (value instanceof Date ? value.toISOString().replace(".000Z", "+00:00") : value);

async function customers(columns: string, limit: number): Promise<readonly (readonly unknown[])[]> {
  const rows = await shop.driver(`SELECT ${columns} FROM Customer ORDER BY Id LIMIT ${limit}`);
  return rows.map((row) => Object.values(row).map(spelled));
}

describe("psycopg", () => {
  it("gets the rows that the driver gives, as text and in binary, as values of Python's types", async () => {
    const own = await customers("Id, Created, Balance, Livemode, Metadata, Email", 20);
    expect(report.get("rows")).toEqual(own);
    expect(report.get("binary_rows")).toEqual(own);
    expect(report.get("binary_server_cursor")).toEqual(own);
    expect(report.get("described")).toEqual([
      ...[
        ["id", "text"],
        ["created", "timestamptz"],
        ["balance", "int8"],
      ],
      ...[
        ["livemode", "bool"],
        ["metadata", "jsonb"],
        ["more", "numeric"],
      ],
    ]);
  });

  it("gets the same of every table as text and in binary", async () => {
    const [own] = await shop.driver("SELECT count(*) AS tables FROM sys_tables WHERE SchemaName IN ('stripe', 'v2')");
    expect(report.get("tables_that_differ_in_binary")).toEqual({ ...own, different: [] });
  });

  it("gets times in the session's time zone", async () => {
    const [own] = await shop.driver(
      "SELECT strftime(Created AT TIME ZONE 'Asia/Tokyo', '%Y-%m-%dT%H:%M:%S+09:00') AS Tokyo FROM Customer ORDER BY Id LIMIT 1",
    );
    expect(report.get("time_zone")).toEqual([own?.["Tokyo"], "Asia/Tokyo"]);
  });

  it("binds parameters by the types that they have there", () => {
    expect(report.get("parameters")).toEqual([1, 1, 1, 1, 1, 0]);
  });

  it("runs prepared statements, and prepares them anew after DISCARD ALL", async () => {
    const [own] = await shop.driver("SELECT count(*) AS Count FROM Product WHERE Active");
    const count = own?.["Count"];
    expect(report.get("prepared")).toEqual({ counts: [count, count, count, count, count], after: count });
  });

  it("pipelines, and goes on after one statement of a pipeline has failed", async () => {
    const [own] = await shop.driver("SELECT count(*) AS Count FROM Product");
    expect(report.get("pipelined")).toEqual([0, 1, 2, 3, 4].map((number) => [number, own?.["Count"]]));
    expect(report.get("failed_pipeline")).toEqual([["42703", "8", "UndefinedColumn"], [3]]);
  });

  it("reads by cursors of the server's, and as it comes", async () => {
    const own = await ids("SELECT Id FROM Customer");
    expect(report.get("server_cursor")).toEqual(own);
    expect(report.get("streamed")).toEqual(own);
    expect(report.get("cursor_held_past_its_transaction")).toEqual(
      await ids("SELECT Id FROM Customer ORDER BY Id LIMIT 10"),
    );
  });

  it("copies a query's rows as text and in binary", async () => {
    const own = await customers("Id, Created, Balance", 5);
    expect(report.get("copied")).toEqual([own, own]);
  });

  it("writes with RETURNING, one statement or many", () => {
    expect(report.get("written")).toEqual({
      ...{ one: ["P", { team: "a" }], many: ["Q", "R"], updated: 3, removed: [[true], [true], [true]] },
    });
  });

  it("raises what is wrong as exceptions of their own, by SQLSTATE and place", () => {
    expect(report.get("errors")).toEqual([
      ...[
        ["42703", "8", "UndefinedColumn"],
        ["22007", null, "InvalidDatetimeFormat"],
      ],
      ...[
        ["22012", null, "DivisionByZero"],
        ["42601", "13", "SyntaxError"],
      ],
      ...[
        ["0A000", null, "FeatureNotSupported"],
        [null, null, "OperationalError"],
      ],
    ]);
  });

  it("nests transactions, and keeps one that only reads from writing", async () => {
    const [own] = await shop.driver("SELECT count(*) AS Count FROM Product");
    expect(report.get("transactions")).toEqual({
      inner: ["22012", null, "DivisionByZero"],
      count: own?.["Count"],
      write: ["25006", null, "ReadOnlySqlTransaction"],
      failed: ["25P02", null, "InFailedSqlTransaction"],
    });
  });

  it("cancels what runs, by itself or at a time limit, and goes on", () => {
    expect(report.get("canceled")).toEqual([["57014", null, "QueryCanceled"], [1]]);
    expect(report.get("time_limit")).toEqual(["57014", null, "QueryCanceled"]);
  });
});
