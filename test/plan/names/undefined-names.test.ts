import { describe, expect, it } from "vitest";
import type { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { planOf } from "../../support/statement-planning.js";

function refusal(sql: string): Pick<StripeSqlError, "message" | "sqlState" | "hint" | "position"> {
  try {
    planOf(sql);
  } catch (error) {
    const { message, sqlState, hint, position } = error as StripeSqlError;
    return { message, sqlState, hint, position };
  }
  throw new Error(`planned: ${sql}`);
}

describe("a table that does not exist", () => {
  it("is named with the nearest that do", () => {
    expect(refusal("SELECT 1 FROM Custumer")).toEqual({
      message: 'relation "Custumer" does not exist',
      sqlState: "42P01",
      hint: expect.stringContaining('"Customer"'),
      position: 14,
    });
  });

  it("is named with its schema, and with a way to find one where none is near", () => {
    expect(refusal("SELECT 1 FROM v2.Xyzzyplugh")).toMatchObject({
      message: 'relation "v2.Xyzzyplugh" does not exist',
      hint: "SHOW TABLES lists the tables.",
    });
  });
});

describe("a column that does not exist", () => {
  it.each([
    ["in the select list", "SELECT Emial FROM Customer", 7],
    ["in WHERE", "SELECT Id FROM Customer WHERE Emial = 'a'", 30],
    ["in ORDER BY", "SELECT Id FROM Customer ORDER BY Emial", 33],
    ["of an alias", "SELECT c.Emial FROM Customer c", 9],
    ["within a function", "SELECT upper(Emial) FROM Customer", 13],
  ])("is found %s, with the nearest that do", (_, sql, position) => {
    expect(refusal(sql)).toEqual({
      message: 'column "Emial" does not exist',
      sqlState: "42703",
      hint: 'Did you mean "Email"?',
      position,
    });
  });

  it("that looks like a text gets told of the quotes", () => {
    expect(refusal(`SELECT Id FROM Customer WHERE Email = "a@b.c"`).hint).toContain(
      "A text takes single quotes: 'a@b.c'",
    );
  });

  it("near none is shown where to look", () => {
    expect(refusal("SELECT Xyzzyplugh FROM Customer").hint).toBe("DESCRIBE Customer lists its columns.");
  });

  it("of one table may be another's", () => {
    expect(() => planOf("SELECT c.Amount FROM Customer c, Charge h")).toThrow('column "Amount" does not exist');
    expect(() => planOf("SELECT Amount FROM Customer c, Charge h")).not.toThrow();
  });
});

describe("a name that DuckDB is left to judge", () => {
  it.each([
    ["an output's own", "SELECT Email AS Address FROM Customer ORDER BY Address"],
    ["a table's alias, which is its row", "SELECT c FROM Customer c"],
    ["a derived table's column", "SELECT Anything FROM (SELECT 1 AS Anything) x, Customer"],
    ["a common table expression's column", "WITH t AS (SELECT 1 AS Anything) SELECT Anything FROM t, Customer"],
    ["an outer table's column", "SELECT Id FROM Customer WHERE EXISTS (SELECT 1 FROM Refund WHERE Email = 'a')"],
    ["a key of a JSON column", "SELECT Metadata.anything FROM Customer"],
    ["the number of a row", "SELECT rowid FROM Customer"],
  ])("is %s", (_, sql) => {
    expect(() => planOf(sql)).not.toThrow();
  });
});
