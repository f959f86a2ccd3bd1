import { beforeAll, describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 330 });
let id = "";

beforeAll(async () => {
  id = (await running.stripe.customers.create({ name: "Ada", email: "ada@faults.example" })).id;
  running.sandbox.requests.clear();
});

/** The idempotency keys of the log's POST requests. */
const postKeys = () =>
  running.sandbox.requests.entries
    .filter(({ method }) => method === "POST")
    .map(({ idempotencyKey }) => idempotencyKey);

describe("a lost reply", () => {
  test("to UPDATE is asked for again under the same key, and the object is written once", async () => {
    running.sandbox.faults.add({ method: "POST", effect: { kind: "lose-reply" } });
    const { rows, outcomes } = await running.query("UPDATE Customer SET Phone = '1' WHERE Id = ? RETURNING Phone", [
      id,
    ]);
    expect({ rows, outcomes }).toEqual({ rows: [{ Phone: "1" }], outcomes: [{ state: "written", id }] });
    expect([postKeys().length, new Set(postKeys()).size]).toEqual([2, 1]);
  });

  test("to each of several INSERTs makes no object twice", async () => {
    running.sandbox.faults.add({ method: "POST", times: 2, effect: { kind: "lose-reply" } });
    await running.query("INSERT INTO Product (Name) VALUES ('Lost'), ('Lost'), ('Lost')");
    expect((await running.query("SELECT Id FROM Product WHERE Name = 'Lost'")).rows).toHaveLength(3);
  });

  test("that never comes leaves the write in doubt, and says so", async () => {
    running.sandbox.faults.add({ method: "POST", times: 9, effect: { kind: "lose-reply" } });
    expect(await running.failure("INSERT INTO Product (Name) VALUES ('Doubt')")).toMatchObject({
      message: "the connection to Stripe was lost",
      sqlState: "08006",
      detail: expect.stringContaining("It may have been carried out all the same: look before it is repeated."),
    });
  });

  test.each(["Id = ?", "Id = ? AND Name LIKE 'Gone%'"])(
    "to DELETE … WHERE %s counts the object that is gone",
    async (where) => {
      const { id: gone } = await running.stripe.customers.create({ name: "Gone" });
      running.sandbox.faults.add({ method: "DELETE", effect: { kind: "lose-reply" } });
      const { rowCount, rows, outcomes, notices } = await running.query(
        `DELETE FROM Customer WHERE ${where} RETURNING Id, Deleted`,
        [gone],
      );
      expect({ rowCount, rows, outcomes, notices }).toEqual({
        rowCount: 1,
        rows: [{ Id: gone, Deleted: true }],
        outcomes: [{ state: "written", id: gone }],
        notices: [`the reply to the deletion of ${gone} was lost; it is gone now`],
      });
      expect((await running.query("SELECT Id FROM Customer WHERE Id = ?", [gone])).rows).toEqual([]);
    },
  );
});

describe("an answer of 500", () => {
  const broken = { kind: "status", status: 500, body: { error: { type: "api_error", message: "Oops" } } } as const;

  test("to a page is asked for again", async () => {
    running.sandbox.faults.add({ path: "/v1/customers", after: 1, effect: broken });
    expect((await running.query("SELECT Id FROM Customer")).rows).toHaveLength(331);
  });

  test("to a write is asked for again under the same key", async () => {
    running.sandbox.faults.add({ method: "POST", effect: broken });
    await running.query("UPDATE Customer SET Phone = '2' WHERE Id = ?", [id]);
    expect([postKeys().length, new Set(postKeys()).size]).toEqual([2, 1]);
  });

  test("that stays is the statement's error, marked as worth another try", async () => {
    running.sandbox.faults.add({ times: 9, effect: broken });
    expect(await running.failure("SELECT Id FROM Customer")).toMatchObject({
      message: "Oops",
      sqlState: "58030",
      retryable: true,
      stripe: { type: "api_error", status: 500 },
    });
    expect(requestLines(running.sandbox)).toHaveLength(3);
  });
});

describe("an error on the second page", () => {
  const refused = {
    path: "/v1/customers",
    after: 1,
    effect: { kind: "status", status: 400, body: { error: { type: "invalid_request_error", message: "No more" } } },
  } as const;

  test("ends a query, which gives no rows", async () => {
    for (const sql of [
      "SELECT Id FROM Customer",
      "SELECT count(*) FROM Customer",
      "SELECT Id FROM Customer ORDER BY Name",
    ]) {
      running.sandbox.faults.clear();
      running.sandbox.faults.add(refused);
      expect(await running.failure(sql)).toMatchObject({ message: "No more", sqlState: "22023" });
    }
  });

  test("reaches the reader of a stream after the first page's rows, and no summary calls them complete", async () => {
    running.sandbox.faults.add(refused);
    const stream = running.connection.stream("SELECT Id FROM Customer");
    let rows = 0;
    const read = async () => {
      for await (const row of stream) rows += row["Id"] === undefined ? 0 : 1;
    };
    await expect(read()).rejects.toMatchObject({ message: "No more" });
    expect(rows).toBe(100);
    await expect(stream.summary()).rejects.toMatchObject({ message: "No more" });
  });

  test("ends a write that reads its objects first, before any is written", async () => {
    running.sandbox.faults.add(refused);
    expect(await running.failure("UPDATE Customer SET Phone = '3' WHERE Name LIKE '%'")).toMatchObject({
      message: "No more",
    });
    expect(postKeys()).toEqual([]);
  });
});

test("a cursor that comes twice is an error, not an endless scan", async () => {
  let first: unknown;
  running.sandbox.faults.add({
    path: "/v1/customers",
    times: 9,
    effect: {
      kind: "rewrite",
      rewrite: (answer) => {
        first ??= answer;
        return first;
      },
    },
  });
  expect(await running.failure("SELECT Id FROM Customer")).toMatchObject({
    message: "Stripe answered a malformed page",
    sqlState: "58030",
    detail: expect.stringContaining("The same cursor came twice."),
  });
  expect(requestLines(running.sandbox).length).toBeLessThanOrEqual(3);
});

describe("many statements at once on one connection", () => {
  test("give each its own answer, reads and writes alike", async () => {
    const reads = Array.from({ length: 10 }, (_, index) =>
      running.query("SELECT Id, Email FROM Customer WHERE Email = ?", [`customer${index + 1}@example.com`]),
    );
    const writes = Array.from({ length: 10 }, (_, index) =>
      running.query("INSERT INTO Product (Name) VALUES (?) RETURNING Name", [`At once ${index}`]),
    );
    for (const [index, { rows }] of (await Promise.all(reads)).entries())
      expect(rows).toMatchObject([{ Email: `customer${index + 1}@example.com` }]);
    for (const [index, { rows }] of (await Promise.all(writes)).entries())
      expect(rows).toEqual([{ Name: `At once ${index}` }]);
  });

  test("are canceled one by one", async () => {
    const canceling = new AbortController();
    const kept = running.query("SELECT Id FROM Customer ORDER BY Name");
    const dropped = running.query("SELECT Id FROM Customer ORDER BY Email", undefined, { signal: canceling.signal });
    const failed = expect(dropped).rejects.toMatchObject({ sqlState: "57014" });
    canceling.abort();
    await failed;
    expect((await kept).rows).toHaveLength(331);
  });
});
