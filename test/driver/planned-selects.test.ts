import { describe, expect, it } from "vitest";
import { PlannedSelects } from "../../src/driver/planned-selects.js";
import type { Statistics } from "../../src/plan/cost/statistics.js";
import { noStatistics } from "../../src/plan/cost/statistics.js";
import type { SelectStatement } from "../../src/syntax/statement.js";
import { utc } from "../../src/value/time-zone.js";
import { readScript } from "../support/read-statement.js";
import { planEnvironment } from "../support/statement-planning.js";

interface Circumstances {
  readonly parameters?: readonly unknown[];
  readonly nowSeconds?: number;
  readonly statistics?: Partial<Statistics>;
}

const environment = ({ parameters = [], nowSeconds = planningTime, statistics }: Circumstances = {}) =>
  planEnvironment({ constants: { parameters, nowSeconds, zone: utc }, statistics: { ...noStatistics, ...statistics } });

const planningTime = Date.UTC(2026, 10, 1) / 1000;

function select(sql: string): SelectStatement {
  const [statement] = readScript(sql);
  if (statement?.kind !== "select") throw new RangeError(`no SELECT: ${sql}`);
  return statement;
}

describe("Plans that are kept", () => {
  it("a statement that runs again has the plan it had", () => {
    const plans = new PlannedSelects();
    const statement = select("SELECT Id FROM Customer WHERE Email = 'a@example.com'");
    expect(plans.plan(statement, environment()).plan).toBe(plans.plan(statement, environment()).plan);
  });

  it("other values of parameters make another plan, the same values the same", () => {
    const plans = new PlannedSelects();
    const statement = select("SELECT Id FROM Customer WHERE Email = $1");
    const first = plans.plan(statement, environment({ parameters: ["a@example.com"] })).plan;
    expect(plans.plan(statement, environment({ parameters: ["a@example.com"] })).plan).toBe(first);
    const other = plans.plan(statement, environment({ parameters: ["b@example.com"] })).plan;
    expect(JSON.stringify(other)).toContain("b@example.com");
    expect(JSON.stringify(other)).not.toContain("a@example.com");
  });

  it("a date that was a parameter may have been changed since", () => {
    const plans = new PlannedSelects();
    const statement = select("SELECT Id FROM Customer WHERE Created >= $1");
    const date = new Date("2026-10-01T00:00:00Z");
    const first = JSON.stringify(plans.plan(statement, environment({ parameters: [date] })).plan);
    date.setUTCMonth(10);
    expect(JSON.stringify(plans.plan(statement, environment({ parameters: [date] })).plan)).not.toBe(first);
  });

  it("what goes by the clock is planned each time", () => {
    const plans = new PlannedSelects();
    const statement = select("SELECT Id FROM Customer WHERE Created >= now() - INTERVAL '1 day'");
    const first = JSON.stringify(plans.plan(statement, environment()).plan);
    expect(JSON.stringify(plans.plan(statement, environment({ nowSeconds: planningTime + 3600 })).plan)).not.toBe(
      first,
    );
  });

  it("a doubt that was found since makes another plan", () => {
    const plans = new PlannedSelects();
    const statement = select("SELECT Id FROM Customer ORDER BY Created DESC LIMIT 5");
    const trusting = plans.plan(statement, environment()).plan;
    const doubtOf: Statistics["doubtOf"] = (_of, { kind }) => (kind === "order" ? "contradicted" : undefined);
    const doubting = plans.plan(statement, environment({ statistics: { doubtOf } })).plan;
    expect(trusting.strategy.kind).toBe("direct");
    expect(doubting.strategy.kind).toBe("load");
  });

  it("the requests that are expected follow what was seen of the table", () => {
    const plans = new PlannedSelects();
    const statement = select("SELECT Id FROM Customer");
    expect(plans.plan(statement, environment()).cost.basis).toBe("assumed");
    expect(
      plans.plan(statement, environment({ statistics: { rows: () => 450, testClocks: () => 0 } })).cost.requests,
    ).toBe(5);
    expect(
      plans.plan(statement, environment({ statistics: { rows: () => 950, testClocks: () => 0 } })).cost.requests,
    ).toBe(10);
  });
});
