import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect } from "../../src/driver/connect.js";
import { openStatementLog } from "../../src/driver/statement-log.js";
import { testFolder } from "../support/folder.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 40 });

type Line = Readonly<Record<string, unknown>>;

const newFile = () => join(testFolder().path, "logs", "statements.log");

const linesOf = (file: string): readonly Line[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

/** What a connection of this verbosity logs of a few statements. */
async function logged(verbosity: number, ...statements: readonly string[]): Promise<readonly Line[]> {
  const file = newFile();
  const connection = await running.open({ logFile: file, verbosity });
  for (const statement of statements) await connection.query(statement).catch(() => undefined);
  return linesOf(file);
}

const messages = (lines: readonly Line[]) => [...new Set(lines.map((line) => line["msg"]))];

test("verbosity 1 tells of statements: text, command, rows, requests, time and errors", async () => {
  const lines = await logged(1, "SELECT Id FROM Customer LIMIT 2", "SELECT Emial FROM Customer", "SELEC 1");
  expect(lines).toMatchObject([
    {
      msg: "statement",
      level: 30,
      statement: "SELECT Id FROM Customer LIMIT 2",
      command: "SELECT",
      rowCount: 2,
      requests: 1,
      elapsedMs: expect.any(Number),
    },
    {
      msg: "statement failed",
      level: 50,
      statement: "SELECT Emial FROM Customer",
      requests: 0,
      sqlState: "42703",
      error: 'column "Emial" does not exist',
      hint: expect.stringContaining("Email"),
    },
    { msg: "statement failed", statement: "SELEC 1", sqlState: "42601" },
  ]);
});

test("a write tells how many objects were written, and its first failure", async () => {
  running.sandbox.faults.add({
    method: "POST",
    path: "/v1/customers",
    after: 1,
    effect: {
      kind: "status",
      status: 400,
      body: { error: { type: "invalid_request_error", message: "No more" } },
    },
  });
  const lines = await logged(1, "INSERT INTO Customer (Name) VALUES ('Ada'), ('Grace')");
  expect(lines).toMatchObject([
    { msg: "statement failed", command: "INSERT", written: 1, failed: 1, notTried: 0, error: "No more" },
  ]);
});

test("verbosity 2 tells of each request and of the catalog", async () => {
  const lines = await logged(2, "SELECT Id FROM Customer LIMIT 2");
  expect(messages(lines)).toEqual(["catalog opened", "request", "statement"]);
  expect(lines[1]).toMatchObject({
    method: "GET",
    path: "/v1/customers",
    status: 200,
    attempt: 1,
    requestId: expect.stringMatching(/^req_/),
    elapsedMs: expect.any(Number),
  });
});

test("a catalog that had to be compiled is told from one that was there", async () => {
  const file = newFile();
  const cachePath = testFolder().path;
  await running.open({ logFile: file, verbosity: 2, cachePath });
  await running.open({ logFile: file, verbosity: 2, cachePath });
  expect(messages(linesOf(file))).toEqual(["catalog compiled", "catalog opened"]);
});

test("a request that is tried again has a line for each attempt", async () => {
  running.sandbox.faults.add({ path: "/v1/balance", effect: { kind: "disconnect" } });
  const lines = await logged(4, "SELECT * FROM Balance");
  expect(lines.filter((line) => line["msg"] === "request")).toMatchObject([
    { attempt: 1, failure: "the connection to Stripe was lost", retryInMs: expect.any(Number) },
    { attempt: 2, status: 200 },
  ]);
  expect(lines).toContainEqual(expect.objectContaining({ msg: "connection failed", exchange: 1 }));
});

test("verbosity 3 tells headers and bodies", async () => {
  const lines = await logged(3, "UPDATE Customer SET Phone = '+44' WHERE Id = 'cus_none'");
  const insert = await logged(3, "INSERT INTO Customer (Name, Email) VALUES ('Ada L', 'ada@example.com')");
  expect(messages(insert)).toEqual(["catalog opened", "request message", "answer message", "request", "statement"]);
  expect(insert[1]).toMatchObject({
    method: "POST",
    path: "/v1/customers",
    headers: { Authorization: "***", "Idempotency-Key": expect.stringMatching(/^stripe-sql-/) },
    body: "name=Ada L&email=ada@example.com",
  });
  expect(insert[2]).toMatchObject({ status: 200, body: { object: "customer", email: "ada@example.com" } });
  expect(messages(lines)).not.toContain("connection used");
});

test("verbosity 4 tells which connection answered, and whether it was there before", async () => {
  const lines = await logged(4, "SELECT * FROM Balance", "SELECT * FROM Balance");
  expect(lines.filter((line) => line["msg"] === "connection used")).toMatchObject([
    { isReused: false, local: expect.stringMatching(/^127\.0\.0\.1:\d+$/), remote: expect.any(String) },
    { isReused: true },
  ]);
});

test("verbosity 5 tells properties, parameters and notices", async () => {
  const file = newFile();
  const connection = await running.open({ logFile: file, verbosity: 5 });
  await connection.query("SELECT Id FROM Customer WHERE Email = ? AND Name <> 'x'", ["ada@example.com"]);
  const lines = linesOf(file);
  expect(lines.find((line) => line["msg"] === "connection")).toMatchObject({
    properties: { ApiKey: "***", Verbosity: "5" },
  });
  expect(lines.at(-1)).toMatchObject({ parameters: ["ada@example.com"], notices: [] });
});

test("each level tells all that those below it do", async () => {
  const counts: number[] = [];
  for (const verbosity of [1, 2, 3, 4, 5]) counts.push((await logged(verbosity, "SELECT * FROM Balance")).length);
  expect(counts).toEqual([1, 3, 5, 6, 7]);
});

test("level ERROR tells of failures alone, whatever the verbosity", async () => {
  const file = newFile();
  const connection = await running.open({ logFile: file, verbosity: 5, logLevel: "ERROR" });
  await connection.query("SELECT * FROM Balance");
  await connection.query("SELECT Emial FROM Customer").catch(() => undefined);
  expect(linesOf(file)).toMatchObject([{ msg: "statement failed", level: 50, sqlState: "42703" }]);
});

test("level WARN tells also what went amiss on the way: notices, and requests that were sent again", async () => {
  running.sandbox.faults.add({ path: "/v1/balance", effect: { kind: "disconnect" } });
  const file = newFile();
  const connection = await running.open({ logFile: file, verbosity: 4, logLevel: "WARN" });
  await connection.query("SELECT * FROM Balance");
  await connection.query("SELECT Id FROM BillingFeedbackOption WHERE Status = 'new'");
  expect(linesOf(file)).toMatchObject([
    { msg: "connection failed", level: 40 },
    { msg: "request", level: 40, attempt: 1, retryInMs: expect.any(Number) },
    { msg: "statement", level: 40, rowCount: 0 },
  ]);
});

test("level INFO tells all that the verbosity does, and DEBUG requests at verbosity 1 too", async () => {
  const told = async (logLevel: "INFO" | "DEBUG", verbosity: number) => {
    const file = newFile();
    const connection = await running.open({ logFile: file, verbosity, logLevel });
    await connection.query("SELECT * FROM Balance");
    return messages(linesOf(file));
  };
  expect(await told("INFO", 1)).toEqual(["statement"]);
  expect(await told("INFO", 3)).toEqual([
    "catalog opened",
    "request message",
    "answer message",
    "request",
    "statement",
  ]);
  expect(await told("DEBUG", 1)).toEqual(["catalog opened", "request", "statement"]);
});

test("there is no log unless a verbosity, a file or a level is given", async () => {
  expect(await openStatementLog({ verbosity: undefined, logFile: undefined })).toBeUndefined();
  for (const given of [{ verbosity: 1 }, { logLevel: "ERROR" }] as const) {
    const log = await openStatementLog({ verbosity: undefined, logFile: undefined, ...given });
    expect(log).toBeDefined();
    log?.close();
  }
});

test("a file alone is a log of verbosity 1, appended to, with its folder made and for its owner alone", async () => {
  const file = newFile();
  for (let round = 0; round < 2; round += 1) {
    const connection = await running.open({ logFile: file });
    await connection.query("SELECT * FROM Balance");
    await connection.close();
  }
  expect(messages(linesOf(file))).toEqual(["statement"]);
  expect(linesOf(file)).toHaveLength(2);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a file that cannot be opened is a bad parameter", async () => {
  const folder = testFolder();
  const file = folder.write("file", "");
  for (const logFile of [folder.path, join(file, "below.log")]) {
    const error = await errorOf(connect({ sandbox: { customers: 1 }, logFile }));
    expect(error).toMatchObject({ sqlState: "22023", phase: "connect", message: "the log file cannot be opened" });
  }
});

test("a connection that is closed while a statement runs logs its cancellation and nothing more, and does not fail for it", async () => {
  const file = newFile();
  const connection = await running.open({ logFile: file });
  const rows = connection.stream("SELECT Id FROM Customer")[Symbol.asyncIterator]();
  await rows.next();
  await connection.close();
  await rows.return?.();
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: "statement failed", sqlState: "57014" }]);
});
