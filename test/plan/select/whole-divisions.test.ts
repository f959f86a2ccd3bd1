import { describe, expect, it } from "vitest";
import { planOf } from "../../support/statement-planning.js";

function noticesOf(sql: string): readonly string[] {
  const plan = planOf(sql);
  return plan.kind === "select" ? plan.notices : [];
}

const notice = (sum: string): string =>
  `${sum} is divided to a whole number here: divide by a decimal such as 100.0, or use money(…)`;

describe("a sum of whole numbers that is divided by one", () => {
  it.each([
    ["SELECT sum(Amount) / 100 FROM Charge", "sum(Amount)"],
    ["SELECT Currency, round(-sum(amount) / count(*), 2) FROM charges GROUP BY 1", "sum(amount)"],
    ["SELECT sum(Amount - AmountRefunded) / 100 FROM Charge", "a sum"],
    ["SELECT sum(Amount) / sum(AmountRefunded) FROM Charge", "sum(Amount)"],
    ["WITH c AS (SELECT sum(Amount) / 100 AS a FROM Charge) SELECT a FROM c", "sum(Amount)"],
    ["SELECT (SELECT sum(h.Amount) / 100 FROM Charge h WHERE h.Customer = c.Id) FROM Customer c", "sum(Amount)"],
  ])("is told: %s", (sql, sum) => expect(noticesOf(sql)).toContain(notice(sum)));

  it.each([
    "SELECT sum(Amount) / 100.0 FROM Charge",
    "SELECT sum(Amount) / 1e2 FROM Charge",
    "SELECT sum(Amount)::DOUBLE / 100 FROM Charge",
    "SELECT sum(money(Amount, Currency)) / 2 FROM Charge",
    "SELECT avg(Amount) / 100 FROM Charge",
    "SELECT count(*) / 2 FROM Charge",
    "SELECT sum(Amount) * 100 FROM Charge",
    "SELECT Amount / 100 FROM Charge",
    "SELECT sum(UnitAmountDecimal) / 100 FROM Price",
  ])("and others are not: %s", (sql) => expect(noticesOf(sql).filter((one) => one.includes("divided"))).toEqual([]));
});
