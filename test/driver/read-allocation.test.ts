import { expect, test } from "vitest";
import { connect } from "../../src/driver/connect.js";
import { testFolder } from "../support/folder.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

test("reads of all connections are counted by account and month, writes are not", async () => {
  const { path: cachePath } = testFolder();
  const { url: apiBase, apiKey } = running.sandbox;
  const run = async (sql: string) => {
    const connection = await connect({ apiKey, apiBase, cachePath });
    try {
      return await connection.query(sql);
    } finally {
      await connection.close();
    }
  };
  await run("SELECT Id FROM Customer");
  await run("SELECT Id FROM Customer WHERE Id IN ('cus_a', 'cus_b')");
  await run("INSERT INTO Customer (Name) VALUES ('Ada')");
  await run("SELECT Id FROM Customer WHERE AccountId = 'acct_none'").catch(() => undefined);
  // The first asks for the test clocks too.
  const { rows } = await run("SELECT Account, Month, Reads FROM sys_reads ORDER BY Account");
  expect(rows).toEqual([
    { Account: expect.stringMatching(/^[0-9a-f]{16}$/), Month: new Date().toISOString().slice(0, 7), Reads: 4 },
    { Account: expect.stringMatching(/^[0-9a-f]{16} acct_none$/), Month: expect.any(String), Reads: 1 },
  ]);
  expect(JSON.stringify(rows)).not.toContain(apiKey);
});
