import { afterEach, describe, expect, test } from "vitest";
import { connect } from "../../src/driver/connect.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { describeError } from "../support/describe-error.js";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 5 });

const failure = async (sql: string) => describeError(await running.failure(sql), sql);

describe("a statement that is none of ours", () => {
  afterEach(() => expect(requestLines(running.sandbox)).toEqual([]));

  test.each([
    "ALTER TABLE Customer ADD COLUMN x INTEGER",
    "TRUNCATE Customer",
    "COPY Customer TO 'customers.csv'",
    "ATTACH 'x.db'",
    "INSTALL httpfs",
    "PRAGMA database_list",
    "SET TRANSACTION READ ONLY",
  ])("%s", async (sql) => {
    const keyword = sql.split(" ", 1)[0];
    expect(await failure(sql)).toEqual({
      message: `${keyword} is not supported`,
      sqlState: "0A000",
      phase: "syntax",
      hint: "Supported are SELECT, INSERT, UPDATE, DELETE, MERGE, COPY … FROM 'file', EXEC, EXPLAIN, SHOW, DESCRIBE, SET, RESET, RESUME WRITE, FORGET, CREATE [TEMP] VIEW, CREATE TEMP TABLE … AS, REFRESH, DROP VIEW, DROP TABLE and BEGIN, COMMIT, ROLLBACK.",
      at: keyword,
    });
  });

  test("a misspelt keyword", async () => {
    expect(await failure("SELEC Id FROM Customer")).toMatchObject({
      message: 'syntax error at or near "SELEC"',
      sqlState: "42601",
      phase: "syntax",
      hint: expect.stringContaining('"SELECT"'),
      at: "SELEC",
    });
  });

  test("an unterminated string", async () => {
    expect(await failure("SELECT 'abc FROM Customer")).toMatchObject({
      message: "unterminated string",
      sqlState: "42601",
      phase: "syntax",
    });
  });

  test("a clause with nothing in it", async () => {
    expect(await failure("SELECT FROM WHERE")).toMatchObject({
      message: 'syntax error at or near "WHERE"',
      sqlState: "42601",
      at: "WHERE",
    });
    expect(await failure("SELECT Id FROM Customer WHERE")).toMatchObject({
      message: "syntax error at end of input",
      sqlState: "42601",
    });
  });

  test("no statement at all", async () => {
    for (const sql of ["", "  ;  ", "-- only a comment"]) {
      expect(await failure(sql)).toEqual({
        message: "the text holds no statement",
        sqlState: "42601",
        phase: "syntax",
      });
    }
  });

  test("several where one is prepared or streamed", () => {
    for (const run of [
      () => running.connection.prepare("SELECT 1; SELECT 2"),
      () => running.connection.stream("SELECT 1; SELECT 2"),
    ]) {
      const error = thrownBy(run);
      expect(describeError(error, "SELECT 1; SELECT 2")).toEqual({
        message: "one statement was expected, but the text holds several",
        sqlState: "42601",
        phase: "syntax",
        hint: "Give each in a call of its own; a program runs several with script(…).",
        at: "SELECT",
      });
    }
  });

  test("a mistake in a script has its place in the whole script", async () => {
    const sql = "SELECT 1 AS a;\nSELECT foo(Id) FROM Customer";
    expect((await running.failure(sql)).position).toBe(sql.indexOf("foo"));
    const other = "SELECT 1 AS a;\nSELECT Emial FROM Customer";
    expect((await running.failure(other)).position).toBe(other.indexOf("Emial"));
  });
});

describe("a key", () => {
  test("that is wrong", async () => {
    const connection = await running.open({ apiKey: "sk_test_notthekey" });
    expect(await errorOf(connection.query("SELECT Id FROM Customer LIMIT 1"))).toMatchObject({
      message: expect.not.stringContaining("notthekey"),
      sqlState: "28000",
      detail: "GET /v1/customers was answered with status 401.",
      hint: "Set ApiKey, or STRIPE_API_KEY, to a key that is valid for this account and mode.",
    });
  });

  test("that is missing", async () => {
    const error = await errorOf(connect({ apiBase: "https://stripe.example" }));
    expect(describeError(error, "")).toMatchObject({ sqlState: "28000", phase: "connect" });
  });
});

test("a connection property that is misspelt is named, and its value is not", async () => {
  const error = await errorOf(connect("ApiKy=sk_test_secret1"));
  expect(describeError(error, "ApiKy=sk_test_secret1")).toEqual({
    message: 'unrecognized connection property "ApiKy"',
    sqlState: "22023",
    phase: "connect",
    hint: 'Did you mean "ApiKey"?',
    at: "ApiKy",
  });
});

function thrownBy(run: () => unknown): StripeSqlError {
  try {
    run();
  } catch (error) {
    if (error instanceof StripeSqlError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("GROUP BY ALL beside an expression of an aggregate and a column", async () => {
  expect(await failure("SELECT Currency, sum(Amount) || Currency AS total FROM Charge GROUP BY ALL")).toMatchObject({
    message: "GROUP BY ALL does not know what to group by for a column that stands in one expression with an aggregate",
    sqlState: "42803",
    hint: "Name the columns in GROUP BY.",
  });
});
