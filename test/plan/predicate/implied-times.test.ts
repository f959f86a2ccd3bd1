import { describe, expect, it } from "vitest";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import { readPredicates } from "../../../src/plan/predicate/read-predicate.js";
import type { TimeZone } from "../../../src/value/time-zone.js";
import { utc } from "../../../src/value/time-zone.js";
import { openOracle } from "../../support/oracle.js";
import { statementOf } from "../../support/statement-planning.js";
import { zoneNamed } from "../../support/zone-named.js";

const oracle = openOracle();

const start = Date.UTC(2025, 8, 1) / 1000;
/** Every few hours of more than a year, at uneven times, and the starts of days. */
const times = Array.from({ length: 1600 }, (_, index) =>
  index % 4 === 0 ? start + (index / 4) * 86_400 : start + index * 26_003,
);

function impliedBy(condition: string, zone: TimeZone): readonly Predicate[] {
  const { query } = statementOf(
    `SELECT 1 FROM t WHERE (${condition}) AND TRUE AND (1 = 1 OR upper('a') = 'b')`,
    "select",
  );
  if (query.kind !== "select" || query.where === undefined) throw new Error(`not understood: ${condition}`);
  return readPredicates(query.where, {
    parameters: [],
    nowSeconds: 0,
    zone,
    resolve: ({ name }) => (name === "Created" ? "Created" : undefined),
    typeOf: () => "TIMESTAMPTZ",
    isNullable: () => false,
  });
}

function holds(predicate: Predicate, seconds: number): boolean {
  if (predicate.kind === "or")
    return predicate.branches.some((branch) => branch.every((inner) => holds(inner, seconds)));
  if (predicate.kind !== "compare" || predicate.value.type !== "timestamp") return true;
  const bound = predicate.value.seconds;
  return { "<": seconds < bound, "<=": seconds <= bound, ">": seconds > bound, ">=": seconds >= bound }[
    predicate.operator as "<"
  ];
}

const operators = ["<", "<=", "=", ">=", ">"];
const then = "TIMESTAMPTZ '2026-03-20 10:30:00Z'";

const conditions = [
  ...operators.flatMap((operator) => [
    `date_diff('day', Created, ${then}) ${operator} 40`,
    `date_diff('month', Created, ${then}) ${operator} 2`,
    `date_diff('hour', Created, ${then}) ${operator} 500`,
    `date_diff('year', ${then}, Created) ${operator} -1`,
    `date_diff('quarter', ${then}, Created) ${operator} 1`,
    `DATE '2026-03-20' - Created::DATE ${operator} 12`,
    `Created::DATE - DATE '2026-03-20' ${operator} 12`,
    `${then} - Created ${operator} INTERVAL '20 days 3 hours'`,
    `Created - ${then} ${operator} INTERVAL 20 DAY`,
    `age(${then}, Created) ${operator} INTERVAL 14 DAY`,
    `epoch_ms(Created) ${operator} 1774000000000`,
    `epoch(Created::TIMESTAMP) ${operator} 1774000000`,
    `(Created, 'b') ${operator} (${then}, 'a')`,
    `year(Created) = 2026 AND month(Created) ${operator} 4`,
    `extract(year FROM Created) = 2026 AND quarter(Created) ${operator} 2`,
  ]),
  "year(Created) = 2026 AND month(Created) = 2 AND day(Created) BETWEEN 20 AND 31",
  "year(Created) IN (2025, 2026) AND date_part('month', Created) IN (10, 11)",
  "year(Created) = 2026 AND month(Created) BETWEEN 2 AND 4 AND day(Created) = 3",
  ...["2026%", "2026-0%", "2026-03%", "2026-02-%", "2026-02-2%", "2026-02-28%", "2026-03-08 1%", "2025-1_-03%"].map(
    (pattern) => `Created::VARCHAR LIKE '${pattern}'`,
  ),
  "CAST(Created::DATE AS VARCHAR) LIKE '2026-03-0%'",
];

describe.each([utc, zoneNamed("America/New_York"), zoneNamed("Asia/Kolkata")])("in $name", (zone) => {
  it("what follows of a time from a condition holds of all times of which the condition does", async () => {
    await oracle.rows(`SET TimeZone = '${zone.name}'`);
    await oracle.rows(`CREATE OR REPLACE TABLE times AS SELECT to_timestamp(unnest([${times}])) AS "Created"`);
    let met = 0;
    for (const condition of conditions) {
      const implied = impliedBy(condition, zone);
      const rows = await oracle.rows(`SELECT epoch("Created")::BIGINT FROM times WHERE ${condition}`);
      met += rows.length > 0 ? 1 : 0;
      const kept = times.filter((seconds) => implied.every((predicate) => holds(predicate, seconds)));
      const missed = rows.map(([seconds]) => Number(seconds)).filter((seconds) => !kept.includes(seconds));
      expect(missed, condition).toEqual([]);
      expect(rows.length < times.length && kept.length === times.length, `${condition} bounds nothing`).toBe(false);
    }
    expect(met).toBeGreaterThan(conditions.length * 0.8);
    await oracle.rows("SET TimeZone = 'UTC'");
  });
});
