import { expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });
const { query } = running;
const again = { idempotencyKey: "order-17" };

const sentKeys = (): readonly string[] =>
  running.sandbox.requests.entries.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);

test("an INSERT that is run again under its key creates one object", async () => {
  const sql = "INSERT INTO Customer (Email) VALUES ('once@example.com')";
  const first = await query(sql, undefined, again);
  const second = await query(sql, undefined, again);
  expect(second.outcomes).toEqual(first.outcomes);
  expect((await query("SELECT Id FROM Customer WHERE Email = 'once@example.com'")).rowCount).toBe(1);
});

test("each object of an INSERT has a key of its own", async () => {
  const sql = "INSERT INTO Customer (Email) VALUES ('a@example.com'), ('b@example.com')";
  const { outcomes } = await query(sql, undefined, { idempotencyKey: "order-18" });
  expect(new Set(outcomes.map((outcome) => (outcome.state === "written" ? outcome.id : ""))).size).toBe(2);
  expect((await query(sql, undefined, { idempotencyKey: "order-18" })).outcomes).toEqual(outcomes);
});

test("the first object of an INSERT has the bare key, the others their place behind it", async () => {
  await query("INSERT INTO Product (Name) VALUES ('1'), ('2'), ('3')", undefined, { idempotencyKey: "order-19" });
  expect(sentKeys()).toEqual(["order-19", "order-19-1", "order-19-2"]);
});

test("a procedure has the bare key", async () => {
  const { rows } = await query("INSERT INTO PaymentIntent (Amount, Currency) VALUES (1500, 'usd') RETURNING Id");
  running.sandbox.requests.clear();
  const intent = { intent: rows[0]?.["Id"] ?? null };
  await query("EXEC CancelPaymentIntent PaymentIntentId = @intent", intent, { idempotencyKey: "cancel-0" });
  expect(sentKeys()).toEqual(["cancel-0"]);
});

test("a write without the caller's key has a new one for the statement", async () => {
  const sql = "INSERT INTO Product (Name) VALUES ('1'), ('2')";
  await query(sql);
  await query(sql);
  const [first = "", second, third = "", fourth] = sentKeys();
  expect(first).toMatch(/^stripe-sql-[\w-]{36}$/);
  expect([second, fourth]).toEqual([`${first}-1`, `${third}-1`]);
  expect(third).not.toBe(first);
});

test("an UPDATE's objects have their ids behind the key", async () => {
  await query("UPDATE Customer SET Phone = '555' WHERE Email IN ('a@example.com', 'b@example.com')", undefined, again);
  const keys = sentKeys();
  expect(keys).toHaveLength(2);
  for (const key of keys) expect(key).toMatch(/^order-17-cus_\w+$/);
});

test("a procedure under a used key gives the first answer again", async () => {
  const sql = "EXEC CancelPaymentIntent PaymentIntentId = @intent";
  const { rows } = await query("INSERT INTO PaymentIntent (Amount, Currency) VALUES (1500, 'usd') RETURNING Id");
  const intent = { intent: rows[0]?.["Id"] ?? null };
  await query(sql, intent, { idempotencyKey: "cancel-1" });
  expect((await query(sql, intent, { idempotencyKey: "cancel-1" })).rows[0]).toMatchObject({ Status: "canceled" });
});

test("a key that no header can hold is refused before anything is sent", async () => {
  await expect(
    query("INSERT INTO Customer (Email) VALUES ('x@example.com')", undefined, { idempotencyKey: "a b" }),
  ).rejects.toMatchObject({ sqlState: "22023", message: "invalid idempotency key" });
  expect(running.sandbox.requests.entries).toEqual([]);
});
