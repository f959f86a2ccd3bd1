import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 3 });

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stripe-sql-copy-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file's path. */
function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("a file that holds no customers", () => {
  test.each([
    ["", "22P04", "the file is empty"],
    ["Email,\na@example.com,b\n", "22P04", "column 2 of the header has no name"],
    ["Email,email\na@example.com,b\n", "22P04", 'the header names "email" twice'],
    ["Email;Name\na@example.com;A\n", "42703", 'column "Email;Name" of "Customer" does not exist'],
    ["Email,Created\na@example.com,1\n", "0A000", 'column "Created" cannot be inserted into "Customer"'],
    ["Email,Name\na@example.com,A\nb@example.com\n", "22P04", "line 3 of '…': it has 1 cell, and the first line 2"],
    ["Email,Name\na@example.com,A,B\n", "22P04", "line 2 of '…': it has 3 cells, and the first line 2"],
    ["Email,Name\na@example.com,A\n,\n", "22P04", "line 3 of '…': it holds no value"],
    ['Email,Name\na@example.com,"A\nb@example.com,B\n', "22P04", "line 2 of '…': a quotation in it is not closed"],
    ['Email,Name\na@example.com,"A"x\n', "22P04", "line 2 of '…': text stands behind a closing quote in it"],
    [
      'Email,Balance\n\n"a@example.com\n",1\n\nb@example.com,15.5\n',
      "22P02",
      "line 6 of '…': \"Balance\" takes a whole number, not '15.5'",
    ],
    ["Email,Metadata\na@example.com,{\n", "22P02", "line 2 of '…': \"Metadata\" takes JSON, not '{'"],
  ])("%j", async (text, sqlState, message) => {
    const path = file("bad.csv", text);
    const error = await running.failure(`COPY Customer FROM '${path}'`);
    expect({ sqlState: error.sqlState, message: error.message.replace(path, "…") }).toEqual({ sqlState, message });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("every bad line is named", async () => {
    const path = file("bad.csv", "Email,Balance\na@example.com,x\nb@example.com,1\nc@example.com,y\nd@example.com,z\n");
    expect(await running.failure(`COPY Customer FROM '${path}'`)).toMatchObject({
      detail: "Nothing was written. Bad lines too: 4, 5.",
    });
  });

  test("a column that Stripe requires is empty", async () => {
    const path = file("intents.csv", "Amount,Currency\n100,usd\n,usd\n");
    expect(await running.failure(`COPY PaymentIntent FROM '${path}'`)).toMatchObject({
      sqlState: "23502",
      message: `line 3 of '${path}': "Amount" is empty, which Stripe requires`,
    });
  });

  test("text that is not UTF-8", async () => {
    const path = file("latin.csv", Buffer.from("Email,Name\na@example.com,Andr\u00e9\n", "latin1"));
    expect(await running.failure(`COPY Customer FROM '${path}'`)).toMatchObject({ sqlState: "22P02" });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("JSON without objects", async () => {
    const path = file("numbers.json", "[1, 2]");
    expect(await running.failure(`COPY Customer FROM '${path}'`)).toMatchObject({
      sqlState: "22P04",
      message: "row 1 of the file is no JSON object",
    });
  });
});

describe("a COPY that cannot be", () => {
  test.each([
    ["COPY Customer FROM '…none.csv'", "58P01"],
    ["COPY Customer FROM STDIN", "42601"],
    ["COPY Customer TO '…'", "0A000"],
    ["COPY Custome FROM '…'", "42P01"],
    ["COPY Customer FROM '…' (FORMT csv)", "42601"],
    ["COPY Customer FROM '…' (FORMAT xml)", "22023"],
    ["COPY Customer FROM '…' (FORMAT json, HEADER)", "42601"],
    ["COPY Customer FROM '…' (HEADER maybe)", "42601"],
    ["COPY Customer FROM '…' (DELIMITER ';;')", "42601"],
    ["COPY Customer FROM '…' (QUOTE)", "42601"],
    ["COPY Customer FROM '…' (HEADER, HEADER)", "42601"],
    ["COPY Customer FROM '…' (HEADER false)", "42601"],
    ["COPY Customer (Email) FROM '…' (HEADER false)", "22P04"],
    ["COPY Customer (Email, Phone) FROM '…'", "42703"],
    ["COPY sys_tables FROM '…'", "0A000"],
  ])("%s", async (sql, sqlState) => {
    const path = file("good.csv", "Email,Name\na@example.com,A\n");
    expect(await running.failure(sql.replace("…", path))).toMatchObject({ sqlState });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("where files may not be read, or nothing be written", async () => {
    const path = file("good.csv", "Email\na@example.com\n");
    const locked = await running.open({ fileAccess: false });
    await expect(locked.query(`COPY Customer FROM '${path}'`)).rejects.toMatchObject({ sqlState: "42501" });
    await expect(locked.query(`EXPLAIN COPY Customer FROM '${path}'`)).rejects.toMatchObject({ sqlState: "42501" });
    const reading = await running.open({ readOnly: true });
    await expect(reading.query(`COPY Customer FROM '${path}none'`)).rejects.toMatchObject({ sqlState: "25006" });
  });
});

describe("COPY", () => {
  test("takes values for what Stripe's parameters say, and an empty cell for none", async () => {
    const path = file(
      "customers.csv",
      '\ufeffEmail,Name,Balance,TaxExempt,AddressCity,Metadata\r\na@example.com,00123,1500.0,exempt,Oslo,"{""k"": ""v""}"\r\n"b@example.com","two\nlines",,,"",\r\n',
    );
    const { command, rowCount, outcomes } = await running.query(`COPY Customer FROM '${path}'`);
    expect({ command, rowCount, states: outcomes.map(({ state }) => state) }).toEqual({
      command: "COPY",
      rowCount: 2,
      states: ["written", "written"],
    });
    expect(requestLines(running.sandbox)).toEqual([
      "POST /v1/customers email=a%40example.com&name=00123&balance=1500&tax_exempt=exempt&address[city]=Oslo&metadata[k]=v",
      "POST /v1/customers email=b%40example.com&name=two%0Alines",
    ]);
  });

  test("finds the columns that it names in the header, in any order, and tells of the others", async () => {
    const path = file("more.csv", "Note,Name,Email\nx,A,a@example.com\n");
    const { notices } = await running.query(`COPY Customer (Email, Name) FROM '${path}' WITH (FORMAT csv, HEADER)`);
    expect(notices).toEqual([`columns of '${path}' that are not copied: Note`]);
    expect(requestLines(running.sandbox)).toEqual(["POST /v1/customers email=a%40example.com&name=A"]);
  });

  test("reads files without a header, of other delimiters and quotes", async () => {
    const path = file("plain.txt", "a@example.com;'it\\'s; A'\nb@example.com;NA\n");
    await running.query(
      `COPY Customer (Email, Name) FROM '${path}' (HEADER false, DELIMITER ';', QUOTE '''', ESCAPE '\\', NULL 'NA')`,
    );
    expect(requestLines(running.sandbox)).toEqual([
      "POST /v1/customers email=a%40example.com&name=it%27s%3B%20A",
      "POST /v1/customers email=b%40example.com",
    ]);
  });

  test("reads lists and lines of JSON, whose objects need not be alike", async () => {
    const list = file(
      "list.json",
      '[{"Email": "a@example.com", "Name": "2026-01-01", "Metadata": {"k": "1"}}, {"Email": "b@example.com", "Balance": 5}]',
    );
    await running.query(`COPY Customer FROM '${list}'`);
    const lines = file(
      "lines.jsonl",
      '{"email": "c@example.com", "address_city": "Rome"}\n{"email": "d@example.com", "name": null}\n',
    );
    await running.query(`COPY customers FROM '${lines}'`);
    expect(requestLines(running.sandbox)).toEqual([
      "POST /v1/customers email=a%40example.com&name=2026-01-01&metadata[k]=1",
      "POST /v1/customers email=b%40example.com&balance=5",
      "POST /v1/customers email=c%40example.com&address[city]=Rome",
      "POST /v1/customers email=d%40example.com",
    ]);
  });

  test("an object's row is named where its value is bad", async () => {
    const path = file("bad.jsonl", '{"Balance": 1}\n{"Balance": "x"}\n');
    expect(await running.failure(`COPY Customer FROM '${path}'`)).toMatchObject({
      message: `row 2 of '${path}': "Balance" takes a number, not 'x'`,
    });
  });

  test("reads Parquet files", async () => {
    const path = join(folder, "customers.parquet");
    await writeParquet(path, `SELECT 'p@example.com' AS "Email", 7::BIGINT AS "Balance", NULL::VARCHAR AS "Name"`);
    await running.query(`COPY Customer FROM '${path}'`);
    expect(requestLines(running.sandbox)).toEqual(["POST /v1/customers email=p%40example.com&balance=7"]);
  });

  test("EXPLAIN reads the file and counts its calls", async () => {
    const path = file("three.csv", "Email\na@example.com\nb@example.com\nc@example.com\n");
    const { rows } = await running.query(`EXPLAIN COPY Customer FROM '${path}'`);
    const lines = rows.map((row) => row["QUERY PLAN"]);
    expect(lines).toEqual(expect.arrayContaining([expect.stringContaining("Requests: 3")]));
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("a row that Stripe refuses does not hide the others, and the journal knows each", async () => {
    const path = file("some.csv", "Email\nno address\nfine@example.com\n");
    const { outcomes, write } = await running.query(`COPY Customer FROM '${path}'`);
    expect(outcomes.map(({ state }) => state)).toEqual(["failed", "written"]);
    expect(write?.calls.map(({ state }) => state)).toEqual(["failed", "written"]);
  });
});

async function writeParquet(path: string, query: string): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
