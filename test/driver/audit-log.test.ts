import { readFileSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ConnectOptions } from "../../src/driver/api.js";
import { testFolder } from "../support/folder.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 3 });

type Line = Readonly<Record<string, unknown>>;

const linesOf = (file: string): readonly Line[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

async function audited(options: ConnectOptions = {}) {
  const { path } = testFolder();
  const file = join(path, "audit.jsonl");
  const connection = await running.open({ auditLog: file, cachePath: path, ...options });
  return { file, connection };
}

describe("the audit log", () => {
  it("is not there for what only reads", async () => {
    const { file, connection } = await audited();
    await connection.query("SELECT Id FROM Customer LIMIT 1");
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  it("has a line for the statement, and one for each call: who, what, when, key, request id, outcome", async () => {
    const { file, connection } = await audited();
    const { write, outcomes } = await connection.query(
      `INSERT INTO Customer (Name, Metadata) VALUES ('Ada', '{"plan":"gold"}'), ('Bob', '{"plan":"silver"}')`,
    );
    const common = {
      ...{ time: expect.stringMatching(/^\d{4}-.*Z$/), user: userInfo().username, pid: process.pid },
      ...{ apiBase: running.sandbox.url, mode: "sandbox", command: "INSERT", name: "Customer" },
    };
    const call = (index: number) => ({
      ...common,
      ...{ event: "call", write: write?.id, number: index + 1, method: "POST", path: "/v1/customers" },
      ...{ parameters: ["name", "metadata[plan]"], state: "written", id: outcomes[index]?.id },
      ...{ idempotencyKey: write?.calls[index]?.idempotencyKey, requestId: expect.stringMatching(/^req_/) },
    });
    const statement = "INSERT INTO Customer (Name, Metadata) VALUES (***, ***), (***, ***)";
    const [first, ...calls] = linesOf(file);
    expect(first).toEqual({ ...common, mode: expect.any(String), event: "statement", statement, calls: 2 });
    expect(calls).toEqual([0, 1].map((index) => ({ ...call(index), mode: expect.any(String) })));
  });

  it("never holds a value, and tells what was refused, in doubt and not tried", async () => {
    const { file, connection } = await audited({ timeout: 2 });
    running.sandbox.faults.add({
      ...{ method: "POST", path: "/v1/customers", after: 1, times: 9, effect: { kind: "lose-reply" } },
    });
    const sql = "INSERT INTO Customer (Email) VALUES ('a@secret.example'), ('b@secret.example'), ('c@secret.example')";
    await connection.query(sql, undefined, { caller: "ada" });
    expect(linesOf(file).map(({ user, state, event }) => [user, state ?? event])).toEqual([
      ["ada", "statement"],
      ["ada", "written"],
      ["ada", "in doubt"],
      ["ada", "not tried"],
    ]);
    expect(readFileSync(file, "utf8")).not.toContain("secret.example");
    running.sandbox.faults.clear();
    await errorOf(connection.query("EXEC CancelQuote QuoteId = 'qt_none'"));
    expect(linesOf(file).at(-1)).toMatchObject({
      ...{ command: "EXECUTE", name: "CancelQuote", path: "/v1/quotes/qt_none/cancel", state: "failed" },
      ...{ code: "resource_missing", requestId: expect.stringMatching(/^req_/) },
    });
  });

  it("that cannot be written keeps a write from being sent, and no reading", async () => {
    const { path } = testFolder();
    const connection = await running.open({ auditLog: path, cachePath: path });
    for (const sql of ["INSERT INTO Customer (Name) VALUES ('x')", "INSERT INTO Customer (Name) VALUES ('x'), ('y')"])
      expect(await errorOf(connection.query(sql))).toMatchObject({
        sqlState: "58030",
        message: "the audit log could not be written",
        detail: expect.stringMatching(/^Nothing was sent to Stripe\. EISDIR/),
      });
    expect(running.sandbox.requests.entries).toEqual([]);
    expect((await connection.query("SHOW WRITES")).rows).toEqual([]);
    expect((await connection.query("SELECT Id FROM Customer LIMIT 1")).rows).toHaveLength(1);
  });

  it("goes with RESUME WRITE as well", async () => {
    const { file, connection } = await audited({ timeout: 2 });
    running.sandbox.faults.add({
      ...{ method: "POST", path: "/v1/customers", after: 1, times: 9, effect: { kind: "lose-reply" } },
    });
    const { write } = await connection.query("INSERT INTO Customer (Name) VALUES ('a'), ('b'), ('c')");
    running.sandbox.faults.clear();
    rmSync(file);
    await connection.query(`RESUME WRITE '${write?.id}'`);
    expect(linesOf(file).map(({ write, event, number, state }) => [write, event, number, state])).toEqual([
      [write?.id, "statement", undefined, undefined],
      [write?.id, "call", 2, "written"],
      [write?.id, "call", 3, "written"],
    ]);
  });
});
