import { describe, expect, it } from "vitest";
import type { Parameters } from "../../src/driver/api.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

const untyped = (given: unknown): Parameters => given as Parameters;

describe("a numbered parameter", () => {
  it.each([
    ["SELECT upper($2) AS x", [1, "abc"], "ABC"],
    ["SELECT $3 || $2 AS x", [1, "b", "a"], "ab"],
    ["SELECT $2::INT * 10 + $1::INT AS x", [1, 2], 21],
    [
      "SELECT count(*) AS x FROM Customer WHERE Email = $2 AND upper(Email) = $4",
      [0, "customer3@example.com", 0, "CUSTOMER3@EXAMPLE.COM"],
      1,
    ],
    [
      "SELECT count(*) AS x FROM Customer WHERE Email IN ($2) AND Balance = $4",
      [0, ["customer3@example.com"], 0, 0],
      1,
    ],
  ])("may be one of which others are not used: %s", async (sql, parameters, x) => {
    expect((await running.query(sql, untyped(parameters))).rows).toEqual([{ x }]);
  });

  it("finds its value in every part of a write", async () => {
    const sql = "UPDATE Customer SET Name = $2 WHERE upper(Email) = $4 RETURNING Name, upper($6) AS x";
    const { rows } = await running.query(sql, [0, "Ada", 0, "CUSTOMER3@EXAMPLE.COM", 0, "y"]);
    expect(rows).toEqual([{ Name: "Ada", x: "Y" }]);
  });

  it("is described in the order of the numbers", async () => {
    const { parameters } = await running.connection.describeStatement("SELECT upper($3), $1::INT");
    expect(parameters).toEqual([
      { name: "1", type: "INTEGER" },
      { name: "3", type: "VARCHAR" },
    ]);
    expect(running.connection.prepare("SELECT $3, $1").parameters).toEqual(["1", "3"]);
  });
});

describe("a bigint", () => {
  it("past 64 bits is bound as it is", async () => {
    const { rows } = await running.query("SELECT ? AS x", [10n ** 30n]);
    expect(rows).toEqual([{ x: 10n ** 30n }]);
    expect((await running.query("SELECT Id FROM Customer WHERE Balance = ?", [-(10n ** 30n)])).rows).toEqual([]);
  });
});

const circle: Record<string, unknown> = {};
circle["in"] = [circle];

describe("a value that is none of SQL's", () => {
  const statements = [
    "SELECT ? AS x",
    "SELECT Id FROM Customer WHERE Id = ?",
    "UPDATE Customer SET Name = ? WHERE Id = 'cus_1'",
    "INSERT INTO Customer (Metadata) VALUES (?)",
    "EXEC CancelQuote QuoteId = ?",
  ];

  it.each<[unknown, string]>([
    [circle, "a structure that holds itself"],
    [new Date(Number.NaN), "an invalid Date"],
    [[new Date(Number.NaN)], "an invalid Date"],
    [() => 1, "a function"],
    [{ a: Symbol("a") }, "a symbol"],
    [Buffer.from("a"), "a Buffer"],
    [new Float64Array(1), "a Float64Array"],
    [{ a: new Map([[1, 2]]) }, "a Map"],
    [/a/, "a RegExp"],
    [new String("a"), "a String"],
    [10n ** 40n, "a bigint of more than 128 bits"],
  ])("is refused before anything is sent: %o", async (value, what) => {
    for (const sql of statements) {
      expect(await running.failure(sql, untyped([value]))).toMatchObject({
        sqlState: "22023",
        message: `parameter $1 cannot take ${what}`,
      });
    }
    expect(running.sandbox.requests.entries).toEqual([]);
  });

  it.each([["\ud800"], [{ a: "b\udfff" }], [{ "\ud800": 1 }]])("is half a surrogate pair: %j", async (value) => {
    for (const sql of statements) {
      const { sqlState, message } = await running.failure(sql, untyped([value]));
      expect([sqlState, message]).toEqual(["22021", "parameter $1 holds half a surrogate pair"]);
    }
    expect(running.sandbox.requests.entries).toEqual([]);
  });

  it("may be a structure whose parts repeat", async () => {
    const part = { a: 1n };
    expect((await running.query("SELECT ?::JSON AS x", [{ b: part, c: [part, null, undefined] }])).rows).toEqual([
      { x: { b: { a: 1 }, c: [{ a: 1 }, null, null] } },
    ]);
  });
});

it("half a surrogate pair in a statement is no other character, and is pointed at", async () => {
  expect(await running.failure("SELECT 'a\ud800'")).toMatchObject({ sqlState: "42601", position: 9 });
});

it.each([null, 1, "x", true, () => 1, new Map(), new Date(0)])(
  "parameters are an array or an object, not %o",
  async (given) => {
    expect(await running.failure("SELECT 1 AS x", untyped(given))).toMatchObject({
      sqlState: "22023",
      message: "parameters are neither an array nor an object",
    });
  },
);

it.each([undefined, null, 1, {}, Buffer.from("SELECT 1")])("a statement is a text, not %o", async (sql) => {
  expect(await running.failure(sql as string)).toMatchObject({ sqlState: "22023", message: "SQL is given as a text" });
});
