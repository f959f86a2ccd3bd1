import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { columnType } from "../../../src/gateway/types/column-type.js";
import { cellEncoder } from "../../../src/gateway/types/encode-cell.js";
import { numericText } from "../../../src/gateway/types/numeric-text.js";
import { OutputBuffer } from "../../../src/protocol/output-buffer.js";
import type { Cell } from "../../../src/value/cell.js";
import type { DataType } from "../../../src/value/data-type.js";
import { parseJson } from "../../../src/value/exact-number.js";
import type { Json } from "../../../src/value/json.js";
import type { TimeZone } from "../../../src/value/time-zone.js";
import { utc } from "../../../src/value/time-zone.js";
import { intlZone } from "../../support/intl-zone.js";
import {
  bigint,
  instants,
  jsonNumber,
  jsonTexts,
  powers,
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

interface Given {
  readonly cell: Exclude<Cell, null>;
  /** An expression of PostgreSQL's for the same value. */
  readonly sql: string;
}

/** Text and bytes of values, as PostgreSQL writes them and as they are written here. */
function bothWays(type: DataType, values: readonly Given[], zone: TimeZone = utc) {
  const rows = values.map(({ sql }, index) => `(${index}, ${sql})`).join(",\n");
  const send = columnType(type).isArray ? "array_send" : sendFunctions[columnType(type).type];
  const theirs = postgres.rows(
    `SET timezone = ${quoted(zone.name)};
     SELECT v, encode(${send}(v), 'hex') FROM (VALUES ${rows}) AS given(n, v) ORDER BY n;`,
  );
  const [asText, asBinary] = (["text", "binary"] as const).map((format) => cellEncoder(type, { format, zone }));
  const ours = values.map(({ cell }) =>
    [asText, asBinary].map((encode) => {
      const output = new OutputBuffer();
      encode?.(cell, output);
      return Buffer.from(output.take());
    }),
  );
  return { theirs, ours: ours.map(([text, binary]) => [text?.toString("utf8"), binary?.toString("hex")]) };
}

const trickyLists: readonly (readonly (string | null)[])[] = [
  ...[[], [null], ["NULL"], [""], [" a"], ["a\\b", 'c"d'], ["{", "}", ","], ["a\vb"], ["\u00a0"], ["null", "nulls"]],
];

describe("PostgreSQL writes as we do", () => {
  it.each<[string, DataType, () => readonly Given[]]>([
    ["bool", { kind: "BOOLEAN" }, () => [true, false].map((cell) => ({ cell, sql: String(cell) }))],
    [
      "int8",
      { kind: "BIGINT" },
      () =>
        sample(bigint(64), 2000).map((value, at) => ({
          cell: at % 2 === 0 && Number.isSafeInteger(Number(value)) ? Number(value) : value,
          sql: `${quoted(String(value))}::int8`,
        })),
    ],
    [
      "int4",
      { kind: "INTEGER" },
      () => sample(bigint(32), 300).map((value) => ({ cell: Number(value), sql: `${quoted(String(value))}::int4` })),
    ],
    [
      "int2",
      { kind: "SMALLINT" },
      () => sample(bigint(16), 300).map((value) => ({ cell: Number(value), sql: `${quoted(String(value))}::int2` })),
    ],
    [
      "float8",
      { kind: "DOUBLE" },
      () =>
        [
          ...[
            0, -0, 1, -1, 0.1, 1e14, 1e15, 123456789012345, 1234567890123456, 1e-4, 1e-5, 5e-324,
            1.7976931348623157e308,
          ],
          ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53, 1e21, 1e100, 100, 0.00012345],
          ...sample(fc.double({ noNaN: true }), 3000),
          ...sample(fc.tuple(fc.maxSafeInteger(), fc.integer({ min: -25, max: 25 })), 3000).map(([number, power]) =>
            Number(`${number}e${power}`),
          ),
        ].map((cell) => ({ cell, sql: `${quoted(Object.is(cell, -0) ? "-0" : String(cell))}::float8` })),
    ],
    [
      "float4",
      { kind: "FLOAT" },
      () =>
        [
          ...[
            0,
            -0,
            1e5,
            1e6,
            123456,
            1234567,
            1e-4,
            1e-5,
            0.1,
            1.17549435e-38,
            3.4028235e38,
            1e-45,
            16777216,
            Number.NaN,
          ],
          ...sample(fc.float({ noNaN: true }), 3000),
        ]
          .map(Math.fround)
          .map((cell) => ({ cell, sql: `${quoted(Object.is(cell, -0) ? "-0" : String(cell))}::float4` })),
    ],
    [
      "numeric of the catalog",
      { kind: "DECIMAL", width: 38, scale: 12 },
      () =>
        [...powers, 0n, ...sample(bigint(126), 3000)].map((cell) => {
          const text = `${cell < 0n ? "-" : ""}${String(cell < 0n ? -cell : cell).padStart(13, "0")}`;
          return { cell, sql: `trim_scale(${quoted(`${text.slice(0, -12)}.${text.slice(-12)}`)}::numeric)` };
        }),
    ],
    [
      "numeric(18,4)",
      { kind: "DECIMAL", width: 18, scale: 4 },
      () =>
        [0n, ...sample(bigint(59), 1000)].map((cell) => ({
          cell,
          sql: `round(${cell}::numeric / 10000, 4)::numeric(18,4)`,
        })),
    ],
    [
      "numeric of huge integers",
      { kind: "HUGEINT" },
      () => sample(bigint(128), 1000).map((cell) => ({ cell, sql: `${quoted(String(cell))}::numeric` })),
    ],
    ["text", { kind: "VARCHAR" }, () => sample(word, 500).map((cell) => ({ cell, sql: `${quoted(cell)}::text` }))],
    [
      "bytea",
      { kind: "BLOB" },
      () =>
        sample(fc.uint8Array({ maxLength: 20 }), 200).map((cell) => ({
          cell,
          sql: `decode(${quoted(Buffer.from(cell).toString("hex"))}, 'hex')`,
        })),
    ],
    ["uuid", { kind: "UUID" }, () => sample(fc.uuid(), 100).map((cell) => ({ cell, sql: `${quoted(cell)}::uuid` }))],
    [
      "date",
      { kind: "DATE" },
      () =>
        sample(fc.integer({ min: -2_440_588, max: 2_145_042_905 }), 1000)
          .concat(sample(fc.integer({ min: -800_000, max: 800_000 }), 2000))
          .map((days) => {
            return { cell: engineDate(days), sql: `'1970-01-01'::date + ${days}` };
          }),
    ],
    [
      "timestamp",
      { kind: "TIMESTAMP" },
      () => sample(instants, 2000).map((cell) => ({ cell, sql: timestampSql(cell, "timestamp") })),
    ],
    [
      "jsonb",
      { kind: "JSON", isText: false },
      () =>
        sample(jsonTexts, 4000)
          .map((text) => ({ cell: parseJson(text) as Exclude<Json, null>, sql: `${quoted(text)}::jsonb` }))
          .filter(({ cell }) => cell !== null),
    ],
    [
      "jsonb of the engine's texts",
      { kind: "JSON", isText: true },
      () => sample(jsonTexts, 1000).map((text) => ({ cell: text, sql: `${quoted(text)}::jsonb` })),
    ],
    [
      "text[]",
      { kind: "LIST", element: { kind: "VARCHAR" } },
      () =>
        [...trickyLists, ...sample(fc.array(fc.option(word), { maxLength: 6 }), 1000)].map((cell) => ({
          cell,
          sql: `ARRAY[${cell.map((item) => (item === null ? "NULL" : quoted(item))).join(", ")}]::text[]`,
        })),
    ],
    [
      "int8[]",
      { kind: "LIST", element: { kind: "BIGINT" } },
      () =>
        sample(fc.array(fc.option(bigint(64)), { maxLength: 6 }), 500).map((cell) => ({
          cell,
          sql: `ARRAY[${cell.map((item) => (item === null ? "NULL" : quoted(String(item)))).join(", ")}]::int8[]`,
        })),
    ],
    [
      "timestamptz[]",
      { kind: "LIST", element: { kind: "TIMESTAMPTZ" } },
      () =>
        sample(fc.array(instants, { minLength: 1, maxLength: 3 }), 300).map((cell) => ({
          cell,
          sql: `ARRAY[${cell.map((item) => timestampSql(item, "timestamptz")).join(", ")}]`,
        })),
    ],
    [
      "jsonb[]",
      { kind: "LIST", element: { kind: "JSON", isText: true } },
      () =>
        sample(fc.array(jsonTexts, { minLength: 1, maxLength: 3 }), 500).map((cell) => ({
          cell,
          sql: `ARRAY[${cell.map((item) => `${quoted(item)}::jsonb`).join(", ")}]`,
        })),
    ],
    [
      "numeric[]",
      { kind: "LIST", element: { kind: "DECIMAL", width: 38, scale: 12 } },
      () =>
        sample(fc.array(bigint(60), { minLength: 1, maxLength: 3 }), 300).map((cell) => ({
          cell,
          sql: `ARRAY[${cell.map((item) => `trim_scale(${item}::numeric / 1000000000000)`).join(", ")}]`,
        })),
    ],
  ])("%s", (_name, type, values) => {
    const { ours, theirs } = bothWays(type, values());
    expect(ours.filter((row, at) => JSON.stringify(row) !== JSON.stringify(theirs[at])).slice(0, 5)).toEqual(
      theirs.filter((row, at) => JSON.stringify(row) !== JSON.stringify(ours[at])).slice(0, 5),
    );
    expect(ours.length).toBe(theirs.length);
  });

  it.each(["UTC", "America/New_York", "Asia/Kolkata", "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns"])(
    "timestamptz in %s",
    (name) => {
      const zone = name === "UTC" ? utc : intlZone(name);
      const times = name === "UTC" ? instants : fc.bigInt({ min: -800_000_000_000_000n, max: 2_100_000_000_000_000n });
      const values = sample(times, 1500).map((cell, at) => ({
        cell: at % 2 === 0 && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell,
        sql: timestampSql(cell, "timestamptz"),
      }));
      const infinite = [2n ** 63n - 1n, -(2n ** 63n) + 1n].map((cell) => ({
        cell,
        sql: `${quoted(cell > 0 ? "infinity" : "-infinity")}::timestamptz`,
      }));
      const { ours, theirs } = bothWays({ kind: "TIMESTAMPTZ" }, [...values, ...infinite], zone);
      expect(ours).toEqual(theirs);
    },
  );

  it("numbers with exponents", () => {
    const texts = [
      "0",
      "-0",
      "-0.00",
      "00",
      "1e-3",
      "1.50e1",
      ".5",
      "5.",
      "1e131071",
      "1e-16383",
      "0e99",
      "0e-5",
      ...sample(jsonNumber, 3000),
    ];
    const theirs = postgres.rows(
      `SELECT v::numeric::text FROM (VALUES ${texts.map((text, at) => `(${at}, ${quoted(text)})`).join(",")}) g(n, v) ORDER BY n;`,
    );
    expect(texts.map((text) => [numericText(text)])).toEqual(theirs);
  });
});

/** A day after 1970-01-01, as the local engine prints it. */
function engineDate(days: number): string {
  const cycles = Math.floor(days / 146_097);
  const date = new Date((days - cycles * 146_097) * 86_400_000);
  const year = date.getUTCFullYear() + cycles * 400;
  const rest = date.toISOString().slice(4, 10);
  return year > 0 ? `${String(year).padStart(4, "0")}${rest}` : `${String(1 - year).padStart(4, "0")}${rest} (BC)`;
}
