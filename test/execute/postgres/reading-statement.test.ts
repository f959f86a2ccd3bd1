import { describe, expect, it } from "vitest";
import { isReadingStatement } from "../../../src/execute/postgres/reading-statement.js";

describe("a statement", () => {
  it.each([
    "SELECT 1",
    "  select 1",
    "((SELECT 1))",
    "-- a comment\nSELECT 1",
    "/* a /* nested */ one */ WITH x AS (SELECT 1) TABLE x",
    "VALUES (1)",
    "show TimeZone",
    "EXPLAIN SELECT 1",
    "COPY (SELECT 1) TO STDOUT",
    "",
    " ; -- nothing\n",
  ])("reads: %j", (sql) => {
    expect(isReadingStatement(sql)).toBe(true);
  });

  it.each([
    "COMMIT",
    "/* SELECT */ COMMIT",
    "--SELECT\rROLLBACK",
    ";COMMIT",
    "selection",
    "SELECT\u00a0".replace("SELECT", "SET"),
    '"SELECT"',
    "\\d",
    "DO $$ BEGIN END $$",
  ])("does not: %j", (sql) => {
    expect(isReadingStatement(sql)).toBe(false);
  });
});
