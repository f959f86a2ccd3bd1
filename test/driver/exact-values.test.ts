import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection, RowStream } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import type { TextFormat } from "../../src/output/output-format.js";
import { withParquetFile } from "../../src/output/parquet-file.js";
import { printResult } from "../../src/output/print-result.js";
import type { ScriptedServer } from "../support/scripted-server.js";
import { startScriptedServer } from "../support/scripted-server.js";

const charge =
  '{"id":"ch_1","object":"charge","amount":9007199254740993,"created":1767225600,"metadata":{"a":"1.10"},' +
  '"payment_method_details":{"risk_score":1.10,"seen":[12345678901234567890,0.1234567890123456789,2.5]}}';
const timed = '{"id":"evt_1","object":"v2.core.event","created":"2026-01-01T00:00:00.123456Z","type":"x"}';

let server: ScriptedServer;
const ways: { readonly name: string; readonly connection: Connection }[] = [];

beforeAll(async () => {
  server = await startScriptedServer(({ method, path }) => {
    if (method === "POST") return { kind: "text", body: charge };
    if (path.startsWith("/v2/")) return { kind: "text", body: `{"data":[${timed}],"next_page_url":null}` };
    return { kind: "text", body: `{"object":"list","has_more":false,"data":[${charge}]}` };
  });
  const target = { apiKey: "sk_test_exact", apiBase: server.url };
  ways.push({ name: "direct way on", connection: await connect(target) });
  ways.push({ name: "direct way off", connection: await connect({ ...target, directWay: false }) });
  ways.push({ name: "pushdown off", connection: await connect({ ...target, pushdown: false }) });
});

afterAll(async () => {
  for (const { connection } of ways) await connection.close();
  await server.close();
});

async function everyWay<Value>(ask: (connection: Connection) => Promise<Value>, expected: Value): Promise<void> {
  for (const { name, connection } of ways) expect([name, await ask(connection)]).toEqual([name, expected]);
}

async function print(rows: RowStream, format: TextFormat): Promise<string> {
  let text = "";
  for await (const piece of printResult(rows, format, { width: undefined, expanded: "off" })) text += piece;
  return text;
}

describe("a whole number past 2^53", () => {
  it("comes with every digit, on every way", async () => {
    await everyWay(
      async (connection) => (await connection.query("SELECT Amount FROM Charge")).rows,
      [{ Amount: 9007199254740993n }],
    );
    await everyWay(
      async (connection) => (await connection.query("SELECT sum(Amount) AS s, max(Amount) + 2 AS m FROM Charge")).rows,
      [{ s: 9007199254740993n, m: 9007199254740995n }],
    );
  });

  it.each([
    ["Amount = 9007199254740993", 1],
    ["Amount = 9007199254740992", 0],
    ["Amount > 9007199254740992", 1],
    ["Amount IN (9007199254740992, 9007199254740994)", 0],
    ["Amount <> 9007199254740993", 0],
  ])("is compared with every digit: %s", async (condition, count) => {
    await everyWay(
      async (connection) => (await connection.query(`SELECT Id FROM Charge WHERE ${condition}`)).rows.length,
      count,
    );
  });

  it("is compared with a bigint and a text that a parameter gives", async () => {
    for (const [value, count] of [
      [9007199254740993n, 1],
      [9007199254740992n, 0],
      ["9007199254740993", 1],
    ] as const) {
      await everyWay(
        async (connection) => (await connection.query("SELECT Id FROM Charge WHERE Amount = ?", [value])).rows.length,
        count,
      );
    }
  });

  it("is written with every digit, and returned so", async () => {
    const [way] = ways;
    const sent = server.requests.length;
    const result = await way?.connection.query(
      "INSERT INTO Customer (Balance, Metadata) VALUES (?, ?) RETURNING _json->>'amount' AS a",
      [9007199254740993n, '{"n": 9007199254740993, "d": 1.10}'],
    );
    expect(server.requests.slice(sent).map(({ body }) => body)).toEqual([
      "balance=9007199254740993&metadata[n]=9007199254740993&metadata[d]=1.10",
    ]);
    expect(result?.rows).toEqual([{ a: "9007199254740993" }]);
  });
});

describe("an object", () => {
  it("is printed as it was sent, in every format that holds JSON", async () => {
    await everyWay(
      (connection) => print(connection.stream("SELECT _json FROM Charge"), "jsonl"),
      `{"_json":${charge}}\n`,
    );
    await everyWay(
      (connection) => print(connection.stream("SELECT PaymentMethodDetails, Amount FROM Charge"), "csv"),
      'PaymentMethodDetails,Amount\r\n"{""risk_score"":1.10,""seen"":[12345678901234567890,0.1234567890123456789,2.5]}",9007199254740993\r\n',
    );
  });

  it("gives programs bigints, numbers, and texts for what no number holds", async () => {
    await everyWay(
      async (connection) =>
        (await connection.query("SELECT PaymentMethodDetails FROM Charge")).rows[0]?.["PaymentMethodDetails"],
      {
        risk_score: 1.1,
        seen: [12345678901234567890n, "0.1234567890123456789", 2.5],
      },
    );
  });
});

describe("microseconds", () => {
  it("are kept through the engine, in texts and comparisons", async () => {
    await everyWay(
      (connection) => print(connection.stream("SELECT Created FROM v2.Event"), "csv"),
      "Created\r\n2026-01-01T00:00:00.123456Z\r\n",
    );
    await everyWay(
      (connection) => print(connection.stream("SELECT Created, Created::TIMESTAMP AS t FROM v2.Event"), "table"),
      " Created                       | t\n" +
        "-------------------------------+----------------------------\n" +
        " 2026-01-01 00:00:00.123456+00 | 2026-01-01 00:00:00.123456\n(1 row)\n",
    );
    await everyWay(
      async (connection) =>
        (await connection.query("SELECT Id FROM v2.Event WHERE Created = ?", ["2026-01-01 00:00:00.123456"])).rows
          .length,
      1,
    );
    await everyWay(
      async (connection) =>
        (await connection.query("SELECT Id FROM v2.Event WHERE Created > '2026-01-01 00:00:00.123456'")).rows.length,
      0,
    );
  });
});

describe("a time without a zone", () => {
  const local = "SELECT Created AT TIME ZONE 'America/Los_Angeles' AS t, Created AS z FROM Charge";

  it.each<[TextFormat, string]>([
    ["csv", "t,z\r\n2025-12-31T16:00:00,2026-01-01T00:00:00Z\r\n"],
    ["jsonl", '{"t":"2025-12-31T16:00:00","z":"2026-01-01T00:00:00Z"}\n'],
    ["markdown", "| t | z |\n| --- | --- |\n| 2025-12-31 16:00:00 | 2026-01-01 00:00:00+00 |\n"],
  ])("is printed without one as %s", async (format, text) => {
    await everyWay((connection) => print(connection.stream(local), format), text);
  });

  it("is a text to programs, which would else read it in their own zone", async () => {
    await everyWay(
      async (connection) => (await connection.query(local)).rows,
      [{ t: "2025-12-31T16:00:00", z: new Date("2026-01-01T00:00:00Z") }],
    );
  });

  it("keeps its type in a Parquet file", async () => {
    const [way] = ways;
    if (way === undefined) throw new Error("no connection");
    const read: unknown[] = [];
    await withParquetFile(way.connection.stream(`${local} WHERE Amount > 0`), async (path) => {
      const instance = await DuckDBInstance.create(":memory:");
      const connection = await instance.connect();
      const reader = await connection.runAndReadAll(`SELECT typeof(t), t::VARCHAR, typeof(z) FROM '${path}'`);
      read.push(...reader.getRows());
      connection.closeSync();
      instance.closeSync();
    });
    expect(read).toEqual([["TIMESTAMP", "2025-12-31 16:00:00", "TIMESTAMP WITH TIME ZONE"]]);
  });
});

describe("values of the engine's other types", () => {
  it.each<[string, string, string]>([
    ["'infinity'::TIMESTAMPTZ", "infinity", '"infinity"'],
    ["'-infinity'::DATE", "-infinity", '"-infinity"'],
    ["'nan'::DOUBLE", "NaN", '"NaN"'],
    ["'-inf'::FLOAT", "-Infinity", '"-Infinity"'],
    [
      "170141183460469231731687303715884105727::HUGEINT",
      "170141183460469231731687303715884105727",
      '"170141183460469231731687303715884105727"',
    ],
    ["18446744073709551615::UBIGINT", "18446744073709551615", '"18446744073709551615"'],
    ["1.10::DECIMAL(5,2)", "1.10", '"1.10"'],
    ["INTERVAL '1 month 2 days'", "1 month 2 days", '"1 month 2 days"'],
    ["TIME '10:00:00.5'", "10:00:00.5", '"10:00:00.5"'],
    ["'a\nb'::BLOB", "a\\x0Ab", '"a\\\\x0Ab"'],
    [
      "[TIMESTAMPTZ '2026-01-01 00:00:00.000001+00', NULL]",
      '["2026-01-01T00:00:00.000001Z",null]',
      '["2026-01-01T00:00:00.000001Z",null]',
    ],
    [
      "{'a': 9007199254740993, 'b': 'nan'::DOUBLE}",
      '{"a":"9007199254740993","b":"NaN"}',
      '{"a":"9007199254740993","b":"NaN"}',
    ],
    ["MAP {'k': DATE 'infinity'}", '[{"key":"k","value":"infinity"}]', '[{"key":"k","value":"infinity"}]'],
    ["'{ \"a\" :\n 1.10 }'::JSON", '{"a":1.10}', '{"a":1.10}'],
    [
      "TIMESTAMP_NS '2026-01-01 00:00:00.123456789'",
      "2026-01-01T00:00:00.123456789",
      '"2026-01-01T00:00:00.123456789"',
    ],
    ["TIMESTAMP '12026-01-01'", "+012026-01-01T00:00:00", '"+012026-01-01T00:00:00"'],
  ])("%s is printed whole and as valid JSON", async (sql, plain, json) => {
    const [way] = ways;
    if (way === undefined) throw new Error("no connection");
    const texts: (string | null)[] = [];
    for (const style of ["iso", "json"] as const)
      for await (const row of way.connection.stream(`SELECT ${sql} AS v`).texts(style)) texts.push(...row);
    expect(texts).toEqual([plain, json]);
    expect(() => JSON.parse(json)).not.toThrow();
    expect((await way.connection.query(`SELECT ${sql} AS v`)).rows).toHaveLength(1);
  });
});
