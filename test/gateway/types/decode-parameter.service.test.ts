import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { decodeParameter } from "../../../src/gateway/types/decode-parameter.js";
import type { PostgresTypeName } from "../../../src/gateway/types/postgres-type.js";
import { postgresTypes } from "../../../src/gateway/types/postgres-type.js";
import type { Format } from "../../../src/protocol/format-code.js";
import {
  bigint,
  instants,
  jsonNumber,
  jsonTexts,
  quoted,
  sample,
  sendFunctions,
  timestampSql,
  word,
} from "../../support/postgres-samples.js";
import type { PostgresServer } from "../../support/postgres-server.js";
import { startPostgresServer } from "../../support/postgres-server.js";

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgresServer();
});
afterAll(() => postgres.close());

interface Trial {
  readonly text: string;
  readonly type: keyof typeof postgresTypes;
  readonly isArray?: boolean;
}

/** What a text is to PostgreSQL as a type: its own text for the value, or the error. */
function castByPostgres(trials: readonly Trial[]): readonly string[] {
  const rows = trials.map(
    ({ text, type, isArray }, at) => `(${at}, ${quoted(text)}, ${quoted(isArray ? `${type}[]` : type)})`,
  );
  return postgres
    .rows(
      `CREATE OR REPLACE FUNCTION pg_temp.tried(given text, type text) RETURNS text LANGUAGE plpgsql AS $$
       DECLARE result text;
       BEGIN
         EXECUTE format('SELECT (%L::%s)::text', given, type) INTO result;
         RETURN result;
       EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
       END $$;
       SELECT pg_temp.tried(v, t) FROM (VALUES ${rows.join(",\n")}) g(n, v, t) ORDER BY n;`,
    )
    .map(([text]) => text ?? "");
}

function decoded(bytes: Uint8Array, format: Format, typeOid: number): string {
  try {
    return shown(decodeParameter({ bytes, format, typeOid, place: 1 }));
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    return `${error.sqlState} ${error.message}`;
  }
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map((item) => (item === null ? "NULL" : shown(item))).join(",")}}`;
  if (typeof value === "boolean") return String(value);
  return Object.is(value, -0) ? "-0" : String(value);
}

describe("PostgreSQL reads as we do", () => {
  const integers = [
    "0",
    "-0",
    "+7",
    " 12\t",
    "007",
    "1e3",
    "",
    " ",
    "1 2",
    "abc",
    "--1",
    "+",
    "1.5",
    "99999999999999999999",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "32767",
    "32768",
    "-32769",
    "2147483648",
  ];
  const numbers = [
    "1.50",
    "-0.00",
    ".5",
    "5.",
    "1e5",
    "1E-3",
    "nan",
    "NaN",
    "",
    "x",
    "1..2",
    "1e",
    "e5",
    " 7 ",
    "00012",
    "1e131072",
    "123456789012345678901234567890.123",
  ];
  const booleans = [
    "t",
    "TRUE",
    "tr",
    "yes",
    "y",
    "ye",
    "on",
    "o",
    "of",
    "off",
    "1",
    "0",
    "2",
    "n",
    "no",
    "fals",
    "",
    " true ",
    "truee",
  ];
  const uuids = [
    "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
    "a0eebc999c0b4ef8bb6d6bb9bd380a11",
    "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
    "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
    "a0eebc99",
    "{a0eebc999c0b4ef8bb6d6bb9bd380a11",
    "a0eebc999c0b4ef8bb6d6bb9bd380a1-1",
    "",
  ];
  const byteas = [
    "\\x",
    "\\xdeadBEEF",
    "\\x de ad",
    "abc",
    "a\\\\b",
    "\\001é",
    "\\9",
    "\\",
    "a\\",
    "\\400",
    "\\1\\\\01",
  ];

  it("numbers, truth values, UUIDs and bytea of texts", () => {
    const trials: readonly Trial[] = [
      ...(["int2", "int4", "int8"] as const).flatMap((type) => integers.map((text) => ({ text, type }))),
      ...numbers.map((text) => ({ text, type: "numeric" as const })),
      ...booleans.map((text) => ({ text, type: "bool" as const })),
      ...uuids.map((text) => ({ text, type: "uuid" as const })),
      ...byteas.map((text) => ({ text, type: "bytea" as const })),
    ];
    const ours = trials.map(
      ({ text, type }) =>
        `${type} ${JSON.stringify(text)} ${decoded(Buffer.from(text), "text", postgresTypes[type].oid)}`,
    );
    const theirs = castByPostgres(trials).map(
      (result, at) => `${trials[at]?.type} ${JSON.stringify(trials[at]?.text)} ${result}`,
    );
    expect(ours).toEqual(theirs);
  });

  it("whether texts are numbers, JSON and arrays", () => {
    const floats = [
      "1.5",
      "-0",
      "1e400",
      "-1e400",
      "1e-400",
      "inf",
      "-Infinity",
      "+infinity",
      "nan",
      "",
      "1e",
      " 3 ",
      "1_0",
      "infin",
    ];
    const json = ["{}", "[1,2", '{"a":1,}', '"\\u0000"', '"\\\\u0000"', "nul", "", "01", '"\t"', "[1]"];
    const arrays = [
      "{}",
      "{1,2}",
      "{ 1 , 2 }",
      "{1,,2}",
      "{1",
      "1,2}",
      "{{1,2},{3,4}}",
      "{{1},{2,3}}",
      "{1,{2}}",
      '{"1",NULL,null}',
      "[0:1]={1,2}",
      "{1}x",
      "{,}",
      "{1,}",
      '{"1"2}',
      "",
      "{x}",
      '{"unclosed}',
    ];
    const trials: readonly Trial[] = [
      ...(["float4", "float8"] as const).flatMap((type) => floats.map((text) => ({ text, type }))),
      ...(["json", "jsonb"] as const).flatMap((type) => json.map((text) => ({ text, type }))),
      ...arrays.map((text) => ({ text, type: "int8" as const, isArray: true })),
    ];
    const stateOf = (result: string): string => /^[0-9A-Z]{5}(?= )/.exec(result)?.[0] ?? "read";
    const ours = trials.map(({ text, type, isArray }) => {
      const { oid, arrayOid } = postgresTypes[type];
      return `${type} ${JSON.stringify(text)} ${stateOf(decoded(Buffer.from(text), "text", isArray ? arrayOid : oid))}`;
    });
    const theirs = castByPostgres(trials).map(
      (result, at) => `${trials[at]?.type} ${JSON.stringify(trials[at]?.text)} ${stateOf(result)}`,
    );
    expect(ours).toEqual(theirs);
  });

  it("arrays of texts", () => {
    const texts = [
      "{a,b}",
      '{"a b",NULL,"NULL",""}',
      "{ a b , c }",
      '{"x\\"y",z\\,w,\\{}',
      "{{a,b},{c,NULL}}",
      "{\\ a\\ }",
      "[2:3]={a,b}",
    ];
    const rows = texts.map((text, at) => `(${at}, ${quoted(text)}::text[])`).join(",");
    const theirs = postgres.rows(`SELECT array_to_json(v)::text FROM (VALUES ${rows}) AS given(n, v) ORDER BY n;`);
    const ours = texts.map((text) => [
      JSON.stringify(
        decodeParameter({ bytes: Buffer.from(text), format: "text", typeOid: postgresTypes.text.arrayOid, place: 1 }),
      ),
    ]);
    expect(ours).toEqual(theirs);
  });

  it("what it writes in its binary form", () => {
    const values: readonly (readonly [PostgresTypeName, string])[] = [
      ...sample(jsonNumber, 1500).map((text) => ["numeric", `${quoted(text)}::numeric`] as const),
      ...["NaN", "Infinity", "-Infinity", "0.000", "1e131071", "1e-16383"].map(
        (text) => ["numeric", `${quoted(text)}::numeric`] as const,
      ),
      ...sample(fc.integer({ min: -2_440_588, max: 2_145_042_905 }), 300).map(
        (days) => ["date", `'1970-01-01'::date + ${days}`] as const,
      ),
      ...["infinity", "-infinity"].flatMap((text) =>
        (["date", "timestamp", "timestamptz"] as const).map((type) => [type, `${quoted(text)}::${type}`] as const),
      ),
      ...sample(instants, 500).map((instant) => ["timestamptz", timestampSql(instant, "timestamptz")] as const),
      ...sample(instants, 500).map((instant) => ["timestamp", timestampSql(instant, "timestamp")] as const),
      ...sample(fc.uuid(), 50).map((uuid) => ["uuid", `${quoted(uuid)}::uuid`] as const),
      ...sample(bigint(64), 300).map((value) => ["int8", `${quoted(String(value))}::int8`] as const),
      ...sample(word, 100).map((text) => ["text", `${quoted(text)}::text`] as const),
      ...sample(jsonTexts, 200).map((text) => ["jsonb", `${quoted(text)}::jsonb`] as const),
      ...sample(fc.uint8Array({ maxLength: 9 }), 50).map(
        (bytes) => ["bytea", `decode(${quoted(Buffer.from(bytes).toString("hex"))}, 'hex')`] as const,
      ),
    ];
    const rows = values.map(([type, sql], at) => `(${at}, (${sql})::text, ${sendFunctions[type]}(${sql}))`).join(",\n");
    const theirs = postgres.rows(
      `SELECT v, encode(sent, 'hex') FROM (VALUES ${rows}) AS given(n, v, sent) ORDER BY n;`,
    );
    const ours = values.map(([type], at) =>
      decoded(Buffer.from(theirs[at]?.[1] ?? "", "hex"), "binary", postgresTypes[type].oid),
    );
    expect(ours).toEqual(theirs.map(([text]) => text));
  });

  it("arrays of two dimensions in its binary form", () => {
    const [[hex] = []] = postgres.rows("SELECT encode(array_send(ARRAY[[1,NULL],[3,4]]::int8[]), 'hex');");
    const given = { bytes: Buffer.from(hex ?? "", "hex"), format: "binary", typeOid: 1016, place: 1 } as const;
    expect(decodeParameter(given)).toEqual([
      [1, null],
      [3, 4],
    ]);
  });
});
