import { describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";
import { unhandledRejectionsOf } from "../support/unhandled-rejections.js";

const running = connectSandbox({ customers: 330 });

const everyone = "SELECT Id FROM Customer";

describe("a scan", () => {
  test("that is cancelled asks for one more page at most, and says so", async () => {
    const controller = new AbortController();
    const stream = running.connection.stream(everyone, undefined, { signal: controller.signal });
    const read = (async () => {
      for await (const row of stream) if (row["Id"] !== undefined && !controller.signal.aborted) controller.abort();
    })();
    await expect(read).rejects.toMatchObject({ sqlState: "57014" });
    expect(requestLines(running.sandbox).length).toBeLessThanOrEqual(2);
  });

  test("that its reader leaves asks for no further page", async () => {
    for await (const row of running.connection.stream(everyone)) {
      expect(row["Id"]).toMatch(/^cus_/);
      break;
    }
    expect(requestLines(running.sandbox)).toHaveLength(1);
  });

  test("that meets a 429 midway loses nothing", async () => {
    running.sandbox.faults.add({
      path: "/v1/customers",
      after: 1,
      times: 2,
      effect: { kind: "status", status: 429, headers: { "Retry-After": "0" } },
    });
    const { rows } = await running.query(everyone);
    expect(new Set(rows.map(({ Id }) => Id)).size).toBe(330);
  });

  test("that meets a broken connection midway loses nothing", async () => {
    running.sandbox.faults.add({ path: "/v1/customers", after: 2, effect: { kind: "disconnect" } });
    expect((await running.query(everyone)).rows).toHaveLength(330);
  });

  test.each([
    ["an empty page that says there is more", (answer: object) => ({ ...answer, data: [], has_more: true })],
    ["a page without data", () => ({ object: "list", has_more: false })],
    ["rows that have no id to go on from", () => ({ object: "list", data: [{}], has_more: true })],
  ])("fails on %s, and gives no shorter result", async (_name, rewrite) => {
    running.sandbox.faults.add({
      path: "/v1/customers",
      after: 1,
      times: 9,
      effect: { kind: "rewrite", rewrite: (answer) => rewrite(answer as object) },
    });
    expect(await running.failure("SELECT Id, Name FROM Customer WHERE Name LIKE '%a%'")).toMatchObject({
      sqlState: "58030",
    });
  });

  // The failure ended the process, as nobody waited for it while keys were still to come.
  test("that fails while what leads to it is on its way ends the statement at once, and nothing else", async () => {
    await running.query("SELECT Id FROM Customer");
    await running.query("SELECT Id FROM PaymentIntent");
    const { faults } = running.sandbox;
    const rewriting = (rewrite: (page: { readonly data: readonly Record<string, unknown>[] }) => object) =>
      ({ kind: "rewrite", rewrite: (answer: unknown) => rewrite(answer as Parameters<typeof rewrite>[0]) }) as const;
    // Customers do not come along, so that their keys are more than the pages of all of them.
    const idOf = (customer: unknown) => (customer as { readonly id?: string } | null)?.id ?? null;
    const bare = rewriting(({ data, ...page }) => ({
      ...page,
      data: data.map((row) => ({ ...row, customer: idOf(row["customer"]) })),
    }));
    faults.add({ path: "/v1/payment_intents", effect: bare });
    faults.add({ path: "/v1/payment_intents", after: 1, times: 9, effect: { kind: "stall" } });
    faults.add({
      path: "/v1/customers",
      times: 9,
      effect: rewriting((page) => ({ ...page, data: [], has_more: true })),
    });
    running.sandbox.requests.clear();
    const rejections = await unhandledRejectionsOf(async () => {
      const joined = "SELECT p.Id, c.Name FROM PaymentIntent p JOIN Customer c ON c.Id = p.Customer";
      expect(await running.failure(joined)).toMatchObject({ sqlState: "58030" });
    });
    expect(rejections).toEqual([]);
    expect(running.sandbox.requests.entries.map(({ path }) => path).sort()).toEqual([
      "/v1/customers",
      "/v1/payment_intents",
      "/v1/payment_intents",
    ]);
  });

  test("stops before it sends more than MaxRequests", async () => {
    const narrow = await running.open({ maxRequests: 2 });
    // Of which nothing was seen that would have refused it beforehand.
    const unseen = "SELECT Id FROM Customer WHERE Created >= '2001-09-09'";
    await expect(narrow.query(unseen)).rejects.toMatchObject({ sqlState: "53400" });
    expect(requestLines(running.sandbox).length).toBeLessThanOrEqual(2);
  });

  test("with a wrong key is refused with 28000, and with a key that may not with 42501", async () => {
    const stranger = await running.open({ apiKey: "sk_test_wrong" });
    await expect(stranger.query(everyone)).rejects.toMatchObject({ sqlState: "28000" });
    running.sandbox.faults.add({
      effect: {
        kind: "status",
        status: 403,
        body: {
          error: {
            type: "invalid_request_error",
            message: "The provided key does not have the required permissions for this endpoint.",
          },
        },
      },
    });
    expect(await running.failure(everyone)).toMatchObject({ sqlState: "42501" });
  });
});

test("statements that run at once do not see each other's rows", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      running.query(`SELECT count(*) AS n FROM Customer WHERE Email LIKE '%${index}@example.com'`),
    ),
  );
  const alone = await running.query("SELECT count(*) AS n FROM Customer WHERE Email LIKE '%11@example.com'");
  expect(answers[11]?.rows).toEqual(alone.rows);
});

test("a connection closed under a statement ends it", async () => {
  const other = await running.open();
  running.sandbox.faults.add({ effect: { kind: "delay", milliseconds: 5_000 } });
  const statement = other.query(everyone);
  const failed = expect(statement).rejects.toMatchObject({ sqlState: "57014" });
  await other.close();
  await failed;
  await expect(other.query(everyone)).rejects.toMatchObject({ sqlState: "08006" });
});

describe("a lost reply is asked for again under the same key", () => {
  const postKeys = () =>
    running.sandbox.requests.entries
      .filter(({ method }) => method === "POST")
      .map(({ idempotencyKey }) => idempotencyKey);

  test("to INSERT, which makes one object", async () => {
    running.sandbox.faults.add({ method: "POST", effect: { kind: "lose-reply" } });
    await running.query("INSERT INTO Product (Name) VALUES ('Once')");
    expect((await running.query("SELECT Id FROM Product WHERE Name = 'Once'")).rows).toHaveLength(1);
    expect([postKeys().length, new Set(postKeys()).size]).toEqual([2, 1]);
  });

  test("to EXEC, which acts once", async () => {
    const { rows } = await running.query(
      "INSERT INTO PaymentIntent (Amount, Currency) VALUES (1500, 'usd') RETURNING Id",
    );
    running.sandbox.requests.clear();
    running.sandbox.faults.add({ method: "POST", effect: { kind: "lose-reply" } });
    const canceled = await running.query("EXEC CancelPaymentIntent PaymentIntentId = ?", [String(rows[0]?.["Id"])]);
    expect(canceled.rows[0]?.["Status"]).toBe("canceled");
    expect([postKeys().length, new Set(postKeys()).size]).toEqual([2, 1]);
  });
});
