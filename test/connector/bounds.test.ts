import { describe, expect, test } from "vitest";
import { resultCharacters, sqlBounds } from "../../src/connector/bounds.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector } from "../support/sandbox-connector.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 5 });
const connected = connectConnector(running);
const run = (query: string, more: object = {}) => connected.connector.executeSqlQuery({ query, ...more });
const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join("");

describe("a text handed over", () => {
  test.each<[string, string, object?]>([
    ["many statements", `SELECT 1${times(101, () => ";SELECT 1")}`],
    ["2,000 brackets", `SELECT ${"(".repeat(2000)}1${")".repeat(2000)}`],
    ["a literal of 10 MB", `SELECT '${"x".repeat(10_000_000)}'`],
    ["100,000 times OR", `SELECT 1 WHERE TRUE${times(100_000, () => " OR 1=1")}`],
    ["6,000 times OR", `SELECT 1 WHERE TRUE${times(6000, () => " OR 1=1")}`],
    ["a comment of 1 MB", `SELECT 1 /*${"x".repeat(1_000_000)}*/`],
    ["a million line breaks", `${"\n".repeat(1_000_000)}SELECT 1`],
    ["a name of 1 MB", `SELECT 1 AS "${"x".repeat(1_000_000)}"`],
    ["comments in each other", `${"/*".repeat(300)}${"*/".repeat(300)} SELECT 1`],
    ["a parameter of 2 MB", "SELECT ?", { queryParameters: [{ value: "x".repeat(2_000_000) }] }],
  ])("with %s is refused before it is read", async (_, query, more = {}) => {
    expect((await errorOf(run(query, more))).sqlState).toBe("54000");
  });

  test.each([
    [
      "300 joins",
      `SELECT 1 FROM Customer c${times(300, (index) => ` JOIN Customer c${index} ON c${index}.Id = c.Id`)}`,
    ],
    ["900 concatenations", `SELECT ${"'a'||".repeat(900)}1`],
    ["900 additions", `SELECT ${"1+".repeat(900)}1`],
    [
      "a WITH of 300 joins",
      `WITH x AS (SELECT 1 FROM Customer c${times(300, (index) => `, Charge c${index}`)}) FROM x`,
    ],
  ])("with %s is refused before it is planned", async (_, query) => {
    const before = process.cpuUsage();
    expect((await errorOf(run(query))).sqlState).toBe("54000");
    // These took half a minute and more.
    expect(process.cpuUsage(before).user).toBeLessThan(8_000_000);
  });

  test("may hold as many values as fit", async () => {
    const list = times(15_000, (index) => `${index === 0 ? "" : ","}'cus_${index}'`);
    expect(list.length).toBeLessThan(sqlBounds.length);
    expect((await run(`SELECT Id FROM Customer WHERE Name IN (${list})`)).results).toEqual([]);
  });

  test("is larger for a program's own connection", async () => {
    const { rows } = await running.query(`SELECT length('${"x".repeat(10_000_000)}') AS n`);
    expect(rows).toEqual([{ n: 10_000_000 }]);
  });
});

describe("an answer", () => {
  test("of more characters than it may hold is cut, and says so", async () => {
    const { results, metadata } = await run("SELECT repeat('x', 1000000) AS text FROM range(50)", { maxRows: 1000 });
    expect(results).toHaveLength(Math.floor(resultCharacters / 1_000_011));
    expect(metadata).toMatchObject({ truncated: true, notices: [expect.stringContaining("the result was cut")] });
    const query = "SELECT repeat('x', 1000000) AS text FROM range(50)";
    const rest = await run(query, { maxRows: 1000, pageToken: metadata.nextPageToken });
    expect(rest.results).toHaveLength(50 - results.length);
  });

  test("holds no row that is larger than that", async () => {
    const error = await errorOf(run("SELECT list(repeat('x', 1000000)) AS texts FROM range(40)"));
    expect(error).toMatchObject({ sqlState: "54000", message: "a row is too large for an answer" });
  });
});

test("a value that no text of JavaScript can be is refused in words", async () => {
  expect(
    await errorOf(running.query("SELECT string_agg(repeat('x', 1000000), '') AS text FROM range(600)")),
  ).toMatchObject({
    sqlState: "54000",
    message: "a value is too long",
  });
});
