import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/value/json.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";
import { disagreeingConnections } from "./disagreeing-connection.js";

const running = connectSandbox({ customers: 12 });
const disagreeing = disagreeingConnections(running);

const answering = (method: string, path: RegExp, rewrite: (answer: JsonObject) => unknown) =>
  disagreeing([{ kind: "rewrites-answer", method, path, rewrite: (answer) => ({ body: rewrite(answer) }) }]);

const firstCustomer = async (): Promise<string> =>
  String((await running.query("SELECT Id FROM Customer ORDER BY Id LIMIT 1")).rows[0]?.["Id"]);

describe("a retrieve", () => {
  test.each<[string, (answer: JsonObject) => unknown]>([
    ["nothing", () => ({})],
    ["an array", () => []],
    ["another object", (answer) => ({ ...answer, id: "cus_other" })],
    ["an object without type", ({ object: _, ...rest }) => rest],
    ["an object without id", ({ id: _, ...rest }) => rest],
  ])("that answers %s gives no row", async (_name, rewrite) => {
    const { connection } = await answering("GET", /^\/v1\/customers\//, rewrite);
    const error = await errorOf(connection.query("SELECT * FROM Customer WHERE Id = ?", [await firstCustomer()]));
    expect(error.sqlState).toBe("58030");
  });

  test("of the one object of an account that answers nothing gives no row", async () => {
    const { connection } = await answering("GET", /^\/v1\/balance$/, () => ({}));
    expect((await errorOf(connection.query("SELECT * FROM Balance"))).sqlState).toBe("58030");
  });
});

describe("a list", () => {
  const data = (change: (rows: readonly JsonObject[]) => unknown) => (answer: JsonObject) => ({
    ...answer,
    data: change(answer["data"] as readonly JsonObject[]),
  });

  test.each<[string, (answer: JsonObject) => unknown]>([
    ["something else than objects", data(() => [1, "two"])],
    ["rows without id", data((rows) => rows.map(({ id: _, ...rest }) => rest))],
    ["rows with an empty id", data((rows) => rows.map((row) => ({ ...row, id: "" })))],
  ])("of %s is none", async (_name, rewrite) => {
    const { connection } = await answering("GET", /^\/v1\/customers$/, rewrite);
    for (const sql of ["SELECT Email FROM Customer", "SELECT count(*) FROM Customer"])
      expect((await errorOf(connection.query(sql))).sqlState).toBe("58030");
  });
});

describe("a write is in doubt where the answer", () => {
  test.each<[string, (answer: JsonObject) => unknown]>([
    ["is nothing", () => ({})],
    ["has no id", ({ id: _, ...rest }) => rest],
  ])("to an INSERT %s", async (_name, rewrite) => {
    const { connection } = await answering("POST", /^\/v1\/customers$/, rewrite);
    const error = await errorOf(connection.query("INSERT INTO Customer (Email) VALUES ('a@example.com')"));
    expect(error).toMatchObject({ sqlState: "58030", stripe: { inDoubt: true }, retryable: false });
    expect(error.hint).toContain("idempotency key");
  });

  test("to a DELETE says that it is not deleted", async () => {
    const { connection } = await answering("DELETE", /^\/v1\/customers\//, (answer) => ({ ...answer, deleted: false }));
    const { rows } = await connection.query("INSERT INTO Customer (Name) VALUES ('to delete') RETURNING Id");
    const error = await errorOf(connection.query("DELETE FROM Customer WHERE Id = ?", [String(rows[0]?.["Id"])]));
    expect(error).toMatchObject({ sqlState: "58030", stripe: { inDoubt: true } });
  });

  test("to an UPDATE is another object", async () => {
    const { connection } = await answering("POST", /^\/v1\/customers\//, (answer) => ({ ...answer, id: "cus_other" }));
    const sql = "UPDATE Customer SET Name = 'x' WHERE Id = ?";
    const error = await errorOf(connection.query(sql, [await firstCustomer()]));
    expect(error).toMatchObject({ sqlState: "58030", stripe: { inDoubt: true } });
  });

  // Once, these were told as failed.
  test("to a procedure holds what its columns cannot", async () => {
    const { connection } = await answering("POST", /\/cancel$/, (answer) => ({ ...answer, amount: "much" }));
    const insert = "INSERT INTO PaymentIntent (Amount, Currency) VALUES (100, 'usd') RETURNING Id";
    const { rows } = await connection.query(insert);
    const sql = "EXEC CancelPaymentIntent PaymentIntentId = ?";
    expect(await errorOf(connection.query(sql, [String(rows[0]?.["Id"])]))).toMatchObject({
      sqlState: "58030",
      detail: "CancelPaymentIntent was carried out; only its answer could not be read. The value is a JSON string.",
      stripe: { inDoubt: true },
    });
  });

  test("to an UPDATE with RETURNING holds what its columns cannot: it is told as written", async () => {
    const { connection } = await answering("POST", /^\/v1\/customers\//, (answer) => ({ ...answer, balance: "much" }));
    const sql = "UPDATE Customer SET Name = 'x' WHERE Id = ? RETURNING Balance";
    const id = await firstCustomer();
    const { outcomes, error } = await connection.query(sql, [id]);
    expect(outcomes).toEqual([{ state: "written", id }]);
    expect(error?.sqlState).toBe("58030");
  });

  test("to some of several objects says so of these, and is told of all", async () => {
    const { connection } = await answering("POST", /^\/v1\/customers$/, () => ({}));
    const error = await errorOf(connection.query("INSERT INTO Customer (Email) VALUES ('a@x.y'), ('b@x.y')"));
    expect(error.detail).toMatch(
      /^None of 2 objects is known to be written: 2 in doubt, 0 failed, 0 not tried\. What is/,
    );
    expect(error.detail).toMatch(/Their idempotency keys: (stripe-sql-[\w-]+), \1-1\.$/);
  });
});
