import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { columnType, typeOid, typeSize } from "../../../src/gateway/types/column-type.js";
import { cellEncoder } from "../../../src/gateway/types/encode-cell.js";
import type { BackendFrame } from "../../../src/protocol/backend-frames.js";
import { BackendFrames } from "../../../src/protocol/backend-frames.js";
import { BackendWriter } from "../../../src/protocol/backend-writer.js";
import {
  decodeCommandTag,
  decodeFields,
  decodeParameterTypes,
  decodeReadyForQuery,
  decodeResponse,
} from "../../../src/protocol/decode-backend.js";
import type { Format } from "../../../src/protocol/format-code.js";
import type { Cell } from "../../../src/value/cell.js";
import type { DataType } from "../../../src/value/data-type.js";
import { dataType } from "../../../src/value/data-type.js";
import { ExactNumber } from "../../../src/value/exact-number.js";
import { utc } from "../../../src/value/time-zone.js";
import { byte1, counted, int16, int32, join, message, singly, string } from "../../support/wire-bytes.js";

let inner: PGlite;

beforeAll(async () => {
  inner = await PGlite.create();
  await inner.exec("SET timezone = 'UTC'");
});
afterAll(() => inner.close());

/** The answer to a statement of the extended protocol, byte by byte, as the reader cuts it. */
async function run(sql: string, format: Format): Promise<readonly BackendFrame[]> {
  const request = join(
    message("P", string(""), string(sql), counted([])),
    message("D", byte1("S"), string("")),
    message("B", string(""), string(""), counted([]), counted([]), counted([int16(format === "binary" ? 1 : 0)])),
    message("D", byte1("P"), string("")),
    message("E", string(""), int32(0)),
    message("S"),
  );
  const answer = await inner.execProtocolRaw(request);
  const frames = new BackendFrames();
  for (const piece of singly(answer)) frames.push(piece);
  const read: BackendFrame[] = [];
  for (let frame = frames.next(); frame !== undefined; frame = frames.next()) read.push(frame);
  expect(join(...read.map(({ bytes }) => bytes))).toEqual(new Uint8Array(answer));
  return read;
}

interface Sample {
  readonly type: DataType;
  readonly cell: Cell;
  /** Without a cast, as the columns of the gateway's tables are of the same types. */
  readonly sql: string;
}

const json = dataType("JSON");
const samples: readonly Sample[] = [
  { type: dataType("BIGINT"), cell: 2n ** 63n - 1n, sql: "9223372036854775807::int8" },
  { type: dataType("DOUBLE"), cell: 0.1, sql: "0.1::float8" },
  { type: dataType("DOUBLE"), cell: 4e23, sql: "4e23::float8" },
  { type: dataType("DECIMAL"), cell: -12_345_678_000_000n, sql: "(-12.345678)::numeric" },
  { type: { kind: "DECIMAL", width: 18, scale: 4 }, cell: 10_500n, sql: "1.05::numeric(18,4)" },
  { type: dataType("BOOLEAN"), cell: true, sql: "true" },
  { type: dataType("VARCHAR"), cell: "é😀", sql: "'é😀'::text" },
  { type: dataType("VARCHAR"), cell: null, sql: "NULL::text" },
  { type: dataType("TIMESTAMPTZ"), cell: 1_769_864_400_500_000, sql: "'2026-01-31 13:00:00.5+00'::timestamptz" },
  { type: dataType("TIMESTAMPTZ"), cell: 2n ** 63n - 1n, sql: "'infinity'::timestamptz" },
  {
    type: json,
    cell: { bb: new ExactNumber("1.50e1"), a: [true, null], é: {}, c: "x\n\u2028" },
    sql: `'{"bb":1.50e1,"a":[true,null],"é":{},"c":"x\\n\\u2028"}'::jsonb`,
  },
  { type: { kind: "HUGEINT" }, cell: -(2n ** 100n), sql: "(-1267650600228229401496703205376)::numeric" },
  { type: { kind: "LIST", element: dataType("VARCHAR") }, cell: ["a b", null, ""], sql: "ARRAY['a b', NULL, '']" },
  { type: { kind: "LIST", element: dataType("BIGINT") }, cell: [], sql: "'{}'::int8[]" },
  { type: { kind: "LIST", element: json }, cell: [{ a: 1 }], sql: `ARRAY['{"a":1}'::jsonb]` },
  { type: { kind: "DATE" }, cell: "2026-01-31", sql: "'2026-01-31'::date" },
];

describe("the PostgreSQL inside", () => {
  it.each(["text", "binary"] as const)("writes descriptions and rows as we do, in %s", async (format) => {
    const frames = await run(`SELECT ${samples.map(({ sql }, at) => `${sql} AS c${at}`).join(", ")}`, format);
    expect(frames.map(({ type }) => type).join("")).toBe("1tT2TDCZ");
    const writer = new BackendWriter();
    writer.rowDescription(
      samples.map(({ type }, at) => {
        const column = columnType(type);
        return {
          ...{ name: `c${at}`, tableOid: 0, columnNumber: 0, typeOid: typeOid(column), typeSize: typeSize(column) },
          ...{ typeModifier: column.modifier, format },
        };
      }),
    );
    writer.dataRows(
      [samples.map(({ cell }) => cell)],
      samples.map(({ type }) => cellEncoder(type, { format, zone: utc })),
    );
    writer.commandComplete("SELECT 1");
    writer.readyForQuery("idle");
    expect(join(...frames.slice(4).map(({ bytes }) => bytes))).toEqual(writer.take());
  });

  it("is understood in what is not merely relayed", async () => {
    const frames = await run("SELECT $1 + 1 AS sum, $2 || 'x' WHERE false", "text").then((read) =>
      Object.fromEntries(read.map(({ type, body }) => [type, body])),
    );
    expect(decodeParameterTypes(frames["t"] ?? new Uint8Array())).toEqual([23, 25]);
    expect(decodeFields(frames["T"] ?? new Uint8Array()).map(({ name }) => name)).toEqual(["sum", "?column?"]);
    expect(decodeResponse(frames["E"] ?? new Uint8Array())).toMatchObject({
      severity: "ERROR",
      sqlState: "08P01",
      message: 'bind message supplies 0 parameters, but prepared statement "" requires 2',
    });
    expect(decodeReadyForQuery(frames["Z"] ?? new Uint8Array())).toBe("idle");
  });

  it("is understood in its errors and its tags", async () => {
    const [failed] = await run("SELECT nothing", "text");
    expect(decodeResponse(failed?.body ?? new Uint8Array())).toMatchObject({
      ...{ severity: "ERROR", sqlState: "42703", message: 'column "nothing" does not exist', position: 8 },
    });
    const done = await run("CREATE TEMP TABLE t AS SELECT 1 AS a", "text");
    expect(done.filter(({ type }) => type === "C").map(({ body }) => decodeCommandTag(body))).toEqual(["SELECT 1"]);
  });
});
