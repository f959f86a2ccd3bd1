import { describe, expect, it } from "vitest";
import { duckdbRowFunctions, postgresRowFunctions } from "../../../src/plan/names/row-functions.js";
import { rowWiseSelect } from "../../../src/plan/select/row-wise.js";
import { openOracle } from "../../support/oracle.js";
import { statementOf } from "../../support/statement-planning.js";

const oracle = openOracle();

function isRowWise(sql: string): boolean {
  return rowWiseSelect(statementOf(sql, "select").query) !== undefined;
}

// These read whole tables for LIMIT 1.
it.each([
  "SELECT Status || '!' FROM Charge",
  "SELECT -Amount FROM Charge",
  "SELECT CASE WHEN Paid THEN 'p' ELSE 'f' END FROM Charge",
  "SELECT Created AT TIME ZONE 'UTC' FROM Charge",
  "SELECT (Id, Status), [Id], {'a': Id}, nullif(Status, 'x') FROM Charge",
  "SELECT Id FROM Charge WHERE Status || '' = 'x' AND CASE WHEN Paid THEN 1 ELSE 2 END = 1",
])("%s is answered row by row", (sql) => expect(isRowWise(sql)).toBe(true));

it.each([
  "SELECT CASE WHEN Paid THEN (SELECT 1) END FROM Charge",
  "SELECT -sum(Amount) FROM Charge",
  "SELECT 'x' || row_number() OVER () FROM Charge",
  "SELECT [unnest([1, 2])] FROM Charge",
  "SELECT * LIKE 'A%' FROM Charge",
  "SELECT list_transform([1], x -> x + 1) FROM Charge",
])("%s needs all rows, or may", (sql) => expect(isRowWise(sql)).toBe(false));

describe("a SELECT that needs all of its rows at once", () => {
  it.each([
    "SELECT count(*) FROM Charge",
    "SELECT count(DISTINCT Customer) FROM Charge",
    "SELECT count(*) FILTER (WHERE Amount > 5) FROM Charge",
    "SELECT Id, sum(Amount) OVER () FROM Charge",
    "SELECT 1 + max(Amount) FROM Charge",
    "SELECT upper(string_agg(Id)) FROM Charge",
    "SELECT CASE WHEN count(*) > 1 THEN 1 END FROM Charge",
    "SELECT DISTINCT Customer FROM Charge",
    "SELECT Customer FROM Charge GROUP BY Customer",
    "SELECT Customer FROM Charge GROUP BY ALL",
    "SELECT Id FROM Charge HAVING count(*) > 1",
    "SELECT Id FROM Charge UNION ALL SELECT Id FROM Refund",
    "WITH c AS (SELECT 1) SELECT Id FROM Charge",
    "SELECT a.Id FROM Charge a, Charge b",
    "SELECT Id FROM (SELECT Id FROM Charge) x",
    "SELECT Id FROM Charge WHERE Customer IN (SELECT Id FROM Customer)",
    "SELECT Id FROM Charge WHERE EXISTS (SELECT 1 FROM Customer)",
    "SELECT (SELECT 1) FROM Charge",
    "SELECT unnest([1, 2]) FROM Charge",
    "SELECT random() FROM Charge",
    "SELECT any_function_of_tomorrow(Id) FROM Charge",
    "SELECT COLUMNS('A.*') FROM Charge",
    "SELECT 1",
  ])("%s", (sql) => {
    expect(isRowWise(sql)).toBe(false);
  });

  it("is one that numbers its rows: DuckDB numbers each batch anew", () => {
    expect(isRowWise("SELECT rowid FROM Charge")).toBe(false);
    expect(isRowWise("SELECT Id FROM Charge WHERE ROWID < 5")).toBe(false);
  });
});

describe("a SELECT of which each row stands alone", () => {
  it.each([
    "SELECT * FROM Charge",
    "SELECT c.*, upper(Id) FROM Charge c WHERE Amount > 5 LIMIT 3",
    "SELECT Metadata->>'order' FROM Charge WHERE Created > now() - INTERVAL '1 day'",
    "SELECT CAST(Amount AS DOUBLE) / 100 FROM Charge WHERE Id LIKE 'ch%' OR NOT Paid",
    "SELECT Id FROM Charge WHERE Amount BETWEEN 1 AND 2 AND Customer IN ('a', NULL) AND Paid IS NOT TRUE",
    "SELECT Id FROM Charge ORDER BY Created DESC LIMIT 5 OFFSET 2",
  ])("%s", (sql) => {
    expect(isRowWise(sql)).toBe(true);
  });
});

describe("the functions of one row's values", () => {
  it("are scalar functions or macros of DuckDB's, none an aggregate, a window or of another value at each call", async () => {
    const rows = await oracle.rows(
      "SELECT function_name, function_type, coalesce(stability, '') FROM duckdb_functions() WHERE function_type NOT LIKE 'table%' AND schema_name IN ('main', 'pg_catalog')",
    );
    const kinds = new Map<string, Set<string>>();
    for (const [name, type, stability] of rows) {
      const known = kinds.get(String(name)) ?? new Set<string>();
      kinds.set(String(name), known.add(stability === "VOLATILE" ? "volatile" : String(type)));
    }
    const grammar = [
      "coalesce",
      "extract",
      "if",
      "ifnull",
      "position",
      "substring",
      "trim",
      "try_cast",
      "current_date",
      "current_timestamp",
      "overlay",
    ];
    // Each of the engine's sessions has a macro of this name.
    kinds.set("money", new Set(["macro"]));
    const kindsOf = (name: string) => [...(kinds.get(name) ?? (grammar.includes(name) ? ["scalar"] : []))];
    const isUnfit = (name: string) => kindsOf(name).some((kind) => kind !== "scalar" && kind !== "macro");
    expect(duckdbRowFunctions.filter((name) => kindsOf(name).length === 0 || isUnfit(name))).toEqual([]);
    expect(postgresRowFunctions.filter(isUnfit)).toEqual([]);
  });
});
