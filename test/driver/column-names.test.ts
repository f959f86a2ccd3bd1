import { describe, expect, it } from "vitest";
import { printResult } from "../../src/output/print-result.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });
async function headings(sql: string): Promise<readonly string[]> {
  const { columns, rows } = await running.query(sql);
  for (const row of rows) expect(Object.keys(row)).toEqual(columns.map(({ name }) => name));
  const described = await running.connection.describeStatement(sql);
  expect(described.columns).toEqual(columns);
  const withoutDirectWay = await running.open({ directWay: false });
  expect((await withoutDirectWay.query(sql)).columns).toEqual(columns);
  return columns.map(({ name, heading }) => heading ?? name);
}

// Each as PostgreSQL 16 heads it.
const expected: readonly (readonly [items: string, names: string])[] = [
  ["count(*), sum(Balance), max(Created), COUNT(DISTINCT Email)", "count sum max count"],
  ["count(*) FILTER (WHERE Balance > 0), avg(Balance) + 1", "count ?column?"],
  [
    "1, 'a', NULL, TRUE, -Balance, Balance + 1, Email || 'x' FROM_",
    "?column? ?column? ?column? ?column? ?column? ?column? ?column?",
  ],
  [
    "date_trunc('day', Created), extract(year FROM Created), date_part('year', Created) FROM_",
    "date_trunc extract date_part",
  ],
  [
    "CAST(Balance AS int), Balance::text, 1::int, '1'::text, DATE '2026-01-01', INTERVAL '1 day' FROM_",
    "Balance Balance int4 varchar date interval",
  ],
  ["CASE WHEN Balance > 0 THEN 1 END, CASE WHEN Balance > 0 THEN 1 ELSE Balance END FROM_", "case Balance"],
  [
    "coalesce(Email, Name), nullif(Email, ''), upper(Email), trim(Email), substring(Email FROM 2) FROM_",
    "coalesce nullif upper btrim substring",
  ],
  [
    "ARRAY[Email], ['x'], EXISTS (SELECT 1), (SELECT max(Id) FROM Product), (SELECT 1 AS one) FROM_",
    "array array exists max one",
  ],
  [
    "Email LIKE 'a', Email IN ('a'), Email IS NULL, NOT Delinquent, Balance BETWEEN 1 AND 2 FROM_",
    "?column? ?column? ?column? ?column? ?column?",
  ],
  [
    "Email ~ 'a', Email !~ 'a', Email SIMILAR TO 'a', regexp_full_match(Email, 'a') FROM_",
    "?column? ?column? ?column? regexp_full_match",
  ],
  ["row_number() OVER (ORDER BY Id), sum(Balance) OVER () FROM_", "row_number sum"],
  ["Created AT TIME ZONE 'UTC', Metadata->>'a', current_date FROM_", "timezone ?column? current_date"],
  ['Email AS "count(*)", lower(Email) AS l, c.Email, email FROM_', "count(*) l Email Email"],
];

describe("a column without an alias is headed as in PostgreSQL", () => {
  it.each(expected)("%s", async (items, names) => {
    expect(await headings(`SELECT ${items.replace(" FROM_", "")} FROM Customer c`)).toEqual(names.split(" "));
  });

  it("beside a star, before and behind it", async () => {
    const star = await headings("SELECT * FROM Product");
    expect(await headings("SELECT upper(Name), p.*, lower(Name), 1 FROM Product p")).toEqual([
      "upper",
      ...star,
      "lower",
      "?column?",
    ]);
    expect(await headings("SELECT upper(Name), _json->>'id' FROM Product")).toEqual(["upper", "?column?"]);
  });

  it("in a set operation as its first branch says, through common tables and in RETURNING", async () => {
    expect(await headings("SELECT count(*) FROM Customer UNION ALL SELECT max(Balance) AS m FROM Customer")).toEqual([
      "count",
    ]);
    expect(
      await headings("WITH x AS (SELECT count(*) AS n FROM Customer) SELECT sum(n), n + 1 FROM x GROUP BY n"),
    ).toEqual(["sum", "?column?"]);
    const { columns } = await running.query("INSERT INTO Customer (Name) VALUES ('n') RETURNING upper(Name), 1");
    expect(columns.map(({ name }) => name)).toEqual(["upper", "?column?"]);
  });

  it("while the statement itself goes on by the engine's names", async () => {
    expect(await headings('SELECT "count_star()" FROM (SELECT count(*) FROM Customer) x')).toEqual(["count_star()"]);
    const { columns } = await running.query("SELECT Balance, count(*) FROM Customer GROUP BY ALL ORDER BY count(*), 1");
    expect(columns.map(({ name }) => name)).toEqual(["Balance", "count"]);
  });

  it("in rows by distinct names, in printed tables as it is", async () => {
    const sql = "SELECT 1, 2, count(*) FROM Customer";
    expect((await running.query(sql)).rows[0]).toMatchObject({ "?column?": 1, "?column?_1": 2 });
    for (const [format, first] of [
      ["csv", "?column?,?column?,count\r\n"],
      ["table", " ?column? | ?column? | count\n"],
    ] as const) {
      const pieces: string[] = [];
      const rows = running.connection.stream(sql);
      for await (const piece of printResult(rows, format, { width: undefined, expanded: "off" })) pieces.push(piece);
      expect(pieces.join("").startsWith(first)).toBe(true);
    }
  });
});
