import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { decodeParameter } from "../../../src/gateway/types/decode-parameter.js";
import type { PostgresTypeName } from "../../../src/gateway/types/postgres-type.js";
import { postgresTypes } from "../../../src/gateway/types/postgres-type.js";
import { ProtocolError } from "../../../src/protocol/protocol-error.js";
import { int, int16, int32, join, text, value } from "../../support/wire-bytes.js";

const fromText = (type: PostgresTypeName, given: string): unknown =>
  decodeParameter({ bytes: text(given), format: "text", typeOid: postgresTypes[type].oid, place: 1 });
const fromTextArray = (type: PostgresTypeName, given: string): unknown =>
  decodeParameter({ bytes: text(given), format: "text", typeOid: postgresTypes[type].arrayOid, place: 1 });
const fromBytes = (type: PostgresTypeName, bytes: Uint8Array): unknown =>
  decodeParameter({ bytes, format: "binary", typeOid: postgresTypes[type].oid, place: 3 });
const fromArrayBytes = (type: PostgresTypeName, bytes: Uint8Array): unknown =>
  decodeParameter({ bytes, format: "binary", typeOid: postgresTypes[type].arrayOid, place: 3 });

const failure = (sqlState: string, message: string) => expect.objectContaining({ sqlState, message });

describe("a parameter's value", () => {
  it("is NULL of any type", () => {
    expect(decodeParameter({ bytes: null, format: "binary", typeOid: 4711, place: 1 })).toBeNull();
  });

  it.each<[PostgresTypeName, string, unknown]>([
    ["int8", " 42 ", 42],
    ["int8", "9223372036854775807", 9223372036854775807n],
    ["int8", "0x1F", 31],
    ["int8", "1_000", 1000],
    ["int2", "-32768", -32768],
    ["float8", "1.5e3", 1500],
    ["float8", "-Infinity", Number.NEGATIVE_INFINITY],
    ["float4", "0.1", Math.fround(0.1)],
    ["numeric", "1.50e1", "15.0"],
    ["numeric", "NaN", "NaN"],
    ["bool", "YES", true],
    ["bool", "of", false],
    ["date", "31.1.2026", "31.1.2026"],
    ["timestamptz", "2026-01-31 10:00+01", "2026-01-31 10:00+01"],
    ["uuid", "{A0EEBC999C0B4EF8BB6D6BB9BD380A11}", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    ["bytea", "a\\\\b\\000", "\\x615c6200"],
    ["jsonb", '{"a": 1.10}', '{"a": 1.10}'],
    ["varchar", "é😀", "é😀"],
    ["bpchar", "a  ", "a  "],
  ])("is read of a text of %s: %s", (type, given, expected) => {
    expect(fromText(type, given)).toEqual(expected);
  });

  it.each<[PostgresTypeName, Uint8Array, unknown]>([
    ["bool", Uint8Array.of(1), true],
    ["int2", int16(-2), -2],
    ["int4", int32(-2), -2],
    ["int8", int(64, 2n ** 53n), 9007199254740992n],
    ["float8", Uint8Array.of(0x3f, 0xf0, 0, 0, 0, 0, 0, 0), 1],
    ["numeric", join(int16(2), int16(0), int16(0x4000), int16(2), int16(12), int16(3400)), "-12.34"],
    ["numeric", join(int16(0), int16(0), int16(0xc000), int16(0)), "NaN"],
    ["date", int32(30), "2000-01-31"],
    ["timestamp", int(64, 500_000), "2000-01-01 00:00:00.5"],
    ["timestamptz", int(64, -1), "1999-12-31 23:59:59.999999+00"],
    ["uuid", new Uint8Array(16), "00000000-0000-0000-0000-000000000000"],
    ["bytea", Uint8Array.of(0, 255), "\\x00ff"],
    ["jsonb", join(Uint8Array.of(1), text("[1]")), "[1]"],
    ["json", text("[1]"), "[1]"],
    ["text", text("é"), "é"],
    ["varchar", text(""), ""],
  ])("is read of bytes of %s", (type, bytes, expected) => {
    expect(fromBytes(type, bytes)).toEqual(expected);
  });

  it("is an array", () => {
    expect(fromTextArray("int8", "{1,NULL, 3}")).toEqual([1, null, 3]);
    expect(fromTextArray("text", '{{a,"b c"},{NULL,"NULL"}}')).toEqual([
      ["a", "b c"],
      [null, "NULL"],
    ]);
    const head = [int32(1), int32(0), int32(25), int32(2), int32(1)];
    expect(fromArrayBytes("text", join(head, value(text("a")), value(null)))).toEqual(["a", null]);
    expect(fromArrayBytes("text", join(int32(0), int32(0), int32(25)))).toEqual([]);
  });

  it("is a text where the type is not known, or not said", () => {
    expect(decodeParameter({ bytes: text("x"), format: "text", typeOid: 0, place: 1 })).toBe("x");
    expect(decodeParameter({ bytes: text("1 day"), format: "text", typeOid: 1186, place: 1 })).toBe("1 day");
  });
});

describe("a parameter that has no value", () => {
  it.each<[PostgresTypeName, string, string, string]>([
    ["int8", "abc", "22P02", 'invalid input syntax for type bigint: "abc"'],
    ["int4", "2147483648", "22003", 'value "2147483648" is out of range for type integer'],
    ["float8", "1e400", "22003", '"1e400" is out of range for type double precision'],
    ["numeric", "1e200000", "22003", "value overflows numeric format"],
    ["bool", "maybe", "22P02", 'invalid input syntax for type boolean: "maybe"'],
    ["uuid", "x", "22P02", 'invalid input syntax for type uuid: "x"'],
    ["bytea", "\\x0", "22023", "invalid hexadecimal data"],
    ["json", "{", "22P02", 'invalid input syntax for type json: "{"'],
    ["jsonb", '"\\u0000"', "22P05", "unsupported Unicode escape sequence"],
    ["text", "a\0", "22021", 'invalid byte sequence for encoding "UTF8": 0x00'],
  ])("is a text of %s: %j", (type, given, sqlState, words) => {
    expect(() => fromText(type, given)).toThrow(failure(sqlState, words));
  });

  it.each<[string, PostgresTypeName, Uint8Array, string, string]>([
    ["too short", "int8", int32(1), "08P01", "insufficient data left in message"],
    ["too long", "int4", int(64, 1), "22P03", "incorrect binary data format in bind parameter 3"],
    [
      "a digit past 9999",
      "numeric",
      join(int16(1), int16(0), int16(0), int16(0), int16(10_000)),
      "22P03",
      'invalid digit in external "numeric" value',
    ],
    [
      "an unknown sign",
      "numeric",
      join(int16(0), int16(0), int16(1), int16(0)),
      "22P03",
      'invalid sign in external "numeric" value',
    ],
    [
      "too large a scale",
      "numeric",
      join(int16(0), int16(0), int16(0), int16(-1)),
      "22P03",
      'invalid scale in external "numeric" value',
    ],
    [
      "more digits than there are",
      "numeric",
      join(int16(-1), int16(0), int16(0), int16(0)),
      "08P01",
      "insufficient data left in message",
    ],
    ["another version", "jsonb", join(Uint8Array.of(2), text("[]")), "22P03", "unsupported jsonb version number 2"],
    ["no UTF-8", "text", Uint8Array.of(0xff), "22021", 'invalid byte sequence for encoding "UTF8": 0xff'],
    ["a time past the calendar", "timestamptz", int(64, 2n ** 63n - 2n), "22008", "timestamp out of range"],
  ])("is %s", (_name, type, bytes, sqlState, words) => {
    expect(() => fromBytes(type, bytes)).toThrow(failure(sqlState, words));
  });

  it.each<[string, Uint8Array, string, string]>([
    [
      "seven dimensions",
      join(int32(7), int32(0), int32(20)),
      "54000",
      "number of array dimensions (7) exceeds the maximum allowed (6)",
    ],
    ["unknown flags", join(int32(1), int32(2), int32(20)), "22P03", "invalid array flags"],
    [
      "elements of another type",
      join(int32(1), int32(0), int32(25)),
      "42804",
      "binary data has array element type 25 instead of expected 20 (bigint)",
    ],
    ["a negative size", join(int32(1), int32(0), int32(20), int32(-1), int32(1)), "22P03", "invalid array size: -1"],
    [
      "more elements than bytes",
      join(int32(2), int32(0), int32(20), [int32(2 ** 31 - 1), int32(1)], [int32(2 ** 31 - 1), int32(1)]),
      "08P01",
      "insufficient data left in message",
    ],
    [
      "an element that is too long",
      join(int32(1), int32(0), int32(20), int32(1), int32(1), value(new Uint8Array(9))),
      "22P03",
      "improper binary format in array element",
    ],
  ])("is an array of %s", (_name, bytes, sqlState, words) => {
    expect(() => fromArrayBytes("int8", bytes)).toThrow(failure(sqlState, words));
  });

  it("is one in bytes of a type that is not read", () => {
    const given = { bytes: new Uint8Array(16), format: "binary", typeOid: 1186, place: 1 } as const;
    expect(() => decodeParameter(given)).toThrow(
      failure("42883", "no binary input function available for type with OID 1186"),
    );
  });

  it("is a malformed array's", () => {
    for (const given of ["{1", "{1,}", "{{1},2}", '{"a}', "{a\\", "1", "{1}2", "{{{{{{{1}}}}}}}"]) {
      expect(() => fromTextArray("text", given)).toThrow(StripeSqlError);
    }
  });
});

describe("any parameter", () => {
  const types = fc.constantFrom(...(Object.keys(postgresTypes) as PostgresTypeName[]));

  it("is read, or refused by an error of ours", () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .string({ unit: fc.constantFrom(...'{}",\\ 0123456789.eE+-_xabNULtf[]:=\u00e9\0'.split("")), maxLength: 30 })
        .map(text),
    );
    fc.assert(
      fc.property(types, fc.boolean(), fc.boolean(), noise, (type, isArray, isText, bytes) => {
        const typeOid = postgresTypes[type][isArray ? "arrayOid" : "oid"];
        try {
          decodeParameter({ bytes, format: isText ? "text" : "binary", typeOid, place: 1 });
        } catch (error) {
          expect(error instanceof StripeSqlError || error instanceof ProtocolError).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("of two megabytes is read in time that grows with it alone", () => {
    const many = 2_000_000;
    const long: readonly [PostgresTypeName, boolean, string][] = [
      ["text", true, `{"${"a".repeat(many)}"}`],
      ["text", true, `{${" ".repeat(many)}x}`],
      ["text", true, `{${"a,".repeat(many / 2)}b}`],
      ["int8", false, `${" ".repeat(many)}1${" ".repeat(many)}x`],
      ["int8", false, "9".repeat(many)],
      ["int8", false, `${"0".repeat(many)}9`],
      ["numeric", false, `0.${"0".repeat(many)}1`],
      ["float8", false, "9".repeat(many)],
      ["bytea", false, "\\\\".repeat(many / 2)],
      ["bytea", false, `\\x${"00".repeat(many / 2)}`],
      ["jsonb", false, `"${"\\\\".repeat(many / 2)}"`],
      ["json", false, "[".repeat(many)],
      ["bool", false, `t${" ".repeat(many)}`],
    ];
    for (const [type, isArray, given] of long) {
      try {
        (isArray ? fromTextArray : fromText)(type, given);
      } catch (error) {
        expect(error).toBeInstanceOf(StripeSqlError);
      }
    }
  });
});
