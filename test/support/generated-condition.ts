import fc from "fast-check";
import type { SqlValue } from "../../src/driver/api.js";
import type { SampledColumn, TableSample } from "./table-sample.js";

/** SQL with `?` for each of its parameters, in order. */
export interface GeneratedSql {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/**
 * Conditions over a table's columns: values that stand in the data and such as just miss them, every
 * comparison, IN, BETWEEN, LIKE, IS NULL, and these under AND, OR and NOT in any nesting.
 */
export function conditionOn(sample: TableSample, alias?: string): fc.Arbitrary<GeneratedSql> {
  const leaf = columnOf(sample).chain((column) => leafOn(column, alias === undefined ? "" : `${alias}.`));
  return fc.letrec<{ condition: GeneratedSql }>((tie) => ({
    condition: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      { weight: 2, arbitrary: fc.tuple(tie("condition"), tie("condition")).map((parts) => joined(parts, "AND")) },
      {
        weight: 1,
        arbitrary: fc
          .array(tie("condition"), { minLength: 2, maxLength: 3 })
          .map((parts) => around("(", joined(parts, "OR"), ")")),
      },
      { weight: 1, arbitrary: tie("condition").map((part) => around("NOT (", part, ")")) },
    ),
  })).condition;
}

/** One comparison with a column that Stripe filters by: what is pushed alone, and then trusted. */
export function comparisonOn({ columns }: TableSample): fc.Arbitrary<GeneratedSql> {
  const filterable = columns.filter((column) => column.filterable);
  return fc.constantFrom(...(filterable.length === 0 ? columns : filterable)).chain((column) => {
    const operator = fc.constantFrom("=", "<", "<=", ">", ">=");
    return fc.tuple(operator, valueFor(column)).map(([sign, given]) => around(`${column.name} ${sign} `, given, ""));
  });
}

/** Columns with a filter come up more often: those are what is pushed. */
function columnOf({ columns }: TableSample): fc.Arbitrary<SampledColumn> {
  const filterable = columns.filter((column) => column.filterable);
  const whole = fc.constantFrom(...columns);
  if (filterable.length === 0) return whole;
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...filterable) }, { weight: 1, arbitrary: whole });
}

const plain = (sql: string): GeneratedSql => ({ sql, parameters: [] });

export function joined(parts: readonly GeneratedSql[], separator: string): GeneratedSql {
  return {
    sql: parts.map(({ sql }) => sql).join(` ${separator} `),
    parameters: parts.flatMap(({ parameters }) => parameters),
  };
}

export function around(before: string, { sql, parameters }: GeneratedSql, after: string): GeneratedSql {
  return { sql: `${before}${sql}${after}`, parameters };
}

function leafOn(column: SampledColumn, qualifier: string): fc.Arbitrary<GeneratedSql> {
  const name = `${qualifier}${column.name}`;
  const value = valueFor(column);
  const operator = fc.constantFrom("=", "<>", "<", "<=", ">", ">=");
  const truth = ["", " IS TRUE", " IS FALSE", " IS NOT TRUE", " = TRUE", " <> TRUE"].map((test) => plain(name + test));
  return fc.oneof(
    { weight: 4, arbitrary: value.map((given) => around(`${name} = `, given, "")) },
    { weight: 4, arbitrary: fc.tuple(operator, value).map(([sign, given]) => around(`${name} ${sign} `, given, "")) },
    { weight: 1, arbitrary: fc.tuple(operator, value).map(([sign, given]) => around("", given, ` ${sign} ${name}`)) },
    { weight: 3, arbitrary: membership(name, value) },
    { weight: 2, arbitrary: between(name, value) },
    { weight: 1, arbitrary: fc.constantFrom(plain(`${name} IS NULL`), plain(`${name} IS NOT NULL`)) },
    ...(column.type === "VARCHAR" ? [{ weight: 1, arbitrary: pattern(name, column) }] : []),
    ...(column.type === "BOOLEAN" ? [{ weight: 5, arbitrary: fc.constantFrom(...truth) }] : []),
  );
}

function membership(name: string, value: fc.Arbitrary<GeneratedSql>): fc.Arbitrary<GeneratedSql> {
  return fc
    .tuple(fc.constantFrom("IN", "IN", "IN", "NOT IN"), fc.array(value, { minLength: 1, maxLength: 4 }))
    .map(([word, given]) => around(`${name} ${word} (`, joined(given, ","), ")"));
}

function between(name: string, value: fc.Arbitrary<GeneratedSql>): fc.Arbitrary<GeneratedSql> {
  return fc
    .tuple(fc.constantFrom("", "", "NOT "), value, value)
    .map(([not, low, high]) => around(`(${name} ${not}BETWEEN `, joined([low, high], "AND"), ")"));
}

function pattern(name: string, { values }: SampledColumn): fc.Arbitrary<GeneratedSql> {
  const text = fc.constantFrom(...values.map(String), "a");
  return fc
    .tuple(fc.constantFrom("LIKE", "NOT LIKE", "ILIKE"), text, fc.nat(6))
    .map(([word, sample, length]) => plain(`${name} ${word} ${quoted(`${sample.slice(0, length)}%`)}`));
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const asParameter = (value: SqlValue): GeneratedSql => ({ sql: "?", parameters: [value] });
const nothing = plain("NULL");

function valueFor(column: SampledColumn): fc.Arbitrary<GeneratedSql> {
  return fc.oneof({ weight: 15, arbitrary: presentValueFor(column) }, { weight: 1, arbitrary: fc.constant(nothing) });
}

function presentValueFor({ type, values }: SampledColumn): fc.Arbitrary<GeneratedSql> {
  switch (type) {
    case "VARCHAR":
      return fc.constantFrom(...values.map(String), "outstanding").chain(textForms);
    case "TIMESTAMPTZ":
      return fc
        .constantFrom(...values.map((value) => new Date(String(value)).getTime()), Date.UTC(2026, 0, 1))
        .chain(timeForms);
    case "BOOLEAN":
      return fc.constantFrom(plain("TRUE"), plain("FALSE"), plain("'true'"), asParameter(true), asParameter(false));
    default:
      return fc.constantFrom(...values.map(Number), 0).chain(numberForms);
  }
}

/** The value itself most often; else another case, a longer text, or none. */
function textForms(value: string): fc.Arbitrary<GeneratedSql> {
  const exact = [plain(quoted(value)), asParameter(value)];
  const misses = [value.toUpperCase(), `${value}x`, ` ${value}`, value.slice(0, -1), ""].map((text) =>
    plain(quoted(text)),
  );
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...exact) }, fc.constantFrom(...misses));
}

function numberForms(value: number): fc.Arbitrary<GeneratedSql> {
  const near = [value + 1, value - 1, value + 0.5, value - 0.5, -value, 9_007_199_254_740_991];
  return fc.constantFrom(
    plain(String(value)),
    plain(`${value}.0`.replace(/(\.\d+)\.0$/, "$1")),
    plain(quoted(String(value))),
    asParameter(value),
    ...near.map((number) => plain(String(number))),
  );
}

/** A moment in the ways it is written, and moments up to a second and a microsecond from it. */
function timeForms(milliseconds: number): fc.Arbitrary<GeneratedSql> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...writtenTimes(milliseconds)) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(1000, -1000, 500, -500, 1, -1)
        .chain((shift) => fc.constantFrom(...writtenTimes(milliseconds + shift))),
    },
    { weight: 1, arbitrary: fc.constantFrom(...roughTimes(milliseconds)) },
  );
}

function writtenTimes(milliseconds: number): readonly GeneratedSql[] {
  const date = new Date(milliseconds);
  const text = date.toISOString();
  const eastern = new Date(milliseconds + 7_200_000).toISOString().replace("Z", "+02:00");
  return [
    plain(quoted(text)),
    plain(quoted(text.replace("T", " ").replace("Z", "+00"))),
    plain(quoted(text.replace("T", " ").replace("Z", ""))),
    plain(quoted(eastern)),
    plain(`TIMESTAMPTZ ${quoted(text)}`),
    plain(`CAST(${quoted(text)} AS TIMESTAMPTZ)`),
    plain(`to_timestamp(${milliseconds / 1000})`),
    asParameter(date),
    asParameter(text),
  ];
}

function roughTimes(milliseconds: number): readonly GeneratedSql[] {
  const text = new Date(milliseconds).toISOString();
  const day = text.slice(0, 10);
  return [
    quoted(day),
    `DATE ${quoted(day)}`,
    `${quoted(day)}::TIMESTAMP`,
    `date_trunc('month', TIMESTAMPTZ ${quoted(text)})`,
    `TIMESTAMPTZ ${quoted(text)} - INTERVAL '1 microsecond'`,
    `TIMESTAMPTZ ${quoted(text)} + INTERVAL '1 microsecond'`,
    `TIMESTAMPTZ ${quoted(text)} - INTERVAL 1 MONTH`,
    `DATE ${quoted(day)} + INTERVAL '1 day'`,
    "now() - INTERVAL '300 days'",
    "current_date",
    "'1969-12-31'",
    "'2500-01-01'",
    "'infinity'",
  ].map(plain);
}
