import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 40 });

const lines = (file: string): readonly Record<string, unknown>[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("a log file tells of statements, their measures and their errors, and at level 2 of requests", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "stripe-sql-log-")), "statements.log");
  const connection = await running.open({ logFile: file, verbosity: 2 });
  await connection.query("SELECT Id FROM Customer LIMIT 2");
  await errorOf(connection.query("SELECT Emial FROM Customer"));
  const [request, statement, failed] = lines(file);
  expect(request).toMatchObject({ msg: "request", method: "GET", path: "/v1/customers", status: 200, attempt: 1 });
  expect(statement).toMatchObject({
    msg: "statement",
    statement: "SELECT Id FROM Customer LIMIT 2",
    rowCount: 2,
    requests: 1,
  });
  expect(failed).toMatchObject({ msg: "statement failed", sqlState: "42703", error: 'column "Emial" does not exist' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("no secret reaches it", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "stripe-sql-log-")), "statements.log");
  const connection = await running.open({ logFile: file, verbosity: 5 });
  const secrets = ["sk_test_planted0123456789", "pi_1_secret_planted0123", "4242424242424242"];
  for (const secret of secrets)
    await connection.query(`SELECT Id FROM Customer WHERE Name = '${secret}' AND Phone LIKE '${secret}'`);
  const text = readFileSync(file, "utf8");
  expect(lines(file).length).toBeGreaterThanOrEqual(6);
  for (const secret of [...secrets, running.sandbox.apiKey]) expect(text).not.toContain(secret);
});
