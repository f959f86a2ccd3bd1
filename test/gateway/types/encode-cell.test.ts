import { describe, expect, it } from "vitest";
import { cellEncoder } from "../../../src/gateway/types/encode-cell.js";
import { BackendWriter } from "../../../src/protocol/backend-writer.js";
import type { Format } from "../../../src/protocol/format-code.js";
import { OutputBuffer } from "../../../src/protocol/output-buffer.js";
import type { Cell } from "../../../src/value/cell.js";
import type { DataType } from "../../../src/value/data-type.js";
import { dataType } from "../../../src/value/data-type.js";
import { ExactNumber, parseJson } from "../../../src/value/exact-number.js";
import type { Json } from "../../../src/value/json.js";
import type { TimeZone } from "../../../src/value/time-zone.js";
import { utc } from "../../../src/value/time-zone.js";
import { counted, int, int16, int32, join, message, text, value } from "../../support/wire-bytes.js";

function encoded(type: DataType, cell: Exclude<Cell, null>, format: Format, zone: TimeZone = utc): Buffer {
  const output = new OutputBuffer();
  cellEncoder(type, { format, zone })(cell, output);
  return Buffer.from(output.take());
}

const textOf = (type: DataType, cell: Exclude<Cell, null>, zone?: TimeZone): string =>
  encoded(type, cell, "text", zone).toString("utf8");
const bytesOf = (type: DataType, cell: Exclude<Cell, null>): Uint8Array =>
  new Uint8Array(encoded(type, cell, "binary"));

const json = dataType("JSON");
const list = (element: DataType): DataType => ({ kind: "LIST", element });

describe("a cell's text", () => {
  it.each<[string, DataType, Exclude<Cell, null>, string]>([
    ["a truth", dataType("BOOLEAN"), true, "t"],
    ["a falsehood", dataType("BOOLEAN"), false, "f"],
    ["an amount", dataType("BIGINT"), 1999, "1999"],
    ["a large integer", dataType("BIGINT"), 2n ** 63n - 1n, "9223372036854775807"],
    ["a decimal of the catalog's", dataType("DECIMAL"), 1_500_000_000_000n, "1.5"],
    ["a decimal of a scale", { kind: "DECIMAL", width: 10, scale: 2 }, -1050n, "-10.50"],
    ["a double", dataType("DOUBLE"), 0.1, "0.1"],
    ["a double of many digits", dataType("DOUBLE"), 1e15, "1e+15"],
    // Halfway to the next double: JavaScript prints 4e+23.
    ["a double whose shortest text is another's too", dataType("DOUBLE"), 4e23, "3.9999999999999997e+23"],
    ["no number", dataType("DOUBLE"), Number.NaN, "NaN"],
    ["infinity", dataType("DOUBLE"), Number.NEGATIVE_INFINITY, "-Infinity"],
    ["a single", { kind: "FLOAT" }, Math.fround(0.1), "0.1"],
    ["a time", dataType("TIMESTAMPTZ"), 1_769_864_400_500_000, "2026-01-31 13:00:00.5+00"],
    ["a time before Christ", dataType("TIMESTAMPTZ"), -63_549_400_000_000_000n, "0045-03-14 12:53:20+00 BC"],
    ["infinite time", dataType("TIMESTAMPTZ"), 2n ** 63n - 1n, "infinity"],
    ["a time without a zone", { kind: "TIMESTAMP_MS" }, 1_769_864_400_500n, "2026-01-31 13:00:00.5"],
    ["a time of nanoseconds", { kind: "TIMESTAMP_NS" }, -1n, "1969-12-31 23:59:59.999999"],
    ["a day", { kind: "DATE" }, "0044-03-15 (BC)", "0044-03-15 BC"],
    ["bytes", { kind: "BLOB" }, Uint8Array.of(0, 255), "\\x00ff"],
    ["an object", json, { bb: 1, a: [true, null, "x\n"], c: {} }, '{"a": [true, null, "x\\n"], "c": {}, "bb": 1}'],
    [
      "an exact number",
      json,
      [new ExactNumber("1.50e2"), 1e21, new ExactNumber("-0.00")],
      "[150, 1000000000000000000000, 0.00]",
    ],
    ["keys beyond ASCII", json, { ab: 1, é: 2, z: 3 }, '{"z": 3, "ab": 1, "é": 2}'],
    ["the engine's JSON", { kind: "JSON", isText: true }, '{"b":1,"a":1.10}', '{"a": 1.10, "b": 1}'],
    [
      "a structure",
      {
        kind: "STRUCT",
        fields: [
          { name: "b", type: { kind: "BIGINT" } },
          { name: "a", type: list({ kind: "DATE" }) },
        ],
      },
      [7, ["2026-01-31"]],
      '{"a": ["2026-01-31"], "b": 7}',
    ],
    ["a list", list(dataType("VARCHAR")), ["a", null, "", "NULL", 'x"y', "b c"], '{a,NULL,"","NULL","x\\"y","b c"}'],
    ["an empty list", list(dataType("BIGINT")), [], "{}"],
    ["a list of lists", list(list(dataType("BIGINT"))), [[1, 2], [3]], "[[1, 2], [3]]"],
    ["a list of JSON", list(json), [{ a: 1 }, null], '{"{\\"a\\": 1}",NULL}'],
  ])("is that of %s", (_name, type, cell, expected) => {
    expect(textOf(type, cell)).toBe(expected);
  });

  it.each([
    [19_800, "2026-01-31 18:30:00+05:30"],
    [-12_600, "2026-01-31 09:30:00-03:30"],
    [-18_000, "2026-01-31 08:00:00-05"],
    [3_208, "2026-01-31 13:53:28+00:53:28"],
  ])("is a time's in the session's zone, %i seconds ahead", (offset, expected) => {
    const zone = { name: "there", offsetSeconds: () => offset, covers: () => true };
    expect(textOf(dataType("TIMESTAMPTZ"), 1_769_864_400_000_000, zone)).toBe(expected);
  });
});

describe("a cell's bytes", () => {
  const microseconds = (seconds: number): Uint8Array => int(64, BigInt(seconds - 946_684_800) * 1_000_000n);

  it.each<[string, DataType, Exclude<Cell, null>, Uint8Array]>([
    ["a truth", dataType("BOOLEAN"), true, Uint8Array.of(1)],
    ["an integer", dataType("BIGINT"), -2, int(64, -2)],
    ["a double", dataType("DOUBLE"), 1, Uint8Array.of(0x3f, 0xf0, 0, 0, 0, 0, 0, 0)],
    ["a time", dataType("TIMESTAMPTZ"), 1_769_864_400_000_000, microseconds(1_769_864_400)],
    ["infinite time", dataType("TIMESTAMPTZ"), -(2n ** 63n) + 1n, int(64, -(2n ** 63n))],
    ["a day", { kind: "DATE" }, "2000-01-31", int32(30)],
    [
      // Groups of four digits: 12, 3456 and 7800.
      "a decimal",
      dataType("DECIMAL"),
      -12_345_678_000_000n,
      join(int16(3), int16(0), int16(0x4000), int16(6), int16(12), int16(3456), int16(7800)),
    ],
    ["zero", dataType("DECIMAL"), 0n, join(int16(0), int16(0), int16(0), int16(0))],
    ["JSON", json, [1], join(Uint8Array.of(1), text("[1]"))],
    [
      "a UUID",
      { kind: "UUID" },
      "00010203-0405-0607-0809-0a0b0c0d0e0f",
      Uint8Array.from({ length: 16 }, (_, at) => at),
    ],
    [
      "a list",
      list(dataType("BIGINT")),
      [1, null],
      join(int32(1), int32(1), int32(20), int32(2), int32(1), value(int(64, 1)), value(null)),
    ],
    ["an empty list", list(dataType("VARCHAR")), [], join(int32(0), int32(0), int32(25))],
  ])("are those of %s", (_name, type, cell, expected) => {
    expect(bytesOf(type, cell)).toEqual(expected);
  });

  it("stand in rows behind their lengths", () => {
    const writer = new BackendWriter();
    const columns = [dataType("BIGINT"), dataType("VARCHAR")].map((type) =>
      cellEncoder(type, { format: "text", zone: utc }),
    );
    writer.dataRows(
      [
        [5, "é"],
        [null, null],
      ],
      columns,
    );
    expect(writer.take()).toEqual(
      join(
        message("D", counted([value(text("5")), value(text("é"))])),
        message("D", counted([value(null), value(null)])),
      ),
    );
  });
});

describe("a cell that PostgreSQL cannot hold", () => {
  it.each<[string, DataType, Exclude<Cell, null>, string, string]>([
    ["U+0000 in a text", dataType("VARCHAR"), "a\0b", "22021", 'invalid byte sequence for encoding "UTF8": 0x00'],
    ["half a surrogate pair", dataType("VARCHAR"), "a\ud83d", "22021", "a text holds half a surrogate pair"],
    ["U+0000 in JSON", json, { a: "\0" }, "22P05", "unsupported Unicode escape sequence"],
    ["half a surrogate pair in JSON", json, { "\udc00": 1 }, "22P02", "invalid input syntax for type json"],
    ["a number without end", json, [new ExactNumber("1e200000")], "22003", "value overflows numeric format"],
    ["a number of too many digits", json, [new ExactNumber("1e-16384")], "22003", "value overflows numeric format"],
    ["a time past its calendar", dataType("TIMESTAMPTZ"), -(2n ** 63n) + 2n, "22008", "timestamp out of range"],
    ["a day past its calendar", { kind: "DATE" }, "9999999-01-01", "22008", 'date out of range: "9999999-01-01"'],
    ["JSON that is none", { kind: "JSON", isText: true }, "{", "22P02", 'invalid input syntax for type json: "{"'],
  ])("is %s", (_name, type, cell, sqlState, words) => {
    for (const format of ["text", "binary"] as const) {
      expect(() => encoded(type, cell, format)).toThrow(expect.objectContaining({ sqlState, message: words }));
    }
  });

  it("is JSON too deep to be written", () => {
    const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    const tooDeep = expect.objectContaining({ sqlState: "54001" });
    expect(textOf({ kind: "JSON", isText: true }, deep(1000))).toBe(deep(1000));
    expect(() => encoded({ kind: "JSON", isText: true }, deep(100_000), "text")).toThrow(tooDeep);
    expect(() => encoded({ kind: "JSON", isText: true }, `[1.10,${deep(100_000)}]`, "text")).toThrow(tooDeep);
    expect(() => encoded(json, parseJson(deep(2000)) as Exclude<Json, null>, "text")).toThrow(tooDeep);
  });
});
