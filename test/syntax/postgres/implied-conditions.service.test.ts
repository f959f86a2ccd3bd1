import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { domainOf } from "../../../src/plan/predicate/domain.js";
import type { Predicate } from "../../../src/plan/predicate/predicate.js";
import { readPredicates } from "../../../src/plan/predicate/read-predicate.js";
import type { SqlType } from "../../../src/value/sql-type.js";
import type { TimeZone } from "../../../src/value/time-zone.js";
import { utc } from "../../../src/value/time-zone.js";
import type { PostgresServer } from "../../support/postgres-server.js";
import { startPostgresServer } from "../../support/postgres-server.js";
import { postgresQuery } from "../../support/read-postgres.js";
import { zoneNamed } from "../../support/zone-named.js";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgresServer();
});
afterAll(() => postgres.close());

interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  /** In whole seconds, as Stripe's times are. */
  readonly created: number;
  readonly amount: number | null;
  readonly delinquent: boolean | null;
  readonly metadata: Readonly<Record<string, string>>;
}

const types: Readonly<Record<keyof Row, SqlType>> = {
  id: "VARCHAR",
  name: "VARCHAR",
  email: "VARCHAR",
  created: "TIMESTAMPTZ",
  amount: "BIGINT",
  delinquent: "BOOLEAN",
  metadata: "JSON",
};

const names = ["a", "A", "Jenny Rosen", "jenny_rosen", "jenny\\rosen", "100%", "x ", "x", "", "Ærø", null];
const values = ["v", "V", "1", "$.k", ""];
const start = Date.UTC(2025, 9, 1) / 1000;

/** Times over fourteen months, at midnights, at clock changes, and within the last days. */
const rows: readonly Row[] = Array.from({ length: 600 }, (_, index) => ({
  id: `r${index}`,
  name: names[index % names.length] ?? null,
  email: index % 7 === 0 ? null : `${names[index % 5]}@example.com`,
  created: createdAt(index),
  amount: index % 13 === 0 ? null : ([1, 2, 7, 10, 11, 100, -5, 1000, 0][index % 9] ?? 0),
  delinquent: [true, false, null][index % 3] ?? null,
  metadata: index % 4 === 0 ? {} : { k: values[index % 5] ?? "", "$.k": "w", order_id: `${index % 3}` },
}));

function createdAt(index: number): number {
  if (index < 40) return Math.floor(Date.now() / 1000) - index * 7_201;
  if (index < 120) return Date.UTC(2026, 2, 8, 0) / 1000 + (index - 40) * 1800;
  if (index < 200) return Date.UTC(2026, 10, 1, 0) / 1000 + (index - 120) * 1800;
  return index % 4 === 0 ? start + (index - 200) * 86_400 : start + (index - 200) * 93_001;
}

const comparisons = ["=", "<>", "<", "<=", ">", ">="];
const moments = [
  ...["'2026-03-08'", "'2026-1-5'", "'2026-03-08 02:30:00'", "'2026-11-01 01:30:00'", "'2026-11-01 00:30'"],
  ...[
    "'Jan 5 2026'",
    "'20260105'",
    "'2026-01-05T10:00:00Z'",
    "'2026-01-05 10:00:00 America/New_York'",
    "'2026-01-05 10:00+05:30'",
  ],
  ...["'infinity'", "'-infinity'", "'epoch'", "'yesterday'", "'today'", "'tomorrow'", "'now'", "'2026-01-05 24:00:00'"],
  ...[
    "'2026-01-05 10:00:00.5'",
    "'2026-01-05 10:00:00.9'::timestamptz(0)",
    "'2026-03-08'::date",
    "DATE '2026-11-01' + 1",
  ],
  ...["TIMESTAMP '2026-03-08 02:30:00'", "TIMESTAMPTZ '2026-01-05 10:00:00+02'", "'2026-01-05 10:00:00+02'::timestamp"],
  ...[
    "now()",
    "CURRENT_TIMESTAMP(0)",
    "current_date",
    "current_date - 7",
    "now() - INTERVAL '1 day'",
    "localtimestamp",
  ],
  ...[
    "now() - INTERVAL '36 hours'",
    "now() - INTERVAL '1 mon'",
    "now() - INTERVAL '7' DAY",
    "now() - INTERVAL '1 day -2 hours'",
  ],
  ...[
    "now() - INTERVAL '1.5 days'",
    "now() - INTERVAL 'P1D'",
    "now() - INTERVAL '1 day ago'",
    "now() - INTERVAL '36 hours' DAY",
  ],
  ...["date_trunc('month', now())", "date_trunc('week', current_date)", "date_trunc('day', now()) - INTERVAL '1 day'"],
  ...[
    "TIMESTAMPTZ '2026-03-07 12:00:00' + INTERVAL '1 day'",
    "DATE '2026-01-31' + INTERVAL '1 month'",
    "to_timestamp(1767225600)",
  ],
  ...[
    "make_timestamptz(2026, 3, 8, 2, 30, 0)",
    "make_date(2026, 3, 8)",
    "coalesce(NULL, TIMESTAMPTZ '2026-01-05')",
    "NULL",
  ],
  ...[
    "CASE WHEN 'a' = 'b' THEN now() ELSE now() - INTERVAL '2 days' END",
    "'2026-01-05'::timestamp AT TIME ZONE 'Asia/Tokyo'",
  ],
];
const days = ["'2026-03-08'", "DATE '2026-11-01'", "current_date", "current_date - 3"];

const atoms: readonly string[] = [
  ...comparisons.flatMap((operator) => [
    ...moments.map((moment) => `created ${operator} ${moment}`),
    ...days.flatMap((day) => [
      `created::date ${operator} ${day}`,
      `date_trunc('day', created) ${operator} ${day}`,
      `date_trunc('month', created) ${operator} ${day}`,
      `date_trunc('week', created) ${operator} ${day}`,
      `${day} ${operator} created::timestamp`,
      `(created AT TIME ZONE 'Asia/Tokyo')::date ${operator} ${day}`,
      `created AT TIME ZONE 'America/New_York' ${operator} ${day}`,
      `created + INTERVAL '3 days' ${operator} ${day}`,
      `created - INTERVAL '1 mon' ${operator} ${day}`,
    ]),
    `extract(year FROM created) ${operator} 2026`,
    `extract(year FROM created) = 2026 AND extract(month FROM created) ${operator} 3`,
    `date_part('year', created) = 2026 AND date_part('quarter', created) ${operator} 1`,
    `extract(epoch FROM created) ${operator} 1772900000`,
    `to_char(created, 'YYYY-MM-DD') ${operator} '2026-03-08'`,
    `to_char(created, 'yyyy-mm') ${operator} '2026-03'`,
    `to_char(created, 'YYYY') ${operator} '2026'`,
    `to_char(created, 'Mon DD') ${operator} 'Mar 08'`,
    `extract(epoch FROM created::timestamp) ${operator} 1772900000`,
    `now() - created ${operator} INTERVAL '2 days 3 hours'`,
    `age(TIMESTAMPTZ '2026-03-20', created) ${operator} INTERVAL '10 days'`,
    `age(created) ${operator} INTERVAL '20 days'`,
    `current_date - created::date ${operator} 10`,
    `created::date - DATE '2026-03-08' ${operator} 2`,
    `(created, id) ${operator} ('2026-03-08'::timestamptz, 'r50')`,
    `amount ${operator} 10`,
    `amount ${operator} '10'`,
    `amount ${operator} 1e1`,
    `amount ${operator} 10.5`,
    `10 ${operator} amount`,
    `amount ${operator} 5 * 2`,
    `amount ${operator} 21 / 2`,
    `amount ${operator} -5`,
    `amount / 3 ${operator} 3`,
    `amount % 3 ${operator} 1`,
    `name ${operator} 'Jenny Rosen'`,
    `name ${operator} 'a'`,
    `name || 'b' ${operator} 'ab'`,
    `name ${operator} 'x '::char(5)`,
    `name ${operator} 'abc'::varchar(1)`,
    `name ${operator} 'a' || ''`,
    `lower(name) ${operator} 'a'`,
    `name ${operator} upper('a')`,
    `name COLLATE "C" ${operator} 'a'`,
    `(name, email) ${operator} ('a', 'a@example.com')`,
    `metadata->>'k' ${operator} 'v'`,
    `metadata #>> '{k}' ${operator} 'v'`,
    `metadata->>'$.k' ${operator} 'w'`,
    `metadata->'k' ${operator} '"v"'`,
    `delinquent ${operator} TRUE`,
    `delinquent ${operator} 'f'`,
    `'a' ${operator} 'B'`,
    `1 ${operator} 2`,
  ]),
  ...[
    "%",
    "jenny%",
    "%rosen",
    "jenny\\_rosen",
    "jenny_rosen",
    "jenny\\\\rosen",
    "%y\\\\r%",
    "100\\%",
    "a",
    "%enny%",
    "",
  ].flatMap((pattern) => [
    `name LIKE '${pattern}'`,
    `name NOT LIKE '${pattern}'`,
    `name ILIKE '${pattern}'`,
    `name LIKE '${pattern}' ESCAPE '!'`,
    `name ~~* '${pattern}'`,
    `name SIMILAR TO '${pattern}'`,
  ]),
  "name LIKE '%!_%' ESCAPE '!'",
  "name ^@ 'jenny'",
  "starts_with(name, 'Jenny')",
  "name ~ 'enny'",
  ...["2026-%", "2026-03-0%", "2026-11-01 0%"].map((pattern) => `created::text LIKE '${pattern}'`),
  ...["name", "amount", "delinquent", "metadata->>'k'", "created", "NULL", "coalesce(name, email)"].flatMap(
    (operand) => [`${operand} IS NULL`, `${operand} IS NOT NULL`],
  ),
  ...["delinquent", "name = 'a'", "NULL", "amount > 5"].flatMap((operand) =>
    ["TRUE", "FALSE", "UNKNOWN"].flatMap((truth) => [`(${operand}) IS ${truth}`, `(${operand}) IS NOT ${truth}`]),
  ),
  ...["'a', 'x'", "NULL", "'a', NULL", "'Jenny Rosen', lower('A')"].flatMap((list) => [
    `name IN (${list})`,
    `name NOT IN (${list})`,
  ]),
  ...[
    "'{a,x}'",
    "'{}'",
    "'{NULL}'",
    "'{a,NULL}'",
    "ARRAY['a', 'x']",
    "'{a,\"x \"}'::text[]",
    "NULL",
    "'{abc}'::varchar(1)[]",
  ].flatMap((array) => [
    `name = ANY(${array})`,
    `name <> ALL(${array})`,
    `name <> ANY(${array})`,
    `name = ALL(${array})`,
    `name > ANY(${array})`,
  ]),
  ...["'{1,2}'", "'{1,2}'::int[]", "ARRAY[1, 100]", "ARRAY[1, NULL]::bigint[]"].flatMap((array) => [
    `amount = ANY(${array})`,
    `amount <> ALL(${array})`,
  ]),
  "created = ANY('{2026-03-08,2026-03-08 01:00+00}')",
  "created IN ('2026-03-08', TIMESTAMPTZ '2026-03-08 01:00+00', now())",
  "created IN ('2026-03-08', 'Mar 8 2026 01:00')",
  "created::date = ANY('{2026-03-08}'::date[])",
  "created::date IN ('2026-03-08', '2026-11-01')",
  "created BETWEEN '2026-03-08' AND '2026-03-09 12:00'",
  "created NOT BETWEEN '2026-03-08' AND '2026-03-09 12:00'",
  "created BETWEEN SYMMETRIC '2026-03-09' AND '2026-03-08'",
  "amount NOT BETWEEN SYMMETRIC 10 AND 1",
  "amount BETWEEN 10 AND 1",
  "(name, amount) IN (('a', 1), ('x', 10))",
  "(name, amount) NOT IN (('a', 1), ('x', 10))",
  "(name, amount) = ROW('a', 1)",
  "name IS DISTINCT FROM 'a'",
  "name IS NOT DISTINCT FROM NULL",
  "metadata->>'k' IN ('v', '1')",
  'metadata @> \'{"k": "v"}\'',
  "metadata ? 'k'",
  "metadata = '{}'",
  "metadata->>'k' = ANY('{v,1}')",
  "delinquent",
  "name = coalesce(NULL, 'a')",
  "name = CASE WHEN 1 = 2 THEN 'x' ELSE 'a' END",
  "CASE amount WHEN 10 THEN name = 'a' ELSE amount > 5 END",
  "name = nullif('a', 'b')",
  "amount::text = '10'",
  "name IN (SELECT 'a')",
  "TRUE",
  "FALSE",
  "NULL::boolean",
];

const combined = fc.letrec<{ readonly condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...atoms.map((atom) => `(${atom})`)),
    fc
      .tuple(tie("condition"), fc.constantFrom("AND", "OR"), tie("condition"))
      .map(([left, word, right]) => `(${left} ${word} ${right})`),
    tie("condition").map((inner) => `(NOT ${inner})`),
  ),
})).condition;

function holds(predicate: Predicate, row: Row): boolean {
  switch (predicate.kind) {
    case "compare":
    case "any-of": {
      const column = predicate.column as keyof Row;
      const domain = domainOf(predicate, types[column]);
      const value = row[column];
      if (domain === undefined) return true;
      if (value === null || typeof value === "object") return false;
      const { values, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = domain;
      if (values !== undefined && !values.includes(value)) return false;
      return typeof value !== "number" || (value >= minimum && value <= maximum);
    }
    case "text": {
      const { key, values } = predicate;
      if (key !== undefined) return values.includes(row.metadata[key] ?? "none");
      const text = String(row[predicate.column as keyof Row] ?? "").toLowerCase();
      return values.some((part) => text.includes(part.toLowerCase()));
    }
    case "or":
      return predicate.branches.some((branch) => branch.every((inner) => holds(inner, row)));
    case "never":
      return false;
    case "joined":
    case "bounded":
    case "opaque":
      return true;
  }
}

async function predicatesOf(condition: string, nowSeconds: number, zone: TimeZone): Promise<readonly Predicate[]> {
  const query = await postgresQuery(`SELECT 1 FROM t WHERE ${condition}`);
  if (query.kind !== "select" || query.where === undefined) throw new Error(`not understood: ${condition}`);
  return readPredicates(query.where, {
    parameters: [],
    nowSeconds,
    zone,
    resolve: ({ name }) => (name in types ? name : undefined),
    typeOf: (name) => types[name as keyof Row],
    isNullable: (name) => name !== "created" && name !== "id",
  });
}

const text = (value: string | null): string => (value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`);

const table = `CREATE TEMP TABLE t (id text, name text, email text, created timestamptz, amount int8, delinquent boolean, metadata jsonb);
  INSERT INTO t VALUES ${rows
    .map(
      (row) =>
        `(${text(row.id)}, ${text(row.name)}, ${text(row.email)}, to_timestamp(${row.created}), ${row.amount ?? "NULL"}, ${row.delinquent ?? "NULL"}, ${text(JSON.stringify(row.metadata))})`,
    )
    .join(", ")};`;

describe.each([utc, zoneNamed("America/New_York"), zoneNamed("Asia/Kolkata"), zoneNamed("Australia/Lord_Howe")])(
  "in $name",
  (zone) => {
    it("what the planner takes from a condition holds of all rows of which PostgreSQL says that it does", async () => {
      const conditions = [
        ...new Set([
          ...atoms,
          ...atoms.map((atom) => `NOT (${atom})`),
          ...fc.sample(combined, { numRuns: 1500, seed: 20261129 }),
        ]),
      ];
      const nowSeconds = Date.now() / 1000;
      const finding = conditions.map(
        (condition, index) => `INSERT INTO found SELECT ${index}, string_agg(id, ' ') FROM t WHERE ${condition};`,
      );
      const results = postgres.rows(
        `SET TimeZone = '${zone.name}'; ${table} CREATE TEMP TABLE found (condition int, ids text);
         ${finding.join("\n")}
         SELECT * FROM found;`,
      );
      expect(results).toHaveLength(conditions.length);
      const byId = new Map(rows.map((row) => [row.id, row]));
      const wrong: string[] = [];
      let bounding = 0;
      for (const [index, ids] of results) {
        const condition = conditions[Number(index)] ?? "";
        const predicates = await predicatesOf(condition, nowSeconds, zone);
        const found = (ids ?? "").split(" ").flatMap((id) => byId.get(id) ?? []);
        const missed = found.filter((row) => !predicates.every((predicate) => holds(predicate, row)));
        if (missed.length > 0)
          wrong.push(`${condition}: ${missed.map(({ id }) => id).slice(0, 5)} of ${JSON.stringify(predicates)}`);
        if (rows.some((row) => !predicates.every((predicate) => holds(predicate, row)))) bounding += 1;
      }
      expect(wrong).toEqual([]);
      expect(bounding).toBeGreaterThan(conditions.length / 3);
    });
  },
);
