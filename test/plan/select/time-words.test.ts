import { describe, expect, it } from "vitest";
import { planSelect } from "../../../src/plan/select/plan-select.js";
import type { SelectPlan } from "../../../src/plan/select/select-plan.js";
import { scriptPosition } from "../../../src/syntax/sql-text.js";
import { zoneOf } from "../../../src/value/time-zone.js";
import { planEnvironment, planOf, statementOf } from "../../support/statement-planning.js";

/** Eight hours behind UTC: 2026-03-30 20:00 there is 04:00 of the next day in UTC. */
const pacific = zoneOf("Etc/GMT+8", [{ fromSeconds: -1e10, offsetSeconds: -28_800 }], 1e10);
const now = Date.UTC(2026, 2, 31, 4) / 1000;

function planned(sql: string, parameters: readonly unknown[] = []): SelectPlan {
  const constants = { parameters, nowSeconds: now, zone: pacific };
  return planSelect(statementOf(sql, "select"), planEnvironment({ constants }));
}

const textOf = (sql: string): string => planned(sql).text.sql;

describe("a word for a time stays a text", () => {
  it.each([
    "SELECT Id FROM Customer WHERE Name = 'today'",
    "SELECT Id FROM Customer WHERE Name IN ('now', 'tomorrow')",
    "SELECT 'today' AS word FROM Customer",
    "SELECT Id FROM Customer WHERE Created > '2026-01-01' AND Description = 'yesterday'",
    "SELECT Id FROM Customer WHERE Metadata->>'day' = 'today'",
    "SELECT CAST('today' AS VARCHAR)",
  ])("%s", (sql) => {
    expect(textOf(sql)).toContain(/'(today|now|yesterday)'/.exec(sql)?.[0] ?? "nothing");
    expect(textOf(sql)).not.toMatch(/2026-03/);
  });

  it("and so does a parameter's", () => {
    expect(planned("SELECT Id FROM Customer WHERE Name = ?", ["today"]).timeWords.size).toBe(0);
  });
});

describe("a word for a time is the time that it is by the statement's clock and zone", () => {
  it.each([
    ["Created >= 'today'", "'2026-03-30 08:00:00+00'"],
    ["'yesterday' < Created", "'2026-03-29 08:00:00+00'"],
    ["Created < 'tomorrow' AND Name = 'today'", "'2026-03-31 08:00:00+00'"],
    ["Created <= 'NOW'", "'2026-03-31 04:00:00+00'"],
    ["Created BETWEEN 'yesterday' AND 'today'", "'2026-03-29 08:00:00+00' AND '2026-03-30 08:00:00+00'"],
    ["Created IN ('today', '2026-01-01')", "('2026-03-30 08:00:00+00', '2026-01-01')"],
    ["Created::DATE = 'today'", "'2026-03-30'"],
    ["Created >= DATE 'today'", "DATE '2026-03-30'"],
    ["Created >= CAST('tomorrow' AS DATE)", "CAST('2026-03-31' AS DATE)"],
    ["Created >= TIMESTAMPTZ 'yesterday'", "TIMESTAMPTZ '2026-03-29 08:00:00+00'"],
    ["Created >= 'today'::timestamptz", "'2026-03-30 08:00:00+00'::timestamptz"],
    ["Created >= TIMESTAMP 'now'", "TIMESTAMP '2026-03-30 20:00:00'"],
    ["date_trunc('month', Created) = 'today'", "'2026-03-30 08:00:00+00'"],
    ["NOT (Name = 'today' OR Created < 'today')", "'today' OR \"Created\" < '2026-03-30".replaceAll('"', "")],
  ])("%s", (condition, shown) => {
    expect(textOf(`SELECT Id FROM Customer WHERE ${condition}`)).toContain(shown);
  });

  it.each([
    "WITH c AS (SELECT Created AS made FROM Customer) SELECT count(*) FROM c WHERE made >= 'today'",
    "SELECT * FROM (SELECT max(Created) AS newest FROM Charge) x WHERE newest < 'today'",
    "SELECT c.Id FROM Customer c JOIN Charge h ON h.Customer = c.Id AND h.Created >= 'today'",
    "SELECT Id FROM Customer WHERE Id IN (SELECT Customer FROM Charge WHERE Created >= 'today')",
    "SELECT count(*) FILTER (WHERE Created >= 'today') FROM Customer",
    "SELECT max(Created) FROM Customer HAVING max(Created) < 'today'",
    "SELECT DATE 'today'",
  ])("%s", (sql) => {
    expect(textOf(sql)).toContain("'2026-03-30");
  });

  it("of a parameter too", () => {
    const plan = planned("SELECT Id FROM Customer WHERE Created >= $1 AND Name = $2", ["yesterday", "today"]);
    expect([...plan.timeWords]).toEqual([[0, "2026-03-29 08:00:00+00"]]);
  });

  it("and what follows it keeps its place", () => {
    const sql = "SELECT Id FROM Customer WHERE Created >= 'today' AND Name = 'a'";
    const { text } = planned(sql);
    expect(scriptPosition(text, text.sql.indexOf("Name"))).toBe(sql.indexOf("Name"));
  });

  it("without one nothing is changed", () => {
    const plan = planOf("SELECT Id FROM Customer WHERE Created >= '2026-01-01'");
    expect(plan.text.sql).toContain("'2026-01-01'");
  });
});
