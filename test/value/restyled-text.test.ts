import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cell } from "../../src/value/cell.js";
import { cellWriter } from "../../src/value/cell-text.js";
import type { DataType, ScalarKind } from "../../src/value/data-type.js";
import { dataType, printDataType } from "../../src/value/data-type.js";
import { textRestyler } from "../../src/value/restyled-text.js";
import { utc, zoneOf } from "../../src/value/time-zone.js";

const zones = [
  utc,
  zoneOf("East", [{ fromSeconds: -1e12, offsetSeconds: 19_800 }], 1e12),
  zoneOf("West", [{ fromSeconds: -1e12, offsetSeconds: -28_800 }], 1e12),
  zoneOf("Local mean time", [{ fromSeconds: -1e12, offsetSeconds: 1_172 }], 1e12),
];

/** In every style as the value itself is written. */
function agrees(type: DataType, cell: Cell): void {
  for (const zone of zones) {
    const kept = cellWriter(type, { style: "sql", zone })(cell);
    for (const style of ["sql", "iso", "json"] as const)
      expect(textRestyler(printDataType(type), style)(kept)).toBe(cellWriter(type, { style, zone })(cell));
  }
}

const scalar = (kind: ScalarKind): DataType => ({ kind });
/** About 290 000 years to both sides. */
const microseconds = fc.bigInt({ min: -(2n ** 63n) + 2n, max: 2n ** 63n - 2n });

describe("a kept text in another style", () => {
  it.each(["TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMPTZ"] as const)(
    "is as the time is written: %s",
    (kind) => {
      const most = kind === "TIMESTAMP_S" ? 10n ** 13n : kind === "TIMESTAMP_MS" ? 10n ** 16n : undefined;
      const units = most === undefined ? microseconds : fc.bigInt({ min: -most, max: most });
      fc.assert(fc.property(units, (cell) => agrees(scalar(kind), cell)));
      for (const cell of [null, 0n, 2n ** 63n - 1n, -(2n ** 63n) + 1n, 1_700_000_000_500_000n])
        agrees(scalar(kind), cell);
    },
  );

  it.each(["BIGINT", "UBIGINT", "HUGEINT", "BIGNUM"] as const)("is as the whole number is written: %s", (kind) => {
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (cell) => agrees(scalar(kind), cell)));
  });

  it("is as the number is written", () => {
    for (const kind of ["TINYINT", "INTEGER", "USMALLINT"] as const) agrees(scalar(kind), 42);
    fc.assert(fc.property(fc.double(), (cell) => agrees(scalar("DOUBLE"), cell)));
    fc.assert(fc.property(fc.bigInt(), (cell) => agrees({ kind: "DECIMAL", width: 12, scale: 3 }, cell)));
    fc.assert(fc.property(fc.bigInt(), (cell) => agrees(dataType("DECIMAL"), cell)));
  });

  it("is as the text is written", () => {
    const texts = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("null", "NULL", "", "2026-01-01 00:00:00+00"),
    );
    fc.assert(fc.property(texts, (cell) => agrees(scalar("VARCHAR"), cell)));
    agrees({ kind: "ENUM", values: ["a[]", "b"] }, "a[]");
    agrees(scalar("BLOB"), Uint8Array.from([0, 34, 92, 200]));
    agrees(scalar("DATE"), "2026-01-31");
    agrees(scalar("BOOLEAN"), true);
  });

  it("is as the structure is written, NULL and JSON's null apart", () => {
    for (const cell of [null, "null", '{"a": [1, "x y"]}']) agrees({ kind: "JSON", isText: true }, cell);
    fc.assert(fc.property(fc.jsonValue(), (cell) => agrees(dataType("JSON"), cell as Cell)));
    const times: DataType = { kind: "LIST", element: scalar("TIMESTAMPTZ") };
    agrees(times, [0n, null]);
    agrees({ kind: "STRUCT", fields: [{ name: "at", type: scalar("TIMESTAMP") }] }, [0n]);
    agrees({ kind: "MAP", key: scalar("VARCHAR"), value: times }, [["k", [1n]]]);
    agrees({ kind: "UNION", members: [{ name: "n", type: scalar("INTEGER") }] }, ["n", 3]);
  });
});
