import * as fc from "fast-check";
import type { PostgresTypeName } from "../../src/gateway/types/postgres-type.js";

// Values of PostgreSQL's types, the same in each run, and how its SQL says them.

const seed = 20261101;

export const sample = <Value>(arbitrary: fc.Arbitrary<Value>, numRuns: number): readonly Value[] =>
  fc.sample(arbitrary, { numRuns, seed });

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const sendFunctions: Readonly<Record<PostgresTypeName, string>> = {
  ...{ bool: "boolsend", bytea: "byteasend", name: "namesend", int8: "int8send", int2: "int2send", int4: "int4send" },
  ...{ text: "textsend", json: "json_send", float4: "float4send", float8: "float8send", bpchar: "bpcharsend" },
  ...{ varchar: "varcharsend", date: "date_send", timestamp: "timestamp_send", timestamptz: "timestamptz_send" },
  ...{ numeric: "numeric_send", uuid: "uuid_send", jsonb: "jsonb_send" },
};

export const bigint = (bits: number): fc.Arbitrary<bigint> =>
  fc
    .tuple(fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }), fc.nat({ max: bits - 1 }))
    .map(([value, shift]) => value >> BigInt(shift));
export const powers = Array.from({ length: 38 }, (_, power) => 10n ** BigInt(power)).flatMap((power) => [
  power,
  -power,
  power - 1n,
  power + 1n,
]);

/** The wall clock of microseconds since 1970-01-01, added up by PostgreSQL. */
export const timestampSql = (microseconds: bigint, type: string): string =>
  `${type} '1970-01-01 00:00:00+00' + ${Math.trunc(Number(microseconds / 86_400_000_000n))} * interval '24 hours' + ${microseconds % 86_400_000_000n} * interval '1 microsecond'`;

const earliest = -210_866_803_200_000_000n;
const latest = 2n ** 63n - 2n;
export const instants = fc.oneof(
  fc.bigInt({ min: earliest, max: latest }),
  fc.bigInt({ min: -3_000_000_000_000_000n, max: 5_000_000_000_000_000n }),
  fc.integer({ min: -2_208_988_800, max: 4_102_444_800 }).map((seconds) => BigInt(seconds) * 1_000_000n),
);

/** JSON of any kind, with numbers that no double holds. */
export const jsonNumber = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
    fc.nat({ max: 30 }),
    fc.integer({ min: -40, max: 40 }),
    fc.nat({ max: 3 }),
  )
  .map(([number, zeros, exponent, kind]) => {
    const whole = String(number);
    if (kind === 0) return whole;
    if (kind === 1) return `${whole}.${"0".repeat(zeros)}${Math.abs(exponent)}0`;
    return kind === 2 ? `${whole}e${exponent}` : `${whole}.${zeros}E${exponent < 0 ? exponent : `+${exponent}`}`;
  });
export const word = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => !/[\0\p{Surrogate}]/u.test(text));
const key = fc.oneof(
  word,
  fc.constantFrom("a", "b", "aa", "é", "z", "😀", "~~~~", "", "__proto__", "10", "9", "constructor"),
);
export const jsonTexts: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom("null", "true", "false", "-0", "-0.0", "0.10", "1e3", "[]", "{}"),
    jsonNumber,
    word.map((text) => JSON.stringify(text)),
    fc.array(tie("value"), { maxLength: 5 }).map((items) => `[${items.join(",")}]`),
    fc
      .array(fc.tuple(key, tie("value")), { maxLength: 6 })
      .map((pairs) => `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(" , ")}}`),
  ),
})).value;
