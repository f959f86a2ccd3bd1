import { describe, expect, it } from "vitest";
import type { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { planOf } from "../../support/statement-planning.js";

function refusal(where: string, parameters: readonly unknown[] = []) {
  try {
    planOf(`SELECT Id FROM Charge WHERE ${where}`, parameters);
  } catch (error) {
    const { message, sqlState, phase, detail, hint } = error as StripeSqlError;
    return { message, sqlState, phase, detail, hint };
  }
  return undefined;
}

describe("a comparison that no value of the column could pass", () => {
  it("is refused before anything is sent, with the form that it wants", () => {
    expect(refusal("Created > 'abc'")).toEqual({
      message: 'invalid input syntax for type TIMESTAMPTZ: "abc"',
      sqlState: "22P02",
      phase: "plan",
      detail: 'It is compared with column "Created".',
      hint: "Write a time as '2026-01-31' or '2026-01-31 13:00:00+00'.",
    });
    expect(refusal("Customer = 5")).toMatchObject({
      message: 'column "Customer" is of type VARCHAR but is compared with a number',
      sqlState: "42804",
      hint: "Put the value in single quotes.",
    });
  });

  it.each([
    "Amount = 'ten'",
    "'ten' < Amount",
    "Amount IN (1, 'ten')",
    "Amount BETWEEN 1 AND 'ten'",
    "Paid = 'maybe'",
    "NOT (Amount = 'ten')",
    "Customer = 'a' OR Amount = 'ten'",
    "Amount = ''",
  ])("is a literal that does not read as the type: %s", (where) => {
    expect(refusal(where)).toMatchObject({ sqlState: "22P02" });
  });

  it.each(["Created = 5", "Created = TRUE", "Customer = TRUE", "Customer IN ('a', 5)", "Paid = now()"])(
    "is a value of another type: %s",
    (where) => {
      expect(refusal(where)).toMatchObject({ sqlState: "42804" });
    },
  );

  it("is a parameter like that, too", () => {
    expect(refusal("Created > $1", ["abc"])).toMatchObject({ sqlState: "22P02" });
    expect(refusal("Customer = $1", [5])).toMatchObject({ sqlState: "42804" });
  });
});

describe("the place of the error", () => {
  it.each([
    ["SELECT Id FROM Charge WHERE Paid AND Amount = 'ten'", "Amount"],
    ["SELECT Id FROM Charge WHERE 'ten' < charge.Amount", "Amount"],
    ["SELECT Id FROM Charge WHERE Created BETWEEN '2026-01-01' AND 'never'", "Created"],
  ])("is the column's: %s", (sql, name) => {
    expect(() => planOf(sql)).toThrow(expect.objectContaining({ position: sql.lastIndexOf(name) }));
  });
});

describe("a comparison that some value could pass", () => {
  it.each([
    "Created > '2026-01-01'",
    "Created > 'epoch'",
    "Created > 'infinity'",
    "Amount = '10'",
    "Amount > 1.5",
    "Amount = TRUE",
    "Paid = 'true'",
    "Paid = 1",
    "Customer = NULL",
    "Metadata = '{}'",
    "upper(Customer) = 5",
    "Amount = Customer",
  ])("is left as it is: %s", (where) => {
    expect(refusal(where)).toBeUndefined();
  });
});
